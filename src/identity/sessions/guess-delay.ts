// Guesses at one account may come from many addresses, each of which is within its own limits. So each try of the last hour
// makes the next one slower, whoever makes it; but never for longer than an owner waits, since a lock would be a way to lock
// owners out (ASVS 6.1.1).

/** Tries of an account that cost nothing: more than its owner needs. */
export const FREE_TRIES = 10;
/** Further ones are not told apart. */
export const COUNTED_TRIES = 40;
export const LONGEST_DELAY_MS = 5_000;
const FIRST_DELAY_MS = 250;
/** Tries in which the delay doubles. */
const DOUBLING_TRIES = 5;

/** @param tries of one account within the hour, this one included @returns milliseconds to wait before looking at the password */
export function guessDelayMs(tries: number): number {
  if (tries <= FREE_TRIES) return 0;
  const delayMs = FIRST_DELAY_MS * 2 ** ((tries - FREE_TRIES - 1) / DOUBLING_TRIES);
  return Math.min(LONGEST_DELAY_MS, Math.round(delayMs));
}
