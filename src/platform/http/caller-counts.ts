import type { Quota } from './rate-limit.decorator.js';

/** Where a caller stands with one quota. */
export interface Standing {
  isAllowed: boolean;
  remaining: number;
  /** Until the window ends. */
  resetS: number;
}

interface Window {
  count: number;
  endsAtMs: number;
}

/** More callers than this within one window have their oldest windows forgotten. */
const MOST_CALLERS = 100_000;

/**
 * Counts the calls of each caller in windows that begin with the first one. Every request of an account passes here, so it answers
 * at once: the promise and the timer that the library takes per call cost a tenth of a small read.
 */
export class CallerCounts {
  /** In the order in which they began, so the front is what ends first. */
  private readonly windows = new Map<string, Window>();

  constructor(
    private readonly quota: Quota,
    private readonly mostCallers = MOST_CALLERS,
  ) {}

  get size(): number {
    return this.windows.size;
  }

  take(caller: string, nowMs: number): Standing {
    const window = this.windowOf(caller, nowMs);
    window.count += 1;
    return {
      isAllowed: window.count <= this.quota.points,
      remaining: Math.max(0, this.quota.points - window.count),
      resetS: Math.max(1, Math.ceil((window.endsAtMs - nowMs) / 1_000)),
    };
  }

  private windowOf(caller: string, nowMs: number): Window {
    const known = this.windows.get(caller);
    if (known && known.endsAtMs > nowMs) return known;
    this.windows.delete(caller);
    this.forgetEnded(nowMs);
    const begun = { count: 0, endsAtMs: nowMs + this.quota.durationS * 1_000 };
    this.windows.set(caller, begun);
    return begun;
  }

  private forgetEnded(nowMs: number): void {
    for (const [caller, { endsAtMs }] of this.windows) {
      if (endsAtMs > nowMs && this.windows.size < this.mostCallers) return;
      this.windows.delete(caller);
    }
  }
}
