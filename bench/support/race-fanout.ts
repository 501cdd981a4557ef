import { z } from 'zod';
import { defineFrames, received, sent } from '../../src/platform/realtime/frames.js';

/** Read-only rights suffice; the server process of the benchmark lets this token in. */
export const TRIAL_TOKEN = 'read-token-of-the-benchmarks-0123456789';

export const WATCH = received('watch', 'Watches a race.', z.strictObject({ race: z.string() }));
export const MOVE = received(
  'move',
  'Where the runner is.',
  z.strictObject({
    race: z.string(),
    seq: z.int(),
    /** Along the route, in metres. */
    alongM: z.number(),
    /** Seconds behind the ghost. */
    gapS: z.number(),
    /** Clock of the load generator, which reads it again when it arrives. */
    sentMs: z.number(),
  }),
);
const moved = z.strictObject({
  race: z.string(),
  seq: z.int(),
  alongM: z.number(),
  gapS: z.number(),
  sentMs: z.number(),
});

export const TRIAL_FRAMES = defineFrames({
  path: '/ws/trial',
  title: 'Race fan-out',
  description: 'Of a benchmark.',
  permission: 'market:read',
  receives: [WATCH, MOVE],
  sends: [
    sent('moved', 'Where a runner is.', moved),
    sent('snapshot', 'Before anybody has run.', z.strictObject({})),
  ],
});

/** What the server process is asked. */
export type ServerRequest = { databaseUrl: string; redisUrl: string | null };

/** What the load process is asked. `near` observers sit at the process of their runner, `far` ones at the other. */
export type LoadRequest =
  | { kind: 'open'; name: string; urls: readonly [string, string]; racers: number; observers: number }
  | { kind: 'run'; name: string; seconds: number; seed: number };

export interface Latencies {
  /** In milliseconds, from before the runner's frame is sent to when an observer's process has it. */
  readonly near: readonly number[];
  readonly far: readonly number[];
  /** Frames that observers should have had and did not. */
  readonly lost: number;
}
