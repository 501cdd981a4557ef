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
