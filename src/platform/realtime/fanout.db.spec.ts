import { type ChildProcess, spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ECHO_FRAMES, EchoGateway } from '../../../test/support/echo-gateway.js';
import { LiveClient } from '../../../test/support/live-client.js';
import { type LiveWorld, openLiveWorld } from '../../../test/support/live-world.js';
import { hasRedis, startRedis, type TestRedis } from '../../../test/support/redis.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import type { OpenBus } from './fanout-bus.js';
import { postgresBus } from './postgres-bus.js';
import { redisBus } from './redis-bus.js';

/** A process that tells rooms something (test/support/live-worker.mjs). */
class LiveProcess {
  private text = '';
  readonly exited: Promise<unknown>;

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (piece: string) => (this.text += piece));
    this.exited = new Promise((resolve) => child.once('exit', resolve));
  }

  static async start(settings: { databaseUrl: string; redisUrl: string | undefined }): Promise<LiveProcess> {
    const started = new LiveProcess(
      spawn(process.execPath, ['test/support/live-worker.mjs', JSON.stringify(settings)], { stdio: 'pipe' }),
    );
    await waitUntil('the process is ready', 30_000, () => {
      if (started.child.exitCode !== null) throw new Error(`It ended:\n${started.text}`);
      return started.text.includes('ready');
    });
    return started;
  }

  tell(method: 'publish' | 'publishLatest' | 'viewers', ...given: unknown[]): void {
    this.child.stdin!.write(`${JSON.stringify([method, ...given])}\n`);
  }

  /** What it says of a room, when it says so. */
  async saysViewers(room: string, count: number): Promise<void> {
    await waitUntil(`it counts ${count}`, 15_000, () => {
      this.tell('viewers', room);
      return this.text.trimEnd().endsWith(`viewers ${count}`);
    });
  }

  async end(signal?: NodeJS.Signals): Promise<void> {
    if (signal) this.child.kill(signal);
    else this.child.stdin!.end();
    await this.exited;
  }
}

const STORES = ['PostgreSQL', 'Redis (needs redis-server)'] as const;

describe.each(STORES)('two processes over %s', (store) => {
  const isThere = store === 'PostgreSQL' || hasRedis();
  const test = isThere ? it : it.skip;
  let units: TestUnits;
  let redis: TestRedis | undefined;
  let world: LiveWorld;
  let other: LiveProcess;
  const settings = (): { databaseUrl: string; redisUrl: string | undefined } => ({
    databaseUrl: units.url,
    redisUrl: redis?.url,
  });

  beforeAll(async () => {
    if (!isThere) return;
    units = await openUnits();
    if (store !== 'PostgreSQL') redis = await startRedis();
    const target = { url: units.url, directUrl: units.url, pooler: 'none', poolMax: 4 } as const;
    const openBus: OpenBus = redis ? redisBus(redis.url) : postgresBus(target, units.system);
    world = await openLiveWorld([EchoGateway], {}, [], openBus);
    other = await LiveProcess.start(settings());
  });
  afterAll(async () => {
    if (!isThere) return;
    await other.end();
    await world.close();
    await redis?.stop();
    await units.close();
  });

  const join = async (): Promise<LiveClient> => {
    const client = await LiveClient.open(world.url, ECHO_FRAMES, { token: 'token-of-ann' });
    await client.ask('watch', { room: 'all' });
    return client;
  };

  test('are one room: what one tells, in order and of any length, the members at the other hear', async () => {
    const client = await join();
    await other.saysViewers('echo:all', 1);
    const texts = Array.from({ length: 300 }, (_none, index) => `${index} ${'ä'.repeat(index * 20)}`);
    for (const text of texts) other.tell('publish', 'echo:all', 'said', { text });
    for (let at = 0; at <= 20; at += 1)
      other.tell('publishLatest', 'echo:all', 'ben', 'moved', { who: 'ben', at });
    await client.next('the newest state', ({ event, data }) => event === 'moved' && data.at === 20);
    expect(client.of('said').map(({ data }) => data.text as string)).toEqual(texts);
    expect(client.of('history').length).toBe(1); // nothing was lost on the way, or there were another
    client.close();
    await other.saysViewers('echo:all', 0);
  });

  test('go on when one of them was killed and another one has come', async () => {
    const client = await join();
    await other.saysViewers('echo:all', 1);
    await other.end('SIGKILL');
    other = await LiveProcess.start(settings());
    await other.saysViewers('echo:all', 1); // it has asked who wants what
    other.tell('publish', 'echo:all', 'said', { text: 'from the new one' });
    await client.next('it hears it', ({ data }) => data.text === 'from the new one');
    client.close();
  });
});
