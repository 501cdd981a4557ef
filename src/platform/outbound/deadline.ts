import { OUTBOUND_ERROR, OutboundError } from './outbound.errors.js';
import type { OutboundPolicy } from './outbound-policy.js';

/** The end of one call: its own time, or the caller's signal. */
export class Deadline {
  readonly signal: AbortSignal;
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly endMs: number;

  constructor(
    totalMs: number,
    private readonly given: AbortSignal | undefined,
    nowMs: number,
  ) {
    this.endMs = nowMs + totalMs;
    this.timer = setTimeout(() => this.controller.abort(), totalMs);
    this.signal = given ? AbortSignal.any([this.controller.signal, given]) : this.controller.signal;
  }

  leftMs(nowMs: number): number {
    return this.endMs - nowMs;
  }

  /** Waits for `work`, but not beyond the end. @throws OutboundError that says whose end it was */
  async bound<T>({ provider }: OutboundPolicy, work: () => Promise<T>): Promise<T> {
    const ended = (): OutboundError =>
      new OutboundError(this.given?.aborted ? OUTBOUND_ERROR.aborted : OUTBOUND_ERROR.timeout, provider);
    if (this.signal.aborted) throw ended();
    let give: () => void = () => undefined;
    const end = new Promise<never>((_, reject) => {
      give = () => reject(ended());
      this.signal.addEventListener('abort', give, { once: true });
    });
    try {
      return await Promise.race([work(), end]);
    } catch (error) {
      throw this.signal.aborted ? ended() : error;
    } finally {
      this.signal.removeEventListener('abort', give);
    }
  }

  end(): void {
    clearTimeout(this.timer);
    // What was given up must not go on behind the caller's back.
    this.controller.abort();
  }
}
