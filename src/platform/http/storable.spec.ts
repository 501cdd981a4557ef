import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isDeeperThan, isStorable, isStorableJson } from './storable.js';

describe('text that is stored', () => {
  it('is well-formed, without NUL, and not blank', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('', '\0', '\ud800', '\udc00x', ' '),
        (a, b) => {
          const text = a + b;
          expect(isStorable(text)).toBe(text.trim() !== '' && !text.includes('\0') && text.isWellFormed());
        },
      ),
    );
  });

  it('may have lines and characters beyond the first plane', () => {
    for (const text of ['a\nb', '💰', 'é', ' x ']) expect(isStorable(text)).toBe(true);
    for (const text of ['', ' \n\u00a0', 'a\0b', 'a\ud83d', '\udcb0a']) expect(isStorable(text)).toBe(false);
  });
});

describe('JSON that is stored', () => {
  it('is made of such text, however deep, and not too deep', () => {
    const depthOf = (value: unknown): number =>
      typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), fc.integer({ min: 0, max: 6 }), (value, most) => {
        const isClean = !/\\u(?:0000|d[89a-f]..)/.test(JSON.stringify(value).replaceAll('\\\\', ''));
        expect(isStorableJson(value, most)).toBe(isClean && depthOf(value) <= most);
        expect(isDeeperThan(value, most)).toBe(depthOf(value) > most);
      }),
    );
    for (const bad of [[{ a: 'x\0' }], { a: { '\ud800': 1 } }, '\udc00'])
      expect(isStorableJson(bad, 9)).toBe(false);
    const hostile: unknown = JSON.parse('['.repeat(5_000) + ']'.repeat(5_000));
    expect([isStorableJson(hostile, 4_999), isStorableJson(hostile, 5_000)]).toEqual([false, true]);
    expect([isDeeperThan(hostile, 4_999), isDeeperThan(hostile, 5_000)]).toEqual([true, false]);
  });
});
