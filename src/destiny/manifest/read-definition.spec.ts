import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MalformedManifestError } from './definition-splitter.js';
import { containsPattern, foldWords } from './fold-words.js';
import { hashOf, readDefinition } from './read-definition.js';

const raw = (key: string, json: string) => ({ table: undefined, key, json: new TextEncoder().encode(json) });
/** As PostgreSQL refuses it in jsonb. */
const UNSTORABLE = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

function everyText(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...everyText(inner)]);
}

describe('a definition', () => {
  it('is kept as it stands, and can always be stored', () => {
    // Halves of surrogate pairs and NUL come as escapes: JSON.stringify writes them so.
    const hostile = fc.string({
      unit: fc.constantFrom('a', '\0', '\ud800', '\udc00', '😀', '"', '\\', 'é'),
      maxLength: 6,
    });
    fc.assert(
      fc.property(fc.dictionary(hostile, fc.oneof(hostile, fc.array(hostile))), (value) => {
        const given = JSON.stringify(value);
        const { json } = readDefinition(raw('1', given));
        const stored = JSON.parse(json) as unknown;
        expect(everyText(stored).filter((one) => UNSTORABLE.test(one))).toEqual([]);
        if (!everyText(value).some((one) => UNSTORABLE.test(one))) expect(stored).toEqual(value);
      }),
    );
  });

  it('is found by its folded name', () => {
    const name = (json: string): string | null => readDefinition(raw('1', json)).nameFold;
    expect(name('{"displayProperties":{"name":"  Jötunn’s\\u00a0 Bow "}}')).toBe("jotunn's bow");
    expect(name('{"displayProperties":{"name":""}}')).toBeNull();
    expect(name('{"displayProperties":null}')).toBeNull();
    expect(name('{"displayProperties":{"name":5}}')).toBeNull();
    expect(name('{}')).toBeNull();
  });

  it.each(['{"a":}', '{"a":1 "b":2}', '{"a":"\u0001"}', '{a:1}', '{"a":[}'])('%s is refused', (json) => {
    expect(() => readDefinition(raw('12', json))).toThrow(MalformedManifestError);
    expect(() => readDefinition(raw('12', json))).toThrow('The definition 12 is not JSON.');
  });

  it('has a hash of 32 bits, signed or not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (hash) => {
        expect(hashOf(String(hash))).toBe(hash);
        expect(hashOf(String(hash | 0))).toBe(hash);
      }),
    );
    for (const key of ['', '-', 'a', '1.5', '4294967296', '-2147483649', '00000000001', '1e3', ' 1'])
      expect(hashOf(key)).toBeUndefined();
    expect(() => readDefinition(raw('x', '{}'))).toThrow('The key "x" is no hash.');
  });
});

describe('a folded name', () => {
  it('does not change when it is folded again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(foldWords(foldWords(name))).toBe(foldWords(name));
      }),
    );
  });

  it('is looked for as it is, whatever LIKE would make of it', () => {
    expect(containsPattern('50%_Ü\\')).toBe('%50\\%\\_u\\\\%');
  });
});
