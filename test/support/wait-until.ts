import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits for a condition that another process brings about.
 * @param what the condition in words, for the error
 * @returns the first value that is neither undefined, null nor false @throws after `limitMs`
 */
export async function waitUntil<T>(
  what: string,
  limitMs: number,
  probe: () => T | Promise<T>,
): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== null && value !== false)
      return value as NonNullable<Exclude<T, false>>;
    if (performance.now() > deadline) throw new Error(`Did not come true within ${limitMs} ms: ${what}`);
    await sleep(15);
  }
}
