/** So many at once, and so many per second on average. */
export class TokenBucket {
  private tokens: number;

  constructor(
    private readonly perS: number,
    private readonly burst: number,
    private atMs: number,
  ) {
    this.tokens = burst;
  }

  /** @returns false: one too many */
  take(nowMs: number): boolean {
    if (nowMs > this.atMs) {
      this.tokens = Math.min(this.burst, this.tokens + ((nowMs - this.atMs) * this.perS) / 1_000);
      this.atMs = nowMs;
    }
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
