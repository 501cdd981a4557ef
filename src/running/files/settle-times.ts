import type { Correction, CorrectionKind } from './parsed-activity.js';
import type { PointColumns } from './point-columns.js';
import { stretchFigures } from './stretch-figures.js';

// Files hold points twice, late, without a time, and with the time of a clock that was not set yet. A track has one point per moment, in
// order. Which points stay:
//
// - Within a block (no step in time of more than two minutes either way) a point stays when it is newer than all before it. What comes late
//   was written late, with the place of that later moment: Sports Tracker does so with its heart rates, up to minutes late, and sorting by
//   time would put the runner seconds ahead of the way.
// - Blocks are trusted as a whole: of those that contradict each other, the chain with the most points stays. So one point of tomorrow
//   costs one point, not the rest of the run.
// - A few points at either end that lie a day and more off are those of an unset clock.

const BLOCK_GAP_MS = 120_000;
const DAY_MS = 86_400_000;
/** A side with more of all points is a part of the run; of short ones a tenth, at most so many. */
const STRAY_SHARE = 0.01;
const STRAY_COUNT = 3;
/** Corrections this near are one. */
const JOINED_MS = 60_000;
const JOINED_POINTS = 60;

const STAYS = 0;
const DUPLICATE = 1;
const LATE = 2;
const NO_TIME = 3;
const CLOCK = 4;
const REPEATED = 5;

const REASONS: readonly { kind: CorrectionKind; reason: string }[] = [
  { kind: 'duplicate', reason: '' },
  { kind: 'duplicate', reason: 'Points of a moment that had a point already: the first one stays.' },
  {
    kind: 'time-backwards',
    reason: 'Points that were written after newer ones: their places are not of their times.',
  },
  { kind: 'no-time', reason: 'Points without a time: nobody knows when the runner was there.' },
  { kind: 'clock', reason: 'Points far before or after all others: the clock was not set.' },
  { kind: 'duplicate', reason: 'Points that the file has twice, as devices write them where a lap ends.' },
];

/** Blocks of points whose times follow each other, as columns. What lies before a block's first moment came late in it. */
interface Blocks {
  readonly first: number[];
  readonly startMs: number[];
  readonly endMs: number[];
  /** Points that are newer than all before them in the block. */
  readonly kept: number[];
}

/**
 * Brings the points into order, in place, and says what was left out. Afterwards times ascend and no two are equal.
 * @param segmentStarts indices of the points with which a segment of the file begins; changed to those of the points that stay
 */
export function settleTimes(points: PointColumns, segmentStarts: number[]): Correction[] {
  if (isInOrder(points)) return [];
  const verdicts = judge(points);
  const corrections = corrected(points, verdicts);
  let newest = -1;
  for (let at = 0; at < points.length; at += 1) {
    if (verdicts[at] === STAYS) newest = at;
    else if (newest >= 0 && points.atMs[at] === points.atMs[newest]) points.fill(newest, at);
  }
  moveSegments(segmentStarts, verdicts, points.length);
  points.compact(verdicts);
  return corrections;
}

function isInOrder({ atMs, length }: PointColumns): boolean {
  if (length === 0) return true;
  if (Number.isNaN(atMs[0]!)) return false;
  for (let at = 1; at < length; at += 1) {
    const step = atMs[at]! - atMs[at - 1]!;
    if (!(step > 0 && step < DAY_MS)) return false;
  }
  return true;
}

function judge(points: PointColumns): Uint8Array {
  const { atMs, length } = points;
  const blocks = blocksOf(points);
  const isKept = withoutStrays(blocks, bestChain(blocks));
  const verdicts = new Uint8Array(length);
  let [block, newest, newestMs] = [-1, -1, -Infinity];
  for (let at = 0; at < length; at += 1) {
    const ms = atMs[at]!;
    if (Number.isNaN(ms)) {
      verdicts[at] = NO_TIME;
      continue;
    }
    if (blocks.first[block + 1] === at) block += 1;
    if (ms < newestMs) verdicts[at] = LATE;
    else if (ms === newestMs) verdicts[at] = isSamePlace(points, newest, at) ? REPEATED : DUPLICATE;
    else if (isKept[block]) [newest, newestMs] = [at, ms];
    else verdicts[at] = CLOCK;
  }
  return verdicts;
}

function isSamePlace({ latDeg, lonDeg }: PointColumns, a: number, b: number): boolean {
  return Object.is(latDeg[a], latDeg[b]) && Object.is(lonDeg[a], lonDeg[b]);
}

function blocksOf(points: PointColumns): Blocks {
  const { atMs, length } = points;
  const blocks: Blocks = { first: [], startMs: [], endMs: [], kept: [] };
  let [last, newest] = [-1, -1];
  for (let at = 0; at < length; at += 1) {
    const ms = atMs[at]!;
    if (Number.isNaN(ms)) continue;
    const stepMs = last < 0 ? Infinity : ms - blocks.endMs[last]!;
    // Older and at the place of the newest point: written late, however old.
    if (stepMs <= 0 && isSamePlace(points, newest, at)) continue;
    if (Math.abs(stepMs) > BLOCK_GAP_MS) {
      last = blocks.first.push(at) - 1;
      blocks.startMs.push(ms);
      blocks.endMs.push(ms);
      blocks.kept.push(1);
      newest = at;
    } else if (stepMs > 0) {
      blocks.endMs[last] = ms;
      blocks.kept[last]! += 1;
      newest = at;
    }
  }
  return blocks;
}

/**
 * The heaviest chain of blocks, in the file's order, in which each ends before the next begins. O(blocks * log blocks), by a tree of prefix
 * maxima over the blocks' ends.
 */
function bestChain({ first, startMs, endMs, kept }: Blocks): Uint8Array {
  const count = first.length;
  const isKept = new Uint8Array(count);
  const ends = [...new Set(endMs)].sort((a, b) => a - b);
  const tree = new Int32Array(ends.length + 1).fill(-1);
  const weight = new Float64Array(count);
  const before = new Int32Array(count).fill(-1);
  let best = -1;
  for (let block = 0; block < count; block += 1) {
    for (let at = lowerBound(ends, startMs[block]!); at > 0; at -= at & -at) {
      const other = tree[at]!;
      if (other >= 0 && (before[block]! < 0 || weight[other]! > weight[before[block]!]!))
        before[block] = other;
    }
    weight[block] = kept[block]! + (before[block]! < 0 ? 0 : weight[before[block]!]!);
    if (best < 0 || weight[block]! > weight[best]!) best = block;
    for (let at = lowerBound(ends, endMs[block]!) + 1; at < tree.length; at += at & -at) {
      if (tree[at]! < 0 || weight[block]! > weight[tree[at]!]!) tree[at] = block;
    }
  }
  for (let block = best; block >= 0; block = before[block]!) isKept[block] = 1;
  return isKept;
}

/** How many values are smaller. */
function lowerBound(ascending: readonly number[], value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function withoutStrays({ startMs, endMs, kept }: Blocks, isKept: Uint8Array): Uint8Array {
  const chain = [...isKept.keys()].filter((block) => isKept[block]);
  const total = chain.reduce((sum, block) => sum + kept[block]!, 0);
  const most = Math.max(Math.min(STRAY_COUNT, Math.floor(total / 10)), Math.floor(total * STRAY_SHARE));
  const drop = (order: readonly number[], gapAfter: (at: number) => number): void => {
    let seen = 0;
    for (let at = 0; at + 1 < order.length; at += 1) {
      seen += kept[order[at]!]!;
      if (seen > most) return;
      if (gapAfter(at) < DAY_MS) continue;
      for (let stray = 0; stray <= at; stray += 1) isKept[order[stray]!] = 0;
    }
  };
  drop(chain, (at) => startMs[chain[at + 1]!]! - endMs[chain[at]!]!);
  const left = chain.filter((block) => isKept[block]).reverse();
  drop(left, (at) => startMs[left[at]!]! - endMs[left[at + 1]!]!);
  return isKept;
}

/** What was left out, in stretches: what lies near each other and has the same reason is one. */
function corrected(points: PointColumns, verdicts: Uint8Array): Correction[] {
  const startMs = points.atMs[verdicts.indexOf(STAYS)] ?? 0;
  const places = { tMs: points.atMs, latDeg: points.latDeg, lonDeg: points.lonDeg };
  const open: (Stretch | undefined)[] = [];
  const stretches: Stretch[] = [];
  let newestMs = startMs;
  for (let at = 0; at < points.length; at += 1) {
    const verdict = verdicts[at]!;
    if (verdict === STAYS) {
      newestMs = points.atMs[at]!;
      continue;
    }
    const ms = Number.isNaN(points.atMs[at]!) ? newestMs : points.atMs[at]!;
    const last = open[verdict];
    const isNear = last && at - last.to <= JOINED_POINTS && Math.abs(ms - last.lastMs) <= JOINED_MS;
    if (last && (isNear || verdict === REPEATED)) {
      last.to = at;
      last.count += 1;
      last.lastMs = ms;
      last.fromMs = Math.min(last.fromMs, ms);
      last.toMs = Math.max(last.toMs, ms);
      continue;
    }
    const stretch = { verdict, from: at, to: at, count: 1, lastMs: ms, fromMs: ms, toMs: ms };
    open[verdict] = stretch;
    stretches.push(stretch);
  }
  return stretches.map((stretch) => ({
    ...REASONS[stretch.verdict]!,
    fromMs: stretch.fromMs - startMs,
    toMs: stretch.toMs - startMs,
    pointCount: stretch.count,
    before: stretchFigures(
      places,
      Math.max(0, stretch.from - 1),
      Math.min(points.length - 1, stretch.to + 1),
    ),
    after: stretchFigures(
      places,
      Math.max(0, stretch.from - 1),
      Math.min(points.length - 1, stretch.to + 1),
      verdicts,
    ),
  }));
}

interface Stretch {
  readonly verdict: number;
  readonly from: number;
  to: number;
  count: number;
  lastMs: number;
  fromMs: number;
  toMs: number;
}

/** A segment begins with the first of its points that stays. */
function moveSegments(segmentStarts: number[], verdicts: Uint8Array, length: number): void {
  const moved: number[] = [];
  let [segment, kept, isDue] = [0, 0, false];
  for (let at = 0; at < length; at += 1) {
    while (segmentStarts[segment] === at) {
      isDue = true;
      segment += 1;
    }
    if (verdicts[at] !== STAYS) continue;
    if (isDue) moved.push(kept);
    isDue = false;
    kept += 1;
  }
  segmentStarts.splice(0, segmentStarts.length, ...moved);
}
