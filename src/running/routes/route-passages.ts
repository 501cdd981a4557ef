import { arriveMsAt, leaveMsAt, pausedMs, type RunPath } from './run-path.js';
import type { WayShape } from './route-shape.js';
import type { Similarity } from './route-similarity.js';
import { sharedWay } from './shared-stretches.js';
import { type Chain, longestChain } from './stretch-chains.js';

// How often a run went over a route, and how long it took each time. A passage begins where the run leaves the route's start for the last
// time and ends where it first reaches the route's end, both interpolated: what lies before and after (the way to it, the tail after the
// line) is no part of the time. A loop counts from wherever the run began on it, as long as it is run whole.

export interface Passage {
  /** Metres of the run's way. */
  readonly fromM: number;
  readonly toM: number;
  /** Milliseconds since the run's start. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Over the whole route, with its pauses and without, in seconds; ends that are missing are added at the passage's own pace. */
  readonly elapsedTimeS: number;
  readonly movingTimeS: number;
  /** Share of the route that was run: at least {@link LEAST_COVERED}. */
  readonly covered: number;
}

/** A passage leaves out less than this at both ends together, 60 m of a short route. */
const LEAST_COVERED = 0.95;
const MOST_MISSING_M = 60;
/** A run of more passages than this goes round a track; the best of them are among these. */
const MOST_PASSAGES = 200;

/**
 * In order of time; none overlap.
 * @param similarity of the run's way to the route
 */
export function passagesOf(path: RunPath, route: WayShape, similarity: Similarity): Passage[] {
  if (similarity.direction !== 'forward') return [];
  const found: Passage[] = [];
  let stretches = sharedWay(route, path.shape).stretches.filter(({ sign }) => sign === 1);
  while (found.length < MOST_PASSAGES) {
    const chain = longestChain(stretches, { sign: 1, isUnbroken: true });
    const passage = passageOf(path, route, chain);
    if (passage === null) break;
    found.push(passage);
    stretches = stretches.filter((stretch) => !chain.stretches.includes(stretch));
  }
  return found.length === 0 ? turnedLoop(path, similarity) : oneAfterTheOther(found);
}

/** A loop that was begun elsewhere: one turn of it, from where the run met it first. */
function turnedLoop(path: RunPath, { relation, shared }: Similarity): Passage[] {
  const isWhole = relation === 'same' || relation === 'contains';
  const isOverTheStart = shared !== null && shared.otherToM < shared.otherFromM + MOST_MISSING_M;
  return isWhole && isOverTheStart ? [timed(path, shared.fromM, shared.toM, 1, 1)] : [];
}

/** As many as can be run without running any of it twice: whatever ends first counts. */
function oneAfterTheOther(passages: readonly Passage[]): Passage[] {
  const kept: Passage[] = [];
  for (const passage of [...passages].sort((a, b) => a.toM - b.toM))
    if (passage.fromM >= (kept.at(-1)?.toM ?? -Infinity) - MOST_MISSING_M) kept.push(passage);
  return kept;
}

function passageOf(path: RunPath, route: WayShape, chain: Chain): Passage | null {
  const [first, last] = [chain.stretches[0], chain.stretches.at(-1)];
  if (first === undefined || last === undefined) return null;
  // Before its first meeting with the run and after its last the route went on as far as the run did.
  const fromM = Math.max(0, first.otherFromM - first.fromM);
  const toM = Math.min(path.shape.distanceM, last.otherToM + (route.distanceM - last.toM));
  const headM = first.fromM - (first.otherFromM - fromM);
  const tailM = route.distanceM - last.toM - (toM - last.otherToM);
  const missingM = headM + tailM + Math.max(0, last.toM - first.fromM - chain.lengthM);
  const covered = 1 - missingM / route.distanceM;
  if (covered < LEAST_COVERED && missingM > MOST_MISSING_M) return null;
  return timed(path, fromM, toM, 1 - (headM + tailM) / route.distanceM, covered);
}

/** @param timedShare of the route between the two moments */
function timed(path: RunPath, fromM: number, toM: number, timedShare: number, covered: number): Passage {
  const [fromMs, toMs] = [leaveMsAt(path, fromM), arriveMsAt(path, toM)];
  const elapsedMs = Math.max(0, toMs - fromMs);
  const movingMs = Math.max(0, elapsedMs - pausedMs(path.pauses, fromMs, toMs));
  return {
    fromM,
    toM,
    fromMs,
    toMs,
    elapsedTimeS: elapsedMs / 1_000 / timedShare,
    movingTimeS: movingMs / 1_000 / timedShare,
    covered: Math.min(1, covered),
  };
}

/** The fastest by elapsed time; null where there is none. */
export function bestPassage(passages: readonly Passage[]): Passage | null {
  return passages.reduce<Passage | null>(
    (best, passage) => (best === null || passage.elapsedTimeS < best.elapsedTimeS ? passage : best),
    null,
  );
}
