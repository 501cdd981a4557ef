/** Too many calls; the problem filter makes it a 429 with Retry-After. */
export class RateLimitError extends Error {
  override readonly name = 'RateLimitError';

  constructor(readonly retryAfterS: number) {
    super(`Too many requests; try again in ${retryAfterS} s.`);
  }
}
