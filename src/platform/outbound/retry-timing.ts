// When to try again. Full jitter (AWS, "Exponential Backoff And Jitter"): clients that failed together come back spread over
// the whole wait, not in waves. And retries are a share of the calls: a provider that is down gets a tenth more load from us, not
// three times as much.

/**
 * A wait from 0 to the cap of this try, evenly spread.
 * @param failedTries tries so far, 1 or more
 * @param random from 0 to below 1
 */
export function fullJitterMs(
  failedTries: number,
  { baseMs, capMs }: { baseMs: number; capMs: number },
  random: number,
): number {
  return random * Math.min(capMs, baseMs * 2 ** (failedTries - 1));
}

/** Nobody is taken at his word for longer than a day. */
const LONGEST_RETRY_AFTER_MS = 86_400_000;
const HTTP_DATE = /^[A-Za-z]{3,9},? [\dA-Za-z: -]{8,40}(?: GMT)?$/;

/** The wait that a Retry-After header (RFC 9110: seconds, or a date) asks for, in ms; undefined when it says neither. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,12}$/.test(text)) return Math.min(Number(text) * 1_000, LONGEST_RETRY_AFTER_MS);
  if (!HTTP_DATE.test(text)) return undefined;
  const atMs = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  if (Number.isNaN(atMs)) return undefined;
  return Math.min(Math.max(0, atMs - nowMs), LONGEST_RETRY_AFTER_MS);
}

/** What the calls of a quiet provider may be retried without having earned it. */
const RESERVE = 10;
const EARNED_PER_CALL = 0.1;

/** Retries that may still be made: each call earns a tenth of one, up to the reserve. */
export class RetryBudget {
  private left = RESERVE;

  earn(): void {
    this.left = Math.min(RESERVE, this.left + EARNED_PER_CALL);
  }

  /** @returns whether a retry may be made, and takes it */
  take(): boolean {
    if (this.left < 1) return false;
    this.left -= 1;
    return true;
  }
}
