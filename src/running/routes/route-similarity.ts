import { isClosed, type WayShape } from './route-shape.js';

import { sharedWay, type SharedWay, type Stretch } from './shared-stretches.js';
import { type Chain, longestChain, overTheStart } from './stretch-chains.js';

// How two routes stand to each other. Coverage says how much of each lies within 25 m of the other, order how much of that comes in the same
// order; together they tell one route from another that only begins and ends at the same door, and a run from its reverse, where ends and
// distances are the same (specs/running.md 4.4). Fréchet distance would let one lost fix decide, Hausdorff knows no direction.

export const RELATIONS = ['same', 'reversed', 'contained', 'contains', 'overlapping', 'different'] as const;
/**
 * What the first route is to the second: `contained` = it lies whole inside the second, `contains` = the second lies whole inside it;
 * for both {@link Similarity.direction} says whether forwards or backwards.
 */
export type Relation = (typeof RELATIONS)[number];

export interface SharedRange {
  /** Metres of the first route's way; `toM` is below `fromM` where a closed one is run over its start. */
  readonly fromM: number;
  readonly toM: number;
  /** Metres of the second route's way, run backwards from `otherFromM` to `otherToM` where the direction is `backward`. */
  readonly otherFromM: number;
  readonly otherToM: number;
}

export interface Similarity {
  readonly relation: Relation;
  /** Which way the second route runs where both are together; null where they are not. */
  readonly direction: 'forward' | 'backward' | null;
  /** Share of the first route within 25 m of the second, whichever way that runs there, and of the second within 25 m of the first: 0..1. */
  readonly coverage: number;
  readonly otherCoverage: number;
  /** Share of each that comes in the same order on the other: 0..1. */
  readonly ordered: number;
  readonly otherOrdered: number;
  /** -1..1: 1 = what both share comes in the same order, -1 = in opposite order, 0 = half of it does. */
  readonly order: number;
  /** Metres of the second route's way at which the first one starts, where both are one loop with different starts; else 0. */
  readonly rotationM: number;
  /** From where to where both are together; null where they are not. */
  readonly shared: SharedRange | null;
  /** Mean metres between both where they are together. */
  readonly meanOffM: number | null;
}

/** What may be missing at the ends and in between: a start at the other corner, a receiver that had to find itself. */
const LEAST_MISSING_M = 80;
const MISSING_RATIO = 0.08;
const MOST_MISSING_M = 800;
/** Less way together than this, in metres and as a share of the shorter route, is the neighbourhood of one door. */
const OVERLAP_M = 300;
const OVERLAP_RATIO = 0.25;
/** Another start of a loop has to explain so much more of it than the same start. */
const ROTATION_GAIN = 0.05;

/** @returns the mirror of what it says for (other, shape) */
export function compareShapes(shape: WayShape, other: WayShape): Similarity {
  // Walked is always the same one of the two, so that the answer cannot hang on who asks.
  return isWalked(shape, other) ? compare(shape, other) : exchanged(compare(other, shape), other, shape);
}

/** A closed way can be run over its start only if the other one is walked; else the shorter one is. */
function isWalked(shape: WayShape, other: WayShape): boolean {
  const [isShapeClosed, isOtherClosed] = [isClosed(shape), isClosed(other)];
  if (isShapeClosed !== isOtherClosed) return isOtherClosed;
  if (shape.distanceM !== other.distanceM) return shape.distanceM < other.distanceM;
  const at = shape.latDeg.findIndex(
    (lat, index) => lat !== other.latDeg[index] || shape.lonDeg[index] !== other.lonDeg[index],
  );
  if (at < 0) return true;
  return shape.latDeg[at] === other.latDeg[at]
    ? shape.lonDeg[at]! < other.lonDeg[at]!
    : shape.latDeg[at]! < other.latDeg[at]!;
}

function compare(shape: WayShape, other: WayShape): Similarity {
  const way = sharedWay(shape, other);
  const forward = judge(way, 1, shape, other);
  const backward = judge(way, -1, shape, other);
  const won = isBetter(backward, forward) ? backward : forward;
  const figures = {
    coverage: shareOf(way.nearM, shape),
    otherCoverage: shareOf(way.otherNearM, other),
    meanOffM: way.meanOffM,
  };
  const togetherM = Math.min(way.nearM, way.otherNearM);
  const relation = won.relation ?? (isOverlap(togetherM, shape, other) ? 'overlapping' : 'different');
  if (won.chain.stretches.length === 0) return { ...UNRELATED, ...figures, relation };
  const [ordered, otherOrdered] = [shareOf(won.chain.lengthM, shape), shareOf(won.chain.otherLengthM, other)];
  return {
    ...figures,
    relation,
    direction: won.sign === 1 ? 'forward' : 'backward',
    ordered,
    otherOrdered,
    order: won.sign * orderOf(ordered, figures.coverage),
    rotationM: won.rotationM,
    shared: rangeOf(won.chain.stretches, other),
  };
}

/** To the millionth, below which sums of pieces err. */
function shareOf(partM: number, { distanceM }: WayShape): number {
  return Math.min(1, Math.round((partM / distanceM) * 1e6) / 1e6);
}

const UNRELATED = {
  direction: null,
  ordered: 0,
  otherOrdered: 0,
  order: 0,
  rotationM: 0,
  shared: null,
} as const;

interface Judgement {
  readonly sign: 1 | -1;
  readonly chain: Chain;
  readonly rotationM: number;
  /** Null where neither covers the other in this direction. */
  readonly relation: 'same' | 'reversed' | 'contained' | 'contains' | null;
}

function judge({ stretches }: SharedWay, sign: 1 | -1, shape: WayShape, other: WayShape): Judgement {
  const straight = longestChain(stretches, { sign });
  if (isWhole(straight.lengthM, shape) && isWhole(straight.otherLengthM, other))
    return { sign, chain: straight, rotationM: 0, relation: sign === 1 ? 'same' : 'reversed' };
  if (isClosed(other)) {
    const turned = longestChain(overTheStart(stretches, other.distanceM), {
      sign,
      turnM: other.distanceM,
    });
    const gain = (turned.lengthM - straight.lengthM) / shape.distanceM;
    if (gain > ROTATION_GAIN && isWhole(turned.lengthM, shape) && isWhole(turned.otherLengthM, other))
      return {
        sign,
        chain: turned,
        rotationM: rotationOf(turned, other),
        relation: sign === 1 ? 'same' : 'reversed',
      };
  }
  // A passage of a closed route may run over its start.
  const offered = isClosed(other) ? overTheStart(stretches, other.distanceM) : stretches;
  const passage = longestChain(offered, { sign, isUnbroken: true, turnM: other.distanceM });
  if (isWhole(passage.lengthM, shape)) return { sign, chain: passage, rotationM: 0, relation: 'contained' };
  if (isWhole(passage.otherLengthM, other))
    return { sign, chain: passage, rotationM: 0, relation: 'contains' };
  return { sign, chain: straight, rotationM: 0, relation: null };
}

/** Whether what is missing of it is no more than a receiver leaves out. */
function isWhole(coveredM: number, { distanceM }: WayShape): boolean {
  const allowedM = Math.min(MOST_MISSING_M, Math.max(LEAST_MISSING_M, MISSING_RATIO * distanceM));
  return coveredM >= distanceM - Math.min(allowedM, distanceM / 4);
}

/** Where on the other, closed way the walked one starts. */
function rotationOf({ stretches }: Chain, { distanceM }: WayShape): number {
  const { sign, fromM, otherFromM } = stretches[0]!;
  const startM = otherFromM - sign * fromM;
  return ((startM % distanceM) + distanceM) % distanceM;
}

const RANK = { same: 3, reversed: 3, contained: 2, contains: 2 } as const;

/** A way there and back is the reverse of itself; then it is the same. */
function isBetter(backward: Judgement, forward: Judgement): boolean {
  const [b, f] = [backward, forward].map(({ relation }) => (relation === null ? 0 : RANK[relation]));
  if (b !== f) return b! > f!;
  return backward.chain.lengthM > forward.chain.lengthM * 1.02;
}

function isOverlap(togetherM: number, shape: WayShape, other: WayShape): boolean {
  const shorterM = Math.min(shape.distanceM, other.distanceM);
  return togetherM >= Math.min(OVERLAP_M, shorterM) && togetherM >= OVERLAP_RATIO * shorterM;
}

function orderOf(ordered: number, covered: number): number {
  return covered === 0 ? 0 : Math.max(-1, Math.min(1, (2 * ordered) / covered - 1));
}

function rangeOf(stretches: readonly Stretch[], { distanceM }: WayShape): SharedRange {
  const [first, last] = [stretches[0]!, stretches.at(-1)!];
  const turn = (atM: number): number => (atM > distanceM ? atM - distanceM : atM < 0 ? atM + distanceM : atM);
  return {
    fromM: first.fromM,
    toM: last.toM,
    otherFromM: turn(first.otherFromM),
    otherToM: turn(last.otherToM),
  };
}

const EXCHANGED = { contained: 'contains', contains: 'contained' } as const;

/** What `found`, said of (walked, other), says of (other, walked). */
function exchanged(found: Similarity, walked: WayShape, other: WayShape): Similarity {
  const { relation, shared, direction } = found;
  return {
    ...found,
    relation: relation === 'contained' || relation === 'contains' ? EXCHANGED[relation] : relation,
    coverage: found.otherCoverage,
    otherCoverage: found.coverage,
    ordered: found.otherOrdered,
    otherOrdered: found.ordered,
    rotationM: found.rotationM === 0 ? 0 : counterpart(found.rotationM, direction, walked, other),
    shared: shared === null ? null : exchangeRange(shared, direction === 'backward'),
  };
}

/** Run forwards, the other one starts where the walked one has its start behind it; run backwards, equally far from it. */
function counterpart(
  rotationM: number,
  direction: Similarity['direction'],
  walked: WayShape,
  other: WayShape,
): number {
  const share = rotationM / other.distanceM;
  return (direction === 'backward' ? share : 1 - share) * walked.distanceM;
}

function exchangeRange({ fromM, toM, otherFromM, otherToM }: SharedRange, isBackward: boolean): SharedRange {
  return isBackward
    ? { fromM: otherToM, toM: otherFromM, otherFromM: toM, otherToM: fromM }
    : { fromM: otherFromM, toM: otherToM, otherFromM: fromM, otherToM: toM };
}
