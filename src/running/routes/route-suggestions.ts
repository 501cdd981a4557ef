import { distanceM as metresBetween } from '../geo/geodesy.js';
import { isClosed, type WayShape } from './route-shape.js';
import { earlyClimbShare, type LegWay, legsFrom, type LibraryRoute } from './suggestion-legs.js';
import type { PredictedTime, TimeModel } from './time-model.js';

// Which of somebody's ways fit a wish for a distance, a climb or a time. A suggestion is one way or a chain of loops that share a place:
// every loop that passes the start can be begun there, run either way round and more than once, in any order. The search takes the few
// starts that are used most, builds the chains whose distance fits, and works direction and order out for the best of them only: neither
// changes the distance. Small enough to be complete within its bounds (the fuzz test compares it with trying everything).

/** At least one of the three. */
export interface Wish {
  readonly distanceM?: number | undefined;
  readonly climbM?: number | undefined;
  readonly timeS?: number | undefined;
  /** Where to start; else at the starts that are used most. */
  readonly near?: { readonly latDeg: number; readonly lonDeg: number } | undefined;
}

export interface Leg {
  readonly routeId: string;
  /** Whole route, or the loop of this number of it. */
  readonly loopIndex: number | null;
  readonly isBackward: boolean;
  readonly distanceM: number;
  /** As it is run: from the start, in its direction. */
  readonly shape: WayShape;
}

export interface Suggestion {
  readonly start: { readonly latDeg: number; readonly lonDeg: number };
  /** In the order in which they are run. */
  readonly legs: readonly Leg[];
  readonly distanceM: number;
  readonly climbM: number | null;
  /** Share of the climb before half of the way: 0..1. */
  readonly earlyClimb: number;
  readonly time: PredictedTime;
  /** Times that the whole was run by whoever asks. */
  readonly runCount: number;
  /** Mean departure from what was wished, 0 = exactly. */
  readonly miss: number;
}

/** Starts nearer to each other are one. */
const ONE_START_M = 60;
/** From the wished start to one that is suggested. */
export const NEAR_START_M = 1_500;
const MOST_STARTS = 8;
const MOST_LEGS = 4;
/** Legs of a start that the search chains, the most used first. */
const MOST_CHAINED = 10;
/** What departs further from a wish is none of its answers. */
const MOST_MISS = 0.35;
/** Chains whose directions and orders are worked out. */
const MOST_REFINED = 24;
/** Among equals the simpler and the known one comes first. */
const PER_LEG = 0.015;
const PER_REPETITION = 0.02;
const PER_RUN = 0.004;
const MOST_RUNS_COUNTED = 10;

/** Best first. */
export function suggestRoutes(
  library: readonly LibraryRoute[],
  wish: Wish,
  predict: TimeModel,
  limit: number,
): Suggestion[] {
  const chains = startsOf(library, wish).flatMap((start) => {
    const legs = legsFrom(library, start);
    return chainsOf(legs, wish, predict).map((chain) => ({ start, chain }));
  });
  const rough = chains
    .map(({ start, chain }) => ({ start, chain, miss: missOf(totalsOf(chain, predict), wish) }))
    .filter(({ miss }) => miss <= MOST_MISS)
    .sort((a, b) => a.miss + burden(a.chain) - b.miss - burden(b.chain));
  const refined = withoutTwins(rough)
    .slice(0, Math.max(MOST_REFINED, limit))
    .map(({ start, chain }) => refine(start, chain, wish, predict));
  return refined
    .sort((a, b) => a.miss + a.burden - b.miss - b.burden)
    .slice(0, limit)
    .map(({ burden: _, ...suggestion }) => suggestion);
}

interface Start {
  readonly latDeg: number;
  readonly lonDeg: number;
}

/** The wished start where there is one near it, else those of most runs. */
function startsOf(library: readonly LibraryRoute[], { near }: Wish): Start[] {
  const starts: { latDeg: number; lonDeg: number; weight: number }[] = [];
  const add = (latDeg: number, lonDeg: number, weight: number): void => {
    const known = starts.find(
      (start) => metresBetween(start.latDeg, start.lonDeg, latDeg, lonDeg) <= ONE_START_M,
    );
    if (known === undefined) starts.push({ latDeg, lonDeg, weight });
    else known.weight += weight;
  };
  for (const { shape, ownTimesS } of library) {
    const weight = 1 + ownTimesS.length;
    add(shape.latDeg[0]!, shape.lonDeg[0]!, weight);
    if (!isClosed(shape)) add(shape.latDeg.at(-1)!, shape.lonDeg.at(-1)!, weight / 2);
  }
  const wanted =
    near === undefined
      ? starts
      : starts
          .map((start) => ({
            ...start,
            weight: -metresBetween(start.latDeg, start.lonDeg, near.latDeg, near.lonDeg),
          }))
          .filter(({ weight }) => weight >= -NEAR_START_M);
  return wanted.sort((a, b) => b.weight - a.weight).slice(0, MOST_STARTS);
}

interface Totals {
  readonly distanceM: number;
  readonly climbM: number | null;
  readonly timeS: number;
}

/** Every leg alone, and every collection of closed ones whose distance does not pass the wish by far. */
function chainsOf(legs: readonly LegWay[], wish: Wish, predict: TimeModel): LegWay[][] {
  const alone = legs.map((leg) => [leg]);
  const closed = legs.filter(({ isChainable }) => isChainable).slice(0, MOST_CHAINED);
  const found: LegWay[][] = [];
  const grow = (chain: LegWay[], from: number): void => {
    for (let at = from; at < closed.length; at += 1) {
      const longer = [...chain, closed[at]!];
      if (isTooMuch(totalsOf(longer, predict), wish)) continue;
      if (longer.length > 1) found.push(longer);
      if (longer.length < MOST_LEGS) grow(longer, at);
    }
  };
  grow([], 0);
  return [...alone, ...found];
}

function totalsOf(chain: readonly LegWay[], predict: TimeModel): Totals {
  const climbs = chain.map(({ figures }) => figures.climbM);
  return {
    distanceM: sum(chain.map(({ figures }) => figures.distanceM)),
    climbM: climbs.includes(null) ? null : sum(climbs.map((climb) => climb ?? 0)),
    timeS: timeOf(chain, predict).timeS,
  };
}

function timeOf(chain: readonly LegWay[], predict: TimeModel): PredictedTime {
  return predict(sum(chain.map((leg) => leg.levelM)), chain.length === 1 ? chain[0]!.ownTimesS : []);
}

/** Legs only add: what passes a wish by more than may be is not carried on. */
function isTooMuch({ distanceM, climbM, timeS }: Totals, wish: Wish): boolean {
  const over = (value: number | null, wanted: number | undefined): boolean =>
    wanted !== undefined && value !== null && value > wanted * (1 + MOST_MISS);
  return over(distanceM, wish.distanceM) || over(climbM, wish.climbM) || over(timeS, wish.timeS);
}

/** Mean of how far each figure is from what was wished, as a ratio; infinite where a figure is not known. */
function missOf({ distanceM, climbM, timeS }: Totals, wish: Wish): number {
  const misses = [
    [distanceM, wish.distanceM],
    [climbM, wish.climbM],
    [timeS, wish.timeS],
  ].flatMap(([value, wanted]) =>
    wanted === undefined || wanted === null
      ? []
      : [value == null ? Infinity : Math.abs(value - wanted) / wanted],
  );
  return sum(misses) / misses.length;
}

function burden(chain: readonly LegWay[]): number {
  const repetitions = chain.length - new Set(chain.map(({ key }) => key)).size;
  const runs = chain.length === 1 ? Math.min(MOST_RUNS_COUNTED, chain[0]!.ownTimesS.length) : 0;
  return PER_LEG * (chain.length - 1) + PER_REPETITION * repetitions - PER_RUN * runs;
}

/** The same loops from another start are no other suggestion. */
function withoutTwins<T extends { readonly chain: readonly LegWay[] }>(chains: readonly T[]): T[] {
  const seen = new Set<string>();
  return chains.filter(({ chain }) => {
    const key = chain
      .map((leg) => leg.key)
      .sort()
      .join('+');
    return !seen.has(key) && seen.add(key);
  });
}

/** The direction of each leg and their order that fit best; among equals what climbs early, so that the way home is the easy part. */
function refine(
  start: Start,
  chain: readonly LegWay[],
  wish: Wish,
  predict: TimeModel,
): Suggestion & { burden: number } {
  let best: { miss: number; early: number; legs: readonly LegWay[] } | null = null;
  for (const order of ordersOf(chain))
    for (const legs of directionsOf(order)) {
      const miss = missOf(totalsOf(legs, predict), wish);
      const early = earlyClimbShare(legs);
      if (best === null || miss - best.miss < -0.005 || (miss - best.miss < 0.005 && early > best.early))
        best = { miss, early, legs };
    }
  const { miss, early, legs } = best!;
  const { distanceM, climbM } = totalsOf(legs, predict);
  return {
    start,
    legs: legs.map(({ routeId, loopIndex, isBackward, figures, shape }) => ({
      routeId,
      loopIndex,
      isBackward,
      distanceM: figures.distanceM,
      shape: shape(),
    })),
    distanceM,
    climbM,
    earlyClimb: early,
    time: timeOf(legs, predict),
    runCount: legs.length === 1 ? legs[0]!.ownTimesS.length : 0,
    miss,
    burden: burden(legs),
  };
}

function ordersOf(chain: readonly LegWay[]): LegWay[][] {
  if (chain.length === 1) return [[...chain]];
  const seen = new Set<string>();
  return chain.flatMap((first, at) => {
    if (seen.has(first.key)) return [];
    seen.add(first.key);
    return ordersOf(chain.filter((_, index) => index !== at)).map((rest) => [first, ...rest]);
  });
}

function directionsOf(legs: readonly LegWay[]): LegWay[][] {
  return legs.reduce<LegWay[][]>(
    (ways, leg) => ways.flatMap((way) => [leg, ...leg.turnedRound].map((one) => [...way, one])),
    [[]],
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
