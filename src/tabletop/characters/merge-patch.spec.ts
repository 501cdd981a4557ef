import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isSameJson, type Json, type JsonObject, mergePatch, touched } from './merge-patch.js';

const keys = fc.constantFrom('hp', 'name', 'abilities', '__proto__', 'x');
const { json } = fc.letrec<{ json: Json; object: JsonObject }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Json>(null, true, 0, 7, 'text'),
    fc.array(tie('json'), { maxLength: 2 }),
    tie('object'),
  ),
  object: fc
    .array(fc.tuple(keys, tie('json')), { maxLength: 3 })
    .map((entries) => Object.fromEntries(entries)),
}));

describe('a merge patch', () => {
  // The examples of RFC 7396, appendix A.
  it.each<[Json, Json, Json]>([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('of %j by %j is %j', (target, patch, expected) => {
    expect(mergePatch(target, patch)).toEqual(expected);
  });

  it('said twice says no more, and changes nothing of what it was given', () => {
    fc.assert(
      fc.property(json, json, (target, patch) => {
        const before = JSON.stringify(target);
        const once = mergePatch(target, patch);
        expect(isSameJson(mergePatch(once, patch), once)).toBe(true);
        expect(JSON.stringify(target)).toBe(before);
      }),
    );
  });

  it('touches what it changes: whatever else changes, those places are as they were, and only then', () => {
    fc.assert(
      fc.property(json, json, json, (target, patch, other) => {
        const later = mergePatch(target, other);
        const isUntouched = isSameJson(touched(target, patch), touched(later, patch));
        // Undone and done again by hand: where the places are as they were, the order of the two changes makes no difference to them.
        if (isSameJson(later, target)) expect(isUntouched).toBe(true);
        if (isUntouched)
          expect(
            isSameJson(touched(mergePatch(later, patch), patch), touched(mergePatch(target, patch), patch)),
          ).toBe(true);
      }),
    );
    expect(isSameJson(touched({ hp: 7 }, { hp: 5 }), touched({ hp: 6 }, { hp: 5 }))).toBe(false);
    expect(isSameJson(touched({ hp: 7, xp: 1 }, { hp: 5 }), touched({ hp: 7, xp: 2 }, { hp: 5 }))).toBe(true);
  });
});
