import { isSame, type Point } from './point.js';

// Which points of an item are its history. It is a function of the set of points, whatever order they came in, because they are
// judged in an order of their own (point.ts), one after the other:
//
// - Of one source and instant the first counts, the lowest price; the others contradict it.
// - A point that has the price of the one kept right before it, less than 15 minutes later, repeats that one.
// - Every other point is kept.
//
// What contradicts or repeats is withheld: remembered, since an earlier point that comes later can make it count. What a curator has
// fixed is kept as it is.
//
// A change reaches only as far as the last kept point is another than before: up to the next point that was kept and stays kept, or to
// a gap of 15 minutes.

export const REPEATED_WITHIN_MS = 15 * 60_000;

/** The point kept right before others. */
export interface Before {
  price: number;
  capturedAtMs: number;
}

/** `known`: another point says the very same. */
export type Verdict = 'kept' | 'withheld' | 'known';

/**
 * @param points of one item, sorted; all there are of each instant
 * @param before undefined when nothing is kept in the 15 minutes before
 */
export function judgePoints(points: readonly Point[], before: Before | undefined): Verdict[] {
  const verdicts: Verdict[] = [];
  let kept = before;
  /** Sources that were heard at the instant. */
  let heard: number[] = [];
  points.forEach((point, index) => {
    const last = points[index - 1];
    if (last?.capturedAtMs !== point.capturedAtMs) heard = [];
    else if (isSame(last, point)) {
      verdicts.push('known');
      return;
    }
    const isContradicted = heard.includes(point.source.id);
    if (!isContradicted) heard.push(point.source.id);
    const isWithheld = point.standing !== 'fixed' && (isContradicted || isRepeat(point, kept));
    if (!isWithheld) kept = point;
    verdicts.push(isWithheld ? 'withheld' : 'kept');
  });
  return verdicts;
}

function isRepeat(point: Point, kept: Before | undefined): boolean {
  return point.price === kept?.price && point.capturedAtMs < kept.capturedAtMs + REPEATED_WITHIN_MS;
}

/**
 * Whether points from `untilMs` on are judged as they were, whatever they are.
 * @param points all before `untilMs`, with their verdicts
 * @param changedUntilMs instant of the last change
 */
export function isSettled(
  points: readonly Point[],
  verdicts: readonly Verdict[],
  changedUntilMs: number,
  untilMs: number,
): boolean {
  for (let index = points.length - 1; index >= 0; index -= 1) {
    const { capturedAtMs, standing } = points[index]!;
    if (capturedAtMs <= changedUntilMs) break;
    const [wasKept, isKept] = [standing === 'kept' || standing === 'fixed', verdicts[index] === 'kept'];
    if (wasKept && isKept) return true;
    if ((wasKept || isKept) && capturedAtMs + REPEATED_WITHIN_MS > untilMs) return false;
  }
  return changedUntilMs + REPEATED_WITHIN_MS <= untilMs;
}
