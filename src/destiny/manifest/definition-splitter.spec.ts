import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DefinitionSplitter, MalformedManifestError, type RawDefinition } from './definition-splitter.js';

const text = new TextDecoder();

/** Pushes `json` cut at the given places. */
function split(json: string | Uint8Array, depth: 1 | 2, cuts: readonly number[] = []): RawDefinition[] {
  const bytes = typeof json === 'string' ? new TextEncoder().encode(json) : json;
  const splitter = new DefinitionSplitter(depth);
  const found: RawDefinition[] = [];
  let from = 0;
  for (const cut of [...cuts.map((share) => Math.floor(share * bytes.length)), bytes.length]) {
    if (cut < from) continue;
    found.push(...splitter.push(bytes.subarray(from, cut)));
    from = cut;
  }
  splitter.end();
  return found;
}

const readable = (found: readonly RawDefinition[]): [string | undefined, string, unknown][] =>
  found.map(({ table, key, json }) => [table, key, JSON.parse(text.decode(json))]);

const cuts = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 })
  .map((shares) => shares.sort((a, b) => a - b));
const hash = fc.integer({ min: 0, max: 0xffff_ffff }).map(String);
const definition = fc.dictionary(fc.string({ unit: 'binary', maxLength: 8 }), fc.jsonValue(), { maxKeys: 5 });
const table = fc.dictionary(hash, definition, { maxKeys: 6 });
const space = fc.constantFrom(undefined, 1, '\t', '\n');

describe('a file of definitions', () => {
  it('of one table is cut into what JSON.parse finds in it, wherever the pieces end', () => {
    fc.assert(
      fc.property(table, cuts, space, (definitions, at, indent) => {
        const json = JSON.stringify(definitions, null, indent);
        const expected = Object.entries(JSON.parse(json) as object).map(([key, value]) => [
          undefined,
          key,
          value,
        ]);
        expect(readable(split(json, 1, at))).toEqual(expected);
      }),
    );
  });

  it('of all tables likewise', () => {
    const names = fc.constantFrom('DestinyRecordDefinition', 'DestinyStatDefinition', 'Other');
    fc.assert(
      fc.property(fc.dictionary(names, table, { maxKeys: 3 }), cuts, space, (tables, at, indent) => {
        const json = JSON.stringify(tables, null, indent);
        const expected = Object.entries(JSON.parse(json) as Record<string, object>).flatMap(
          ([name, definitions]) =>
            Object.entries(definitions).map(([key, value]) => [name, key, value as unknown]),
        );
        expect(readable(split(json, 2, at))).toEqual(expected);
      }),
    );
  });

  it('that is cut anywhere before its end is said to be', () => {
    fc.assert(
      fc.property(
        table,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (definitions, share) => {
          const bytes = new TextEncoder().encode(JSON.stringify(definitions));
          const cut = bytes.subarray(0, Math.floor(share * bytes.length));
          expect(() => split(cut, 1)).toThrow(MalformedManifestError);
        },
      ),
    );
  });

  it('hands out only the tables that are wanted', () => {
    const splitter = new DefinitionSplitter(2, (name) => name === 'B');
    const found = splitter.push(new TextEncoder().encode('{"A":{"1":{}},"B":{"2":{"a":"}"}},"C":{}}'));
    splitter.end();
    expect(readable(found)).toEqual([['B', '2', { a: '}' }]]);
  });

  it.each([
    ['nothing', ''],
    ['a list', '[]'],
    ['a page', '<html></html>'],
    ['a definition that is none', '{"1":2}'],
    ['a definition that is a list', '{"1":[]}'],
    ['two files', '{}{}'],
    ['a missing comma', '{"1":{}"2":{}}'],
    ['a comma too many', '{"1":{},}'],
    ['a comma first', '{,"1":{}}'],
    ['a missing colon', '{"1"{}}'],
    ['a key with an escape', '{"\\u0031":{}}'],
    ['a key without end', `{"${'1'.repeat(300)}":{}}`],
    ['a brace too many', '{"1":{}}}'],
  ])('that is %s is refused', (_what, json) => {
    expect(() => split(json, 1)).toThrow(MalformedManifestError);
  });

  it('may be far larger than one definition', () => {
    const splitter = new DefinitionSplitter(1);
    const one = new TextEncoder().encode(`"1":{"a":"${'b'.repeat(1_048_576)}"}`);
    splitter.push(Uint8Array.of(0x7b));
    for (let count = 0; count < 40; count += 1) {
      if (count > 0) splitter.push(Uint8Array.of(0x2c));
      expect(splitter.push(one)).toHaveLength(1);
    }
    splitter.push(Uint8Array.of(0x7d));
    splitter.end();
  });

  it('with a definition that does not end is refused before it fills the memory', () => {
    const splitter = new DefinitionSplitter(1);
    splitter.push(new TextEncoder().encode('{"1":{"a":"'));
    const piece = new Uint8Array(1_048_576).fill(0x61);
    expect(() => {
      for (let megabytes = 0; megabytes < 20; megabytes += 1) splitter.push(piece);
    }).toThrow('The definition 1 is too large.');
  });
});
