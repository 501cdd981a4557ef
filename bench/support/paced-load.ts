import type { Target } from './http-load.js';
import type { Benchmark } from './run-benchmark.js';
import { startWorker, type Worker } from './worker.js';

/** What the paced load is asked for. */
export interface PacedRequest extends Pick<Target, 'url' | 'headers' | 'paths' | 'status'> {
  seconds: number;
  requestsPerS: number;
}

export interface PacedReport {
  /** One per request, from when it was due. */
  latenciesMs: number[];
  failures: number;
  /** Of the failures, requests that got no answer at all. */
  missing: number;
  /** How the first wrong answer began. */
  wrong: string | undefined;
}

/** Latency at a given pace, which says how it feels to a client while the server has room. */
export class PacedLoad {
  private readonly worker: Worker;

  constructor(benchmark: Benchmark) {
    this.worker = startWorker(benchmark, 'paced-load');
  }

  /** @returns latencies in ms, ascending @throws when an answer was wrong or missing */
  async run(target: Target, requestsPerS: number, seconds: number): Promise<number[]> {
    const { url, headers, paths, status } = target;
    const request: PacedRequest = { url, headers, paths, status, seconds, requestsPerS };
    const { latenciesMs, failures, missing, wrong } = await this.worker.ask<PacedReport>(request);
    if (failures > 0)
      throw new Error(
        `${target.name}: ${failures} failures at ${requestsPerS} requests/s, ${missing} of them unanswered; the first: ${wrong}`,
      );
    return latenciesMs.sort((a, b) => a - b);
  }
}
