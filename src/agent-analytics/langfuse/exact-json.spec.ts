import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { keepableText, parseExactJson, parsePayload } from './exact-json.js';

const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
});

/** What JSON.parse makes of a text, but for integers that no double holds. */
const expected = (text: string): unknown =>
  JSON.parse(text, (_key, value: unknown) =>
    typeof value === 'number' && /^-?\d+$/.test(String(value)) && !Number.isSafeInteger(value)
      ? String(value)
      : value,
  );

describe('keepableText', () => {
  it('has neither NUL nor lone surrogates, and leaves everything else alone', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const kept = keepableText(text);
        expect(kept).not.toContain('\0');
        expect(kept.isWellFormed()).toBe(true);
        expect(kept).toHaveLength(text.length);
        if (text.isWellFormed() && !text.includes('\0')) expect(kept).toBe(text);
      }),
    );
    expect(keepableText('a\0b\ud800c😀')).toBe('a\ufffdb\ufffdc😀');
  });
});

describe('parseExactJson', () => {
  it('reads what JSON.parse reads, where that bends nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
        const text = JSON.stringify(value);
        expect(parseExactJson(text)).toEqual(expected(text));
      }),
    );
  });

  it('keeps every integer: as a number where a double holds it, else as text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), { maxLength: 5 }),
        (numbers) => {
          const text = `{"list":[${numbers.join(' , ')}],"said":"a \\"12345678901234567890\\" b"}`;
          const read = parseExactJson(text) as { list: (number | string)[]; said: string };
          expect(read.list.map(String)).toEqual(numbers.map(String));
          expect(read.list.map((one) => typeof one)).toEqual(
            numbers.map((one) => (Number.isSafeInteger(Number(one)) ? 'number' : 'string')),
          );
          expect(read.said).toBe('a "12345678901234567890" b');
        },
      ),
    );
  });

  it('keeps what is beyond all doubles as text', () => {
    expect(parseExactJson('[1e999, -1E+400, 1.5e300, 0.1234567890123456789]')).toEqual([
      '1e999',
      '-1E+400',
      1.5e300,
      0.12345678901234568,
    ]);
  });

  it('cleans keys and values at any depth', () => {
    const dirty = '{"a\\u0000":["x\\ud800",{"b":"\\udc00"}],"😀":"\\ud83d\\ude00"}';
    expect(parseExactJson(dirty)).toEqual({ 'a\ufffd': ['x\ufffd', { b: '\ufffd' }], '😀': '😀' });
  });

  it('survives nesting without end, and keys that objects have by themselves', () => {
    const deep = `${'['.repeat(100_000)}1${']'.repeat(100_000)}`;
    expect(JSON.stringify(parseExactJson(deep))).toContain('nested too deeply');
    const strange = parseExactJson('{"__proto__":{"a":"\\u0000"},"constructor":1}') as object;
    expect(Object.keys(strange)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(strange)).toBe(Object.prototype);
  });

  it.each(['', '{', '{"a":1', '<html>', 'NaN', '[1,]', '"\n"', '123456789012345678901'.repeat(2) + 'x'])(
    'throws for %j',
    (text) => {
      expect(() => parseExactJson(text)).toThrow(SyntaxError);
    },
  );
});

describe('parsePayload', () => {
  it('gives back what was put into text, and text that is no JSON as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
        expect(parsePayload(JSON.stringify(value))).toEqual(expected(JSON.stringify(value)));
      }),
    );
    expect(parsePayload('A - Ask about the scar')).toBe('A - Ask about the scar');
    expect(parsePayload(null)).toBeNull();
  });
});
