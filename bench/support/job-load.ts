// What both sides of the benchmark of jobs agree on: work, sizes, and how it is asked for.

export interface OpenJobs {
  kind: 'open';
  databaseUrl: string;
  /** null = queues in PostgreSQL. */
  redisUrl: string | null;
}

/** Enqueue so many jobs and wait for all their effects. */
export interface RunJobs {
  kind: 'run';
  round: number;
  count: number;
}

/** Enqueue so many jobs, each after the one before has started. Ours only. */
export interface TimeJobs {
  kind: 'time';
  round: number;
  count: number;
}

export type JobRequest = OpenJobs | RunJobs | TimeJobs;

/** Answer to `run` and to `time`: a duration of the whole, or one of each. */
export interface JobFigures {
  durationsMs: number[];
}

export interface JobPayload {
  round: number;
  place: number;
}

export const BATCH = 500;
/** Jobs at a time; connections for effects on both sides. */
export const CONCURRENCY = 10;
/** Connections of the queue library beside the listening one, as in queue-backend.ts. */
export const QUEUE_CONNECTIONS = 6;
export const EFFECT = {
  name: 'bench.effects.insert',
  text: 'INSERT INTO platform.bench_effect (round, place) VALUES ($1, $2)',
};

/** Tells when so many effects have been committed. */
export class Countdown {
  private left = 0;
  private resolve: () => void = () => undefined;

  /** Resolves after `count` calls of `hit`. */
  expect(count: number): Promise<void> {
    this.left = count;
    return new Promise((resolve) => (this.resolve = resolve));
  }

  hit(): void {
    this.left -= 1;
    if (this.left === 0) this.resolve();
  }
}

/** The payloads of one round in batches. */
export function batchesOf(round: number, count: number): JobPayload[][] {
  const payloads = Array.from({ length: count }, (_, place) => ({ round, place }));
  return Array.from({ length: Math.ceil(count / BATCH) }, (_, index) =>
    payloads.slice(index * BATCH, (index + 1) * BATCH),
  );
}
