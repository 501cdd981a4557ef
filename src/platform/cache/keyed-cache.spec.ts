import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Caches } from './caches.service.js';
import { entryKey, keyPrefix } from './entry-key.js';
import { KeyedCache } from './keyed-cache.js';

const TTL_MS = 100;

function open(mostEntries = 3) {
  const clock = { nowMs: 1 }; // the library takes an entry of the time 0 for one without end
  const options = { name: 'test.things', ttlMs: TTL_MS, mostEntries, version: 1 };
  return { clock, cache: new KeyedCache<unknown>(options, undefined, () => clock.nowMs) };
}

/** A load that ends when it is told to. */
class Pending {
  readonly promise: Promise<unknown>;
  resolve!: (value: unknown) => void;
  reject!: (error: Error) => void;
  signal!: AbortSignal;

  constructor() {
    this.promise = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a cache', () => {
  // The world has one value per key, its version; `change` raises it and forgets. Whoever asks after a change must not see what was before.
  const command = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('get' as const), key: fc.constantFrom('a', 'b') }),
    },
    fc.record({ kind: fc.constant('change' as const), key: fc.constantFrom('a', 'b') }),
    fc.record({ kind: fc.constantFrom('end' as const, 'fail' as const), nth: fc.nat(5) }),
    fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 150 }) }),
  );

  it('loads once for all who ask meanwhile, keeps no failure, and gives out nothing older than what was forgotten', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 40 }), async (commands) => {
        const { cache, clock } = open();
        const truth = new Map([
          ['a', 0],
          ['b', 0],
        ]);
        const loads: { key: string; seen: number; pending: Pending; isOver: boolean; bornIn: number }[] = [];
        const epochs = new Map([
          ['a', 0],
          ['b', 0],
        ]);
        const faults: string[] = [];
        const asked: Promise<void>[] = [];
        for (const step of commands) {
          if (step.kind === 'get') {
            const least = truth.get(step.key)!;
            const call = cache.get(step.key, () => {
              const [seen, bornIn] = [truth.get(step.key)!, epochs.get(step.key)!];
              const rival = loads.find((one) => one.key === step.key && !one.isOver && one.bornIn === bornIn);
              if (rival) faults.push('two loads of one key at a time');
              const load = { key: step.key, seen, pending: new Pending(), isOver: false, bornIn };
              loads.push(load);
              return load.pending.promise;
            });
            asked.push(
              call.then(
                (value) => {
                  if ((value as number) < least) faults.push(`${step.key}: ${String(value)} after ${least}`);
                },
                (error: Error) => {
                  if (error.message !== 'planned') faults.push(error.message);
                },
              ),
            );
          } else if (step.kind === 'change') {
            truth.set(step.key, truth.get(step.key)! + 1);
            epochs.set(step.key, epochs.get(step.key)! + 1);
            await cache.forget(step.key);
          } else if (step.kind === 'wait') {
            clock.nowMs += step.ms;
          } else {
            const open = loads.filter(({ isOver }) => !isOver);
            const load = open[step.nth % Math.max(1, open.length)];
            if (load) {
              load.isOver = true;
              if (step.kind === 'end') load.pending.resolve(load.seen);
              else load.pending.reject(new Error('planned'));
            }
          }
          await settle();
        }
        for (const load of loads) load.pending.resolve(load.seen);
        await Promise.all(asked);
        expect(faults).toEqual([]);
      }),
    );
  });

  it('gives out an entry as long as it lives and no longer, and keeps as many as it may', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.constantFrom(...'abcde')), { maxLength: 40 }),
        async (steps) => {
          const { cache, clock } = open(3);
          const bornAtMs = new Map<string, number>();
          let used: string[] = [];
          for (const [ms, key] of steps) {
            clock.nowMs += ms;
            let isLoaded = false;
            await cache.get(key, async () => {
              isLoaded = true;
              return key;
            });
            const isOld = clock.nowMs - (bornAtMs.get(key) ?? -Infinity) > TTL_MS;
            const isGone = !used.slice(-3).includes(key);
            expect(isLoaded).toBe(isOld || isGone);
            if (isLoaded) bornAtMs.set(key, clock.nowMs);
            used = [...used.filter((other) => other !== key), key].slice(-3);
            expect(cache.size).toBeLessThanOrEqual(3);
          }
        },
      ),
    );
  });

  it('keeps that something is not there, null or undefined', async () => {
    for (const nothing of [null, undefined]) {
      const { cache } = open();
      expect(await cache.get('a', async () => nothing)).toBe(nothing);
      expect(await cache.get('a', async () => 'something')).toBe(nothing);
      expect(cache.figures).toMatchObject({ hits: 1, misses: 1 });
    }
  });

  it('gives all the same value, which nobody can spoil', async () => {
    const { cache } = open();
    const value = (await cache.get('a', async () => ({ perks: [{ name: 'Outlaw' }] }))) as {
      perks: { name: string }[];
    };
    expect(() => (value.perks[0]!.name = 'spoilt')).toThrow(TypeError);
    expect(() => value.perks.push({ name: 'more' })).toThrow(TypeError);
    expect(await cache.get('a', async () => null)).toBe(value);
  });

  it('refuses what JSON would make something else of, and keeps nothing then', async () => {
    const strange = [
      new Date(),
      new Map(),
      1n,
      NaN,
      Infinity,
      () => 1,
      new Uint8Array(1),
      new Pending(),
      Symbol('x'),
    ];
    for (const value of strange) {
      const { cache } = open();
      await expect(cache.get('a', async () => ({ deep: [value] }))).rejects.toThrow(TypeError);
      expect(await cache.get('a', async () => 'good')).toBe('good');
    }
  });

  it('walks what turns back on itself once', async () => {
    const { cache } = open();
    const circle: Record<string, unknown> = { name: 'x' };
    circle['self'] = circle;
    const value = (await cache.get('a', async () => circle)) as typeof circle;
    expect(Object.isFrozen(value['self'])).toBe(true);
  });

  it('lets one caller go while the others wait on, and gives the load up with the last', async () => {
    const { cache } = open();
    const pending = new Pending();
    const load = (signal: AbortSignal): Promise<unknown> => {
      pending.signal = signal;
      return pending.promise;
    };
    const [one, other] = [new AbortController(), new AbortController()];
    const first = cache.get('a', load, { signal: one.signal });
    const second = cache.get('a', load, { signal: other.signal });
    await settle();
    one.abort(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    expect(pending.signal.aborted).toBe(false);
    other.abort(new Error('gone too'));
    await expect(second).rejects.toThrow('gone too');
    expect(pending.signal.aborted).toBe(true);
    expect(await cache.get('a', async () => 'anew')).toBe('anew');
    pending.resolve('late');
    await settle();
    expect(await cache.get('a', async () => 'not asked')).toBe('anew');
  });

  it('does not begin for a caller who has gone already', async () => {
    const { cache } = open();
    await expect(cache.get('a', async () => 1, { signal: AbortSignal.abort() })).rejects.toThrow();
    expect(cache.figures.misses).toBe(0);
  });
});

describe('keys', () => {
  const identity = fc.record({
    name: fc.constantFrom('a', 'a.b', 'b', 'a-b'),
    version: fc.integer({ min: 1, max: 12 }),
  });
  const key = fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom('1:x', ':', 'x'.repeat(300), '='));

  it('of two caches, versions or keys are never the same, and begin with their own cache alone', () => {
    fc.assert(
      fc.property(identity, key, identity, key, (one, oneKey, other, otherKey) => {
        const isSameCache = one.name === other.name && one.version === other.version;
        expect(entryKey(one, oneKey) === entryKey(other, otherKey)).toBe(isSameCache && oneKey === otherKey);
        expect(entryKey(one, oneKey).startsWith(keyPrefix(other))).toBe(isSameCache);
      }),
    );
  });
});

describe('the caches of a process', () => {
  const world = {
    redisUrl: undefined,
    log: { info: () => undefined, warn: () => undefined },
    nowMs: () => 0,
  };
  const options = { name: 'test.things', ttlMs: 1_000, mostEntries: 5, version: 1 };

  it('have names of their own and figures that can be meant', () => {
    const caches = new Caches(world);
    caches.open(options);
    expect(() => caches.open(options)).toThrow('already');
    const wrong = [{ name: 'Bad:Name' }, { ttlMs: 0 }, { mostEntries: 1.5 }, { version: 0 }];
    for (const one of wrong)
      expect(() => caches.open({ ...options, name: 'test.other', ...one })).toThrow('meant');
  });

  it('count how calls ended', async () => {
    const caches = new Caches(world);
    const cache = caches.open({ ...options, isShared: true });
    await cache.get('a', async () => 1);
    await Promise.all([
      cache.get('b', async () => 1),
      cache.get('b', async () => 1),
      cache.get('a', async () => 2),
    ]);
    await expect(cache.get('c', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const figures = { hits: 1, sharedHits: 0, joined: 1, misses: 3, failures: 1 };
    expect(caches.figures()).toEqual([{ name: 'test.things', size: 2, figures }]);
    expect(caches.redisState()).toBe('none');
  });
});
