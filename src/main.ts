import 'reflect-metadata';
import { setFlagsFromString } from 'node:v8';
import { startServer } from './boot/server.js';
import { loadEnv } from './platform/config/env.js';
import { StartupError } from './platform/config/startup-error.js';

// The one entry of every role. Signals are taken from the first moment on, so that an interrupt during start-up also leaves
// nothing behind: whatever has been opened by then is closed in reverse order.

// V8 learns from long-lived objects of start-up to make the elements of a batch old at birth, where only a full collection
// frees them: without this the heap swings by 150 MB under ingest, and a batch costs a tenth more (docs/decisions/memory.md).
setFlagsFromString('--no-allocation-site-pretenuring');
// By itself V8 lets garbage grow by hundreds of megabytes where the machine has them; others on it need them, too.
setFlagsFromString('--heap-growing-percent=60');

async function main(): Promise<void> {
  const env = loadEnv();
  let isInterrupted = false;
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (isInterrupted && signal === 'SIGINT') process.exitCode = 130;
        isInterrupted = true;
        resolve();
      });
    }
  });
  const server = await startServer(env, (text) => process.stdout.write(text));
  const fault = await Promise.race([interrupted, server.lost]);
  if (fault) process.stderr.write(`${fault.message}\n`);
  setTimeout(
    () => {
      process.stderr.write('Some requests did not end in time; stopping without them.\n');
      process.exit(1);
    },
    (fault ? 5 : env.shutdownGraceS + 15) * 1_000, // without a database nothing can end well
  ).unref();
  await server.stop();
  process.exit(fault ? 1 : 0);
}

function fail(error: unknown): void {
  const text =
    error instanceof StartupError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text ?? 'unknown failure'}\n`);
  process.exit(1);
}

main().catch(fail);
