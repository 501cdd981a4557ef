import type { Fix } from '../recordings/fix.js';
import { readFix } from '../recordings/fix.js';
import { latOf, lonOf, type NewRunBody, type RoutePlace } from './compat-run-bodies.js';

// The original sends a run in two parts: its figures with heart rates, and later its places. Here both become fixes, as if the run had been
// recorded: whatever is worked out of recordings follows from them. The original does not number its places, so numbers come of their
// times, two for each second since the start: one for the place, one for the heart rate. What is sent again therefore gets the numbers that
// it had, and a route may come in portions.

/** No number of ours is lower, and no recording has one so high: at one fix a second they mean more than five days. */
export const FIRST_SEQ = 500_000;
/** How far places may lie from the start, seconds: phones keep some from before it, and nobody runs for longer. */
const BEFORE_S = 3_600;
const AFTER_S = 240_000;
const ZERO_SEQ = FIRST_SEQ + 2 * BEFORE_S;
/** Heart rates lie half a second after places, since no two fixes share a moment. */
const HEART_RATE_MS = 500;

/** A place that lies outside of the run. */
export interface StrayPlace {
  readonly index: number;
}

/** In the order of time; of several places of one second the first. */
export function fixesOfPlaces(places: readonly RoutePlace[], startedAtMs: number): Fix[] | StrayPlace {
  const bySeq = new Map<number, Fix>();
  for (const [index, at] of places.entries()) {
    const atMs = typeof at.timestamp === 'number' ? at.timestamp * 1_000 : Date.parse(at.timestamp);
    const second = Math.floor((atMs - startedAtMs) / 1_000);
    if (!(second >= -BEFORE_S && second <= AFTER_S)) return { index };
    const seq = ZERO_SEQ + 2 * second;
    const fix = readFix([seq, atMs, latOf(at), lonOf(at), at.accuracy ?? null, at.altitude ?? null]);
    if (typeof fix === 'string') return { index };
    if (!bySeq.has(seq)) bySeq.set(seq, fix);
  }
  return inOrder(bySeq);
}

/**
 * Fixes without a place. A strap says 0 when it has no contact, and what is later than the run is none of it.
 * @param told beats without times are spread evenly over the run
 */
export function fixesOfHeartRates(
  told: NonNullable<NewRunBody['heart_rate_data']>,
  startedAtMs: number,
  elapsedTimeS: number,
): Fix[] {
  const bySeq = new Map<number, Fix>();
  told.forEach((one, index) => {
    const [seconds, bpm] =
      typeof one === 'number'
        ? [((index + 0.5) / told.length) * elapsedTimeS, one]
        : [one.timestamp, one.heart_rate];
    const second = Math.floor(seconds);
    if (!(bpm > 0) || second >= Math.min(elapsedTimeS, AFTER_S)) return;
    const seq = ZERO_SEQ + 2 * second + 1;
    const atMs = startedAtMs + second * 1_000 + HEART_RATE_MS;
    const fix = readFix([seq, atMs, null, null, null, null, null, null, bpm]);
    if (typeof fix !== 'string' && !bySeq.has(seq)) bySeq.set(seq, fix);
  });
  return inOrder(bySeq);
}

function inOrder(bySeq: ReadonlyMap<number, Fix>): Fix[] {
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}
