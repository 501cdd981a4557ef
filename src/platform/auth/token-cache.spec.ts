import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { READ_PRINCIPAL } from './principal.js';
import { CACHED_FOR_MS, TokenCache } from './token-cache.js';

const account = (expiresAtMs: number) => ({ ...READ_PRINCIPAL, kind: 'account' as const, expiresAtMs });

describe('the cache of verified tokens', () => {
  it('is a list of the least recently used, bounded by number and characters', () => {
    const header = fc.string({ minLength: 1, maxLength: 6 });
    const step = fc.tuple(fc.constantFrom('find', 'add', 'remove'), header);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const cache = new TokenCache(5, 20);
        let model: string[] = [];
        for (const [what, key] of steps) {
          const isKnown = model.includes(key);
          if (what === 'find') expect(cache.find(key, 0) !== undefined).toBe(isKnown);
          else cache[what as 'add'](key, READ_PRINCIPAL, 0);
          model = model.filter((other) => other !== key);
          if (what === 'add' || (what === 'find' && isKnown)) model.push(key);
          while (model.length > 5 || model.join('').length > 20) model.shift();
          expect(cache.size).toBe(model.length);
        }
      }),
    );
  });

  it('forgets a token at its end, and any token after ten minutes', () => {
    const cache = new TokenCache();
    const [short, long] = [account(1_000), account(1e12)];
    cache.add('short', short, 0);
    cache.add('long', long, 0);
    expect(cache.find('short', 999)).toBe(short);
    expect(cache.find('short', 1_000)).toBeUndefined();
    expect(cache.find('long', CACHED_FOR_MS - 1)).toBe(long);
    expect(cache.find('long', CACHED_FOR_MS)).toBeUndefined();
    expect(cache.size).toBe(0);
  });
});
