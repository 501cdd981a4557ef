import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A Redis of one's own, without persistence unless asked. */
export interface TestRedis {
  readonly url: string;
  /** Everything it holds is gone. */
  flush(): Promise<void>;
  /** Ids of all jobs of one BullMQ queue, in whatever state. */
  jobIds(queue: string): Promise<string[]>;
  kill(): Promise<void>;
  /** On the same port; with append-only file it still knows what it had acknowledged. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Whether the program is there. Where its tests must not be skipped (`npm run test:services`) they run and fail. */
export function hasRedis(): boolean {
  if (process.env['GUILDHALL_TEST_POSTGRES'] === 'debian') return true;
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export async function startRedis(options: { isDurable?: boolean } = {}): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'guildhall-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}/0`;
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const appendOnly = options.isDurable === true ? 'yes' : 'no';
    const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
    child = spawn('redis-server', [...settings, '--appendonly', appendOnly, '--appendfsync', 'always'], {
      stdio: 'ignore',
    });
    await untilReady(url);
  };
  const kill = async (): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  await start();
  return {
    url,
    flush: async () => void (await withClient(url, (client) => client.flushall())),
    jobIds: async (queue) => {
      const keys = await withClient(url, (client) => client.keys(`*:${queue}:*`));
      return keys.map((key) => key.slice(key.lastIndexOf(':') + 1)).filter((id) => UUID.test(id));
    },
    kill,
    start,
    stop: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilReady(url: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      await withClient(url, (client) => client.ping());
      return;
    } catch {
      await sleep(50);
    }
  }
  throw new Error('redis-server did not start');
}

async function withClient<T>(url: string, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    client.disconnect();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
