import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { profilingFlags } from './guildhall.js';
import type { Benchmark } from './run-benchmark.js';

// A process of the benchmark's own: a load generator or a reference server. It is asked by messages, one at a time.

const ANSWER_WITHIN_MS = 300_000;

type Answer = { result: unknown } | { failure: string };

export interface Worker {
  readonly pid: number;
  /** Sends a request and waits for its answer. */
  ask<Result>(request: unknown): Promise<Result>;
}

/** @param file below bench/processes/, without extension */
export function startWorker(benchmark: Benchmark, file: string): Worker {
  const child = fork(fileURLToPath(new URL(`../processes/${file}.js`, import.meta.url)), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [...process.execArgv, ...profilingFlags()],
  });
  benchmark.onEnd(() => endChild(child));
  return {
    pid: child.pid ?? 0,
    ask: async <Result>(request: unknown): Promise<Result> => {
      const settled = new AbortController();
      const signal = AbortSignal.any([settled.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
      try {
        child.send(request as object);
        const ended = once(child, 'exit', { signal }).then(() => {
          throw new Error(`The process ${file} ended without an answer`);
        });
        const [answer] = (await Promise.race([once(child, 'message', { signal }), ended])) as [Answer];
        if ('failure' in answer) throw new Error(`${file}: ${answer.failure}`);
        return answer.result as Result;
      } finally {
        settled.abort(); // takes both listeners off
      }
    },
  };
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  // It holds nothing that would have to be put away, unless it is profiled.
  if (profilingFlags().length > 0) child.disconnect();
  else child.kill('SIGKILL');
  await once(child, 'exit');
}

/** The other end, in the worker process. It ends with the benchmark, also when that is killed. */
export function answerRequests<Request>(answer: (request: Request) => Promise<unknown>): void {
  process.on('disconnect', () => process.exit(0));
  process.on('message', (request: Request) => {
    answer(request).then(
      (result) => process.send?.({ result } satisfies Answer),
      (error: unknown) =>
        process.send?.({ failure: error instanceof Error ? (error.stack ?? '') : String(error) }),
    );
  });
}
