import type { Places, Racer } from './race-world.js';

/** What the load process is asked. `near` observers sit at the process of their runner, `far` ones at the other. */
export type LoadRequest =
  | {
      kind: 'open';
      name: string;
      urls: readonly [string, string];
      token: string;
      courses: readonly Places[];
      racers: readonly Racer[];
      observers: number;
    }
  | { kind: 'run'; name: string; seconds: number; seed: number };

export interface Latencies {
  /** In milliseconds, from before the runner's fix is sent to when an observer's process has the position. */
  readonly near: readonly number[];
  readonly far: readonly number[];
  /** Positions that one observer was told and another of the same race was not. */
  readonly lost: number;
  /** Fixes of which nobody was told the position: they came too soon after the one before. */
  readonly skipped: number;
}
