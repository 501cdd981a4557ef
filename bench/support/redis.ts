import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Benchmark } from './run-benchmark.js';

/** A redis-server of the benchmark's own, as operators are told to run it: append-only file, no eviction. @returns its URL */
export async function startRedisServer(benchmark: Benchmark): Promise<string> {
  const port = await freePort();
  const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', benchmark.folder];
  const child = spawn(
    'redis-server',
    [...place, '--save', '', '--appendonly', 'yes', '--maxmemory-policy', 'noeviction'],
    { stdio: 'ignore' },
  );
  const failed = once(child, 'error').then(() => {
    throw new Error('This benchmark needs redis-server');
  });
  benchmark.onEnd(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  const url = `redis://127.0.0.1:${port}/0`;
  await Promise.race([untilReady(url), failed]);
  return url;
}

async function untilReady(url: string): Promise<void> {
  const client = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  client.on('error', () => undefined); // it is still starting
  while ((await client.ping()) !== 'PONG') await sleep(20);
  client.disconnect();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
