import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AnswerCache } from './answer-cache.js';

describe('the cache of answers', () => {
  it('works once for those who ask at the same time, and for those who ask later', async () => {
    const cache = new AnswerCache(4);
    let worked = 0;
    const work = (): Promise<number> => Promise.resolve((worked += 1));
    expect(await Promise.all([cache.get('a', work), cache.get('a', work)])).toEqual([1, 1]);
    expect(await cache.get('a', work)).toBe(1);
    expect(await cache.get('b', work)).toBe(2);
  });

  it('forgets failures', async () => {
    const cache = new AnswerCache(4);
    await expect(cache.get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(cache.size).toBe(0);
    expect(await cache.get('a', () => Promise.resolve('back'))).toBe('back');
  });

  it('does not keep what has a huge key', async () => {
    const cache = new AnswerCache(4);
    await cache.get('x'.repeat(1_001), () => Promise.resolve(1));
    expect(cache.size).toBe(0);
  });

  it('never holds more than its capacity, and keeps what was used last', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 }), async (keys) => {
        const cache = new AnswerCache(3);
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
});
