import type { Stretch } from './shared-stretches.js';

// Stretches put together in order: what of the one way comes in the same order on the other. A chain is the heaviest sequence in which
// both positions only advance (or the other's only falls, where it is run backwards); ends may overlap a little, since stretches begin
// and end within the reach of a receiver.

export interface Chain {
  readonly stretches: readonly Stretch[];
  /** Metres of the walked way in it, and of the other one. */
  readonly lengthM: number;
  readonly otherLengthM: number;
}

const NONE: Chain = { stretches: [], lengthM: 0, otherLengthM: 0 };
/** Ends of neighbouring stretches may overlap by this. */
const OVERLAP_M = 100;
/** What may be missing between two stretches of a chain that is to be run in one go, beyond what is missing on the walked way. */
const MOST_DETOUR_M = 150;

export interface ChainRules {
  readonly sign: 1 | -1;
  /** Nothing is run in between that the walked way does not have: one passage, not a collection. */
  readonly isUnbroken?: boolean;
  /** One turn of the closed other way: what is run beyond it is cut off. */
  readonly turnM?: number;
}

/** The longest chain by metres of the walked way. */
export function longestChain(stretches: readonly Stretch[], rules: ChainRules): Chain {
  const usable = stretches.filter(({ sign }) => sign === rules.sign);
  const { turnM } = rules;
  if (turnM === undefined) return longestOf(usable, rules);
  // Where a turn ends hangs on where it begins, so each beginning is tried; stretches are few.
  let best = NONE;
  usable.forEach((first, at) => {
    const turn = usable.slice(at).flatMap((stretch) => withinTurn(stretch, first, turnM));
    const chain = longestOf(turn, rules);
    if (chain.lengthM > best.lengthM) best = chain;
  });
  return best;
}

/** The part of a stretch that lies on the other way within a turn from where the first one begins. */
function withinTurn(stretch: Stretch, first: Stretch, turnM: number): Stretch[] {
  const { sign, fromM, toM, otherFromM, otherToM } = stretch;
  const endM = first.otherFromM + sign * turnM;
  if (sign * (otherFromM - first.otherFromM) < 0 || sign * (otherFromM - endM) >= 0) return [];
  if (sign * (otherToM - endM) <= 0) return [stretch];
  const ratio = (endM - otherFromM) / (otherToM - otherFromM);
  return [{ ...stretch, toM: fromM + ratio * (toM - fromM), otherToM: endM }];
}

interface Link {
  readonly stretch: Stretch;
  lengthM: number;
  previous: Link | null;
}

function longestOf(stretches: readonly Stretch[], rules: ChainRules): Chain {
  const links: Link[] = [];
  let last: Link | null = null;
  for (const stretch of stretches) {
    const ownM = stretch.toM - stretch.fromM;
    const link: Link = { stretch, lengthM: ownM, previous: null };
    for (const before of links) {
      if (!follows(before.stretch, stretch, rules)) continue;
      const lengthM = before.lengthM + ownM - Math.max(0, before.stretch.toM - stretch.fromM);
      if (lengthM > link.lengthM) Object.assign(link, { lengthM, previous: before });
    }
    links.push(link);
    if (last === null || link.lengthM > last.lengthM) last = link;
  }
  return last === null || last.lengthM <= 0 ? NONE : chainTo(last);
}

function follows(before: Stretch, after: Stretch, { sign, isUnbroken }: ChainRules): boolean {
  if (after.toM <= before.toM) return false;
  const missingM = after.fromM - before.toM;
  const otherMissingM = sign * (after.otherFromM - before.otherToM);
  if (missingM < -OVERLAP_M || otherMissingM < -OVERLAP_M) return false;
  return isUnbroken !== true || otherMissingM <= Math.max(0, missingM) * 1.5 + MOST_DETOUR_M;
}

function chainTo(last: Link): Chain {
  const stretches: Stretch[] = [];
  for (let link: Link | null = last; link !== null; link = link.previous) stretches.unshift(link.stretch);
  let otherLengthM = 0;
  stretches.forEach(({ otherFromM, otherToM }, at) => {
    const before = stretches[at - 1];
    const sign = Math.sign(otherToM - otherFromM) || 1;
    const overlapM = before === undefined ? 0 : Math.max(0, sign * (before.otherToM - otherFromM));
    otherLengthM += Math.max(0, Math.abs(otherToM - otherFromM) - overlapM);
  });
  return { stretches, lengthM: last.lengthM, otherLengthM };
}

/** The same stretches once more a turn of the closed other way on, so that a chain may run over its start. */
export function overTheStart(stretches: readonly Stretch[], otherDistanceM: number): Stretch[] {
  const again = stretches.map((stretch) => ({
    ...stretch,
    otherFromM: stretch.otherFromM + stretch.sign * otherDistanceM,
    otherToM: stretch.otherToM + stretch.sign * otherDistanceM,
  }));
  return [...stretches, ...again].sort((a, b) => a.fromM - b.fromM || a.otherFromM - b.otherFromM);
}
