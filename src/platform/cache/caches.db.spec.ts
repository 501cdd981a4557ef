import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { hasRedis, startRedis, type TestRedis } from '../../../test/support/redis.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import type { Cache, CacheOptions } from './cache.js';
import { CacheMetrics } from './cache-metrics.service.js';
import { Caches } from './caches.service.js';

const OPTIONS: CacheOptions<unknown> = {
  name: 'test.things',
  ttlMs: 60_000,
  mostEntries: 100,
  version: 1,
  isShared: true,
};

/** One process's caches. */
interface Process {
  caches: Caches;
  cache: Cache<unknown>;
  lines: string[];
}

const processes: Process[] = [];

function openProcess(redisUrl: string, options: Partial<CacheOptions<unknown>> = {}): Process {
  const lines: string[] = [];
  const log = {
    info: (_fields: object, text: string) => void lines.push(text),
    warn: (_fields: object, text: string) => void lines.push(text),
  };
  const caches = new Caches({ redisUrl, log, nowMs: () => performance.now() });
  caches.onApplicationBootstrap();
  const opened = { caches, cache: caches.open({ ...OPTIONS, ...options }), lines };
  processes.push(opened);
  return opened;
}

/** Until all of them share what is stored and hear what is forgotten. */
async function untilShared(...those: Process[]): Promise<void> {
  const [first, ...others] = those;
  await waitUntil('the processes share', 10_000, async () => {
    if (those.some(({ caches }) => caches.redisState() !== 'up')) return false;
    const key = `warm-${Math.random()}`;
    const both = async ({ cache }: Process): Promise<boolean> =>
      (await cache.get(key, async () => 'own')) === 'shared';
    await first!.cache.get(key, async () => 'shared');
    await sleep(20); // it is stored without anybody waiting for it
    for (const other of others) if (!(await both(other))) return false;
    await first!.cache.forget(key);
    await sleep(20); // and heard likewise
    for (const other of others) if (await both(other)) return false;
    return true;
  });
}

afterEach(() => {
  for (const { caches } of processes.splice(0)) caches.onApplicationShutdown();
});

describe('caches with a Redis that is not there', () => {
  it('go on in the process at once, and say so once', async () => {
    const { cache, caches, lines } = openProcess('redis://127.0.0.1:1/0');
    expect(await cache.get('first', async () => 1)).toBe(1);
    await waitUntil('it is noticed', 5_000, async () => lines.length > 0);
    for (let call = 0; call < 50; call += 1) {
      expect(await cache.get(`key-${call % 5}`, async () => call % 5)).toBe(call % 5);
      await cache.forget(`other-${call}`);
    }
    expect(caches.figures()[0]!.figures).toMatchObject({ misses: 6, hits: 45 });
    expect(caches.redisState()).toBe('down');
    await sleep(500); // it tries to connect several times meanwhile
    expect(lines).toHaveLength(1);
  });
});

(hasRedis() ? describe : describe.skip)('caches over a Redis (needs redis-server)', () => {
  let redis: TestRedis;

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  it('let one process load for all, what is not there too, for as long as an entry lives', async () => {
    const [one, other] = [openProcess(redis.url), openProcess(redis.url)];
    await untilShared(one, other);
    expect(await one.cache.get('a', async () => ({ deep: [1] }))).toEqual({ deep: [1] });
    expect(await one.cache.get('nothing', async () => null)).toBeNull();
    await waitUntil('it is stored', 2_000, async () => (await keysOf(redis.url, 'nothing')) === 1);
    const seen = (await other.cache.get('a', async () => 'not asked')) as { deep: number[] };
    expect(seen).toEqual({ deep: [1] });
    expect(Object.isFrozen(seen.deep)).toBe(true);
    expect(await other.cache.get('nothing', async () => 'not asked')).toBeNull();
    expect(other.caches.redisState()).toBe('up');
  });

  it('do not let a value outlive its time by passing it on', async () => {
    const [one, other] = [openProcess(redis.url, { ttlMs: 700 }), openProcess(redis.url, { ttlMs: 700 })];
    await untilShared(one, other);
    const bornAtMs = performance.now();
    await one.cache.get('short', async () => 'old');
    await waitUntil('it is stored', 500, async () => (await keysOf(redis.url, 'short')) === 1);
    let changedAtMs = 0;
    await waitUntil('it has ended', 5_000, async () => {
      const isOld = (await other.cache.get('short', async () => 'new')) === 'old';
      if (!isOld) changedAtMs = performance.now();
      return !isOld;
    });
    // The time of a process that got it second-hand is what was left of it, never a whole one more.
    expect(changedAtMs - bornAtMs).toBeLessThan(1_400);
  });

  it('forget in all processes', async () => {
    const [one, other] = [openProcess(redis.url), openProcess(redis.url)];
    await untilShared(one, other);
    let truth = 'first';
    const read = ({ cache }: Process): Promise<unknown> => cache.get('fact', async () => truth);
    expect([await read(one), await read(other)]).toEqual(['first', 'first']);
    truth = 'second';
    await one.cache.forget('fact');
    expect(await read(one)).toBe('second');
    await waitUntil('the other has heard', 2_000, async () => (await read(other)) === 'second');
  });

  it('keep no load that began before another process forgot', async () => {
    const [one, other, third] = [openProcess(redis.url), openProcess(redis.url), openProcess(redis.url)];
    await untilShared(one, other, third);
    for (let round = 0; round < 20; round += 1) {
      const key = `race-${round}`;
      let end!: (value: string) => void;
      const slow = other.cache.get(key, () => new Promise<string>((resolve) => (end = resolve)));
      await waitUntil('it loads', 1_000, async () => end !== undefined);
      const forgotten = one.cache.forget(key);
      if (round % 2 === 0) await forgotten; // before the load ends, or at the same time
      end('before');
      expect(await slow).toBe('before');
      await forgotten;
      expect(await third.cache.get(key, async () => 'after')).toBe('after');
      await waitUntil(
        'the other has heard',
        2_000,
        async () => (await other.cache.get(key, async () => 'x')) !== 'before',
      );
    }
  });

  it('of two versions do not read each other, and what departs from the schema is loaded anew', async () => {
    const old = openProcess(redis.url);
    const young = openProcess(redis.url, { version: 2 });
    const strict = openProcess(redis.url, { schema: z.object({ weapon: z.string() }) });
    await untilShared(old, openProcess(redis.url));
    await waitUntil('all are connected', 5_000, async () =>
      [young, strict].every(({ caches }) => caches.redisState() === 'up'),
    );
    await old.cache.get('a-thing', async () => ({ name: 'Jötunn' }));
    await waitUntil('it is stored', 2_000, async () => (await keysOf(redis.url, 'a-thing')) === 1);
    expect(await young.cache.get('a-thing', async () => 'of version 2')).toBe('of version 2');
    expect(await strict.cache.get('a-thing', async () => ({ weapon: 'Jötunn' }))).toEqual({
      weapon: 'Jötunn',
    });
  });

  it('outlive the death of Redis without an error, say so once each way, and tell it what was forgotten meanwhile', async () => {
    const durable = await startRedis({ isDurable: true });
    try {
      const [one, other] = [openProcess(durable.url), openProcess(durable.url)];
      await untilShared(one, other);
      await one.cache.get('stale', async () => 'before');
      await waitUntil('it is stored', 2_000, async () => (await keysOf(durable.url, 'stale')) === 1);
      await durable.kill();
      await one.cache.forget('stale');
      expect(await one.cache.get('new', async () => 'own')).toBe('own');
      expect(await one.cache.get('new', async () => 'not asked')).toBe('own');
      await waitUntil('it is noticed', 5_000, async () => one.caches.redisState() === 'down');
      await durable.start();
      await waitUntil('it is back', 20_000, async () => one.caches.redisState() === 'up');
      await untilShared(one, other);
      // Redis had kept the old entry; nobody may be given it.
      expect(await other.cache.get('stale', async () => 'after')).toBe('after');
      expect(one.lines).toHaveLength(2);
    } finally {
      await durable.stop();
    }
  });

  it('show what they do', async () => {
    const { cache, caches } = openProcess(redis.url);
    await untilShared(processes[0]!);
    const registry = new Registry();
    new CacheMetrics(registry, caches);
    await cache.get('seen', async () => 1);
    await cache.get('seen', async () => 1);
    const text = await registry.metrics();
    expect(text).toMatch(/^cache_hits_total\{cache="test\.things"\} [1-9]/m);
    expect(text).toMatch(/^cache_hit_ratio\{cache="test\.things"\} 0\.\d+/m);
    expect(text).toMatch(/^cache_entries\{cache="test\.things"\} [1-9]/m);
    expect(text).toMatch(/^cache_redis_up 1$/m);
  });
});

/** Values that Redis has of a key. */
async function keysOf(url: string, key: string): Promise<number> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  try {
    await client.connect();
    return (await client.keys(`guildhall:cache:*:=${key}}:value`)).length;
  } finally {
    client.disconnect();
  }
}
