import type { Places, Racer } from './race-world.js';

// What the benchmark of live races and its load generator agree on.

export type RaceLoadRequest =
  | {
      kind: 'open';
      /** Of the side, for the requests that follow. */
      name: string;
      url: string;
      token: string;
      courses: readonly Places[];
      racers: readonly Racer[];
      /** An echo has no races to join, and its answer to a fix is the same bytes. */
      isEcho: boolean;
      seed: number;
    }
  /** Every racer sends a fix a second. */
  | { kind: 'run'; name: string; seconds: number };

export interface RaceOpened {
  readonly seconds: number;
  /** Fixes that were sent to get everybody over the start line. */
  readonly fixes: number;
}

/** Of one round; times in milliseconds from before a fix is sent. */
export interface RaceSpan {
  readonly fixes: number;
  /** From the first to the last that was sent. */
  readonly seconds: number;
  readonly gapMs: Quantiles;
  readonly ackMs: Quantiles;
  /** Fixes without a gap, or not acknowledged. */
  readonly lost: number;
  /** What came for a fix together, on average. */
  readonly bytesPerFix: { readonly sent: number; readonly received: number };
}

export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
}
