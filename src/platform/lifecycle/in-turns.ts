import { setImmediate as nextTurn } from 'node:timers/promises';

/** Whoever else is served by this process waits no longer than this. */
const TURN_MS = 10;

/**
 * Does short work on each element, and lets everything else of the process go on in between.
 * @param turnMs less than usual where the work itself waits for something else that goes on
 */
export async function inTurns<T>(
  elements: Iterable<T>,
  work: (element: T) => void,
  turnMs = TURN_MS,
): Promise<void> {
  let startedMs = performance.now();
  for (const element of elements) {
    work(element);
    if (performance.now() - startedMs < turnMs) continue;
    await nextTurn();
    startedMs = performance.now();
  }
}

/**
 * Runs a piece of work to its end, which yields where others may have their turn.
 * @throws the signal's reason, at the first turn after it was aborted
 */
export async function runInTurns<T>(work: Generator<void, T>, signal?: AbortSignal): Promise<T> {
  for (let sinceMs = performance.now(); ;) {
    const { done, value } = work.next();
    if (done) return value;
    if (performance.now() - sinceMs < TURN_MS) continue;
    await nextTurn();
    signal?.throwIfAborted();
    sinceMs = performance.now();
  }
}
