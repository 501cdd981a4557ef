import { setImmediate as nextTurn } from 'node:timers/promises';

/** Whoever else is served by this process waits no longer than this. */
const TURN_MS = 10;

/** Does short work on each element, and lets everything else of the process go on in between. */
export async function inTurns<T>(elements: Iterable<T>, work: (element: T) => void): Promise<void> {
  let startedMs = performance.now();
  for (const element of elements) {
    work(element);
    if (performance.now() - startedMs < TURN_MS) continue;
    await nextTurn();
    startedMs = performance.now();
  }
}
