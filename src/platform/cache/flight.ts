import type { Load } from './cache.js';

/** One load under way and those who wait for it. It is given up when the last of them has gone. */
export class Flight<T> {
  /** What it brings must not be kept: the entry was forgotten meanwhile, or nobody waits. */
  isOutdated = false;
  private readonly result: Promise<T>;
  private readonly abort = new AbortController();
  private waiters = 0;

  constructor(
    work: Load<T>,
    /** It is over, or nobody waits any more. */
    private readonly onEnd: () => void,
  ) {
    this.result = work(this.abort.signal);
    this.result.then(onEnd, onEnd); // of a failure those hear who wait; there may be none left
  }

  /** @throws the signal's reason as soon as it aborts; the load goes on for the others */
  wait(signal: AbortSignal | undefined): Promise<T> {
    this.waiters += 1;
    if (signal === undefined) return this.result;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        reject(signal.reason as Error);
        this.leave();
      };
      signal.addEventListener('abort', leave, { once: true });
      const stay = (): void => signal.removeEventListener('abort', leave);
      this.result.then(
        (value) => (stay(), resolve(value)),
        (error: unknown) => (stay(), reject(error as Error)),
      );
    });
  }

  private leave(): void {
    this.waiters -= 1;
    if (this.waiters > 0) return;
    this.isOutdated = true;
    this.onEnd();
    this.abort.abort();
  }
}
