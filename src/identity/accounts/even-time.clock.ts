import { setTimeout as sleep } from 'node:timers/promises';

/** Steps in which answers leave: longer than the work behind them takes on a machine that is not overloaded. */
const STEP_MS = 300;

/**
 * Does the work and lets its outcome, good or bad, be known at the next whole step of time. What the work found out does not show in how
 * long it took: the difference between an address that has an account and one that has none is a row or two.
 */
export async function atEvenTime<T>(work: () => Promise<T>): Promise<T> {
  const startedMs = performance.now();
  try {
    return await work();
  } finally {
    await untilEvenTime(startedMs);
  }
}

/** Waits for the next whole step since `startedMs`, of the clock `performance.now()`. */
export async function untilEvenTime(startedMs: number): Promise<void> {
  await sleep(STEP_MS - ((performance.now() - startedMs) % STEP_MS));
}
