import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AnswerCache, countValues } from './answer-cache.js';

describe('the cache of answers', () => {
  it('works once for those who ask at the same time, and for those who ask later', async () => {
    const cache = new AnswerCache(4, 100);
    let worked = 0;
    const work = (): Promise<number> => Promise.resolve((worked += 1));
    expect(await Promise.all([cache.get('a', work), cache.get('a', work)])).toEqual([1, 1]);
    expect(await cache.get('a', work)).toBe(1);
    expect(await cache.get('b', work)).toBe(2);
  });

  it('forgets failures', async () => {
    const cache = new AnswerCache(4, 100);
    await expect(cache.get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(cache.size).toBe(0);
    expect(await cache.get('a', () => Promise.resolve('back'))).toBe('back');
  });

  it('makes an answer of the one before, once for all who find it too old', async () => {
    const cache = new AnswerCache(4, 100);
    const befores: (number | undefined)[] = [];
    const ask = (least: number): Promise<number> =>
      cache.renew<number>(
        'a',
        (answer) => answer >= least,
        (before) => {
          befores.push(before);
          return Promise.resolve((before ?? 0) + 1);
        },
      );
    expect(await Promise.all([ask(1), ask(1)])).toEqual([1, 1]);
    expect(await Promise.all([ask(2), ask(2), ask(1)])).toEqual([2, 2, 1]);
    expect(await Promise.all([ask(4), ask(3)])).toEqual([3, 3]);
    expect(await ask(3)).toBe(3);
    expect(befores).toEqual([undefined, 1, 2]);
    expect(cache.size).toBe(1);
  });

  it('makes anew what could not be renewed', async () => {
    const cache = new AnswerCache(4, 100);
    await cache.get('a', () => Promise.resolve(1));
    const renew = (work: () => Promise<number>): Promise<number> => cache.renew('a', (n) => n > 1, work);
    await expect(renew(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await renew(() => Promise.resolve(2))).toBe(2);
    expect([cache.size, cache.values]).toEqual([1, 1]);
  });

  it('does not keep what has a huge key', async () => {
    const cache = new AnswerCache(4, 100);
    await cache.get('x'.repeat(1_001), () => Promise.resolve(1));
    expect(cache.size).toBe(0);
  });

  it('never holds more than its capacity, and keeps what was used last', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 }), async (keys) => {
        const cache = new AnswerCache(3, 100);
        let model: number[] = [];
        for (const key of keys) {
          let isNew = false;
          const answer = await cache.get(String(key), () => {
            isNew = true;
            return Promise.resolve(key);
          });
          expect(answer).toBe(key);
          expect(isNew).toBe(!model.includes(key));
          model = [...model.filter((other) => other !== key), key].slice(-3);
          expect(cache.size).toBe(model.length);
        }
      }),
    );
  });

  it('never holds more values than it may, whatever the answers are like', async () => {
    const sizes = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 30 })), {
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(sizes, async (asked) => {
        const cache = new AnswerCache(5, 20);
        for (const [key, size] of asked) {
          await cache.get(String(key), () => Promise.resolve(new Array<number>(size).fill(1)));
          expect(cache.values).toBeLessThanOrEqual(20);
          expect(cache.size).toBeLessThanOrEqual(5);
        }
        const [, last] = asked.at(-1) ?? [0, 0];
        if (asked.length > 0 && last <= 20) expect(cache.size).toBeGreaterThan(0);
      }),
    );
  });

  it('gives what is too large for it without keeping it, nor losing the rest', async () => {
    const cache = new AnswerCache(4, 10);
    await cache.get('small', () => Promise.resolve([1, 2]));
    expect(await cache.get('large', () => Promise.resolve(new Array<number>(11).fill(0)))).toHaveLength(11);
    expect([cache.size, cache.values]).toEqual([1, 2]);
  });

  it('counts the values of rows and of the lists inside of them', () => {
    expect(countValues([{ n: 1, at: new Date(0), name: 'a', none: null, logRatios: [1, 2, 3] }])).toBe(7);
  });
});
