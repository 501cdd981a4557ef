import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { KeyCache } from './key-cache.js';

const key = (byte: number): Buffer => Buffer.alloc(32, byte);

describe('the cache of keys', () => {
  it('gives copies, and overwrites what it held', () => {
    const cache = new KeyCache({ maxKeys: 2, keepMs: 10 }, () => 0);
    const held = key(1);
    cache.put('k', 'u', held);
    held.fill(9);
    expect(cache.find('k', 'u')).toEqual(key(1));
    const { entries } = cache as unknown as { entries: Map<string, { bytes: Buffer }> };
    const { bytes } = entries.get('k')!;
    cache.forget('u');
    expect(bytes).toEqual(Buffer.alloc(32));
    expect(cache.find('k', 'u')).toBeUndefined();
  });

  it('knows nobody by the key of another', () => {
    const cache = new KeyCache({ maxKeys: 2, keepMs: 10 }, () => 0);
    cache.put('k', 'u', key(1));
    expect(cache.find('k', 'v')).toBeUndefined();
  });

  it('never holds more than it may, nor longer, whatever is asked of it', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('put' as const), id: fc.nat(6) }),
      fc.record({ do: fc.constant('wait' as const), id: fc.nat(6) }),
      fc.record({ do: fc.constant('forget' as const), id: fc.nat(6) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let nowMs = 0;
        const cache = new KeyCache({ maxKeys: 3, keepMs: 5 }, () => nowMs);
        const model = new Map<string, number>();
        for (const { do: what, id } of steps) {
          if (what === 'wait') nowMs += id;
          else if (what === 'forget') {
            cache.forget(`u${id}`);
            model.delete(`k${id}`);
          } else {
            cache.put(`k${id}`, `u${id}`, key(id));
            model.set(`k${id}`, nowMs);
          }
          for (let n = 0; n <= 6; n += 1) {
            const found = cache.find(`k${n}`, `u${n}`);
            if (found === undefined) continue;
            expect(found).toEqual(key(n));
            expect(nowMs - model.get(`k${n}`)!).toBeLessThan(5);
          }
          expect((cache as unknown as { entries: Map<string, unknown> }).entries.size).toBeLessThanOrEqual(3);
        }
      }),
    );
  });
});
