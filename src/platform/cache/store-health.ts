/** After a failure nobody asks for so long. */
const REST_MS = 3_000;

/** Whether a store answers; says so once when it stops and once when it answers again. */
export class StoreHealth {
  private restsUntilMs = -Infinity;
  private isDown = false;
  isEnded = false;

  constructor(
    private readonly log: {
      info(fields: object, text: string): void;
      warn(fields: object, text: string): void;
    },
    private readonly nowMs: () => number,
  ) {}

  get isUp(): boolean {
    return !this.isDown;
  }

  get isResting(): boolean {
    return this.nowMs() < this.restsUntilMs;
  }

  /** @returns undefined when it did not go well */
  async attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      const answer = await work();
      this.answered();
      return answer;
    } catch (error) {
      this.failed(error as Error);
      return undefined;
    }
  }

  failed(error: Error): void {
    if (this.isEnded) return;
    this.restsUntilMs = this.nowMs() + REST_MS;
    if (this.isDown) return;
    this.isDown = true;
    this.log.warn(
      { reason: error.message },
      'Redis does not answer: each process goes on with a cache of its own, and looks again by itself',
    );
  }

  /** From now on failures are what is expected. */
  end(): void {
    this.isEnded = true;
  }

  answered(): void {
    this.restsUntilMs = -Infinity;
    if (!this.isDown) return;
    this.isDown = false;
    this.log.info({}, 'Redis answers again: caches are shared');
  }
}
