import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { faultsOfTable, type RandomTable, readTable, type ReadTable, type TableRow } from './random-table.js';
import { RandomStream } from './random-stream.js';
import { faultOfNesting } from './table-nesting.js';
import { rollTable, type RollWorld } from './table-roll.js';
import { escapeText, mapReferences, parseText, referencesOf } from './table-text.js';

const rows = (...texts: string[]): TableRow[] => texts.map((text) => ({ text }));

function worldOf(
  tables: Record<string, RandomTable>,
  seed: string,
  variables: RollWorld['variables'] = {},
): RollWorld & { tables: Map<string, ReadTable> } {
  const read = new Map(Object.entries(tables).map(([id, table]) => [id, readTable(id, table)]));
  return {
    tables: read,
    find: (id) => read.get(id),
    stream: RandomStream.ofSeed(seed),
    variables,
    decks: new Map(),
  };
}

describe('what is wrong with a table', () => {
  it.each([
    [{ rows: [] }, ['/rows too-few']],
    [
      { rows: rows('{2d6', 'ok', '}', '{@}') },
      ['/rows/0/text syntax', '/rows/2/text syntax', '/rows/3/text syntax'],
    ],
    [
      {
        rows: [
          { text: 'a', weight: 0 },
          { text: 'b', weight: 1.5 },
        ],
      },
      ['/rows/0/weight out-of-range', '/rows/1/weight out-of-range'],
    ],
    [{ rows: [{ text: 'a', when: 'd6 > 3' }] }, ['/rows/0/when wrong-kind']],
    [{ rows: [{ text: 'a', low: 1, high: 2 }] }, ['/rows/0/low no-dice']],
    [
      {
        dice: '1d4',
        rows: [
          { text: 'a', low: 1, high: 2 },
          { text: 'b', low: 2, high: 3 },
        ],
      },
      ['/rows/1/low overlap', '/rows gap'],
    ],
    [
      {
        dice: '1d4',
        rows: [
          { text: 'a', low: 1, high: 4 },
          { text: 'b', low: 7, high: 9 },
        ],
      },
      ['/rows/1/low never'],
    ],
    [{ dice: 'd6!', rows: [{ text: 'a', low: 1, high: 6 }] }, ['/dice endless']],
    [{ dice: 'd6', isDeck: true, rows: [{ text: 'a', low: 1, high: 6 }] }, ['/isDeck no-deck']],
    [
      { dice: 'd6', rows: [{ text: 'a', weight: 3, when: 'true' }] },
      ['/rows/0/low no-range', '/rows/0/weight no-weight', '/rows/0/when no-condition'],
    ],
    [{ rows: rows('x'.repeat(2_001)) }, ['/rows/0/text too-long']],
    [{ rows: rows(...Array.from({ length: 1_001 }, () => 'x')) }, ['/rows too-many']],
  ] as [RandomTable, string[]][])('%#', (table, expected) => {
    expect(faultsOfTable(table).map(({ pointer, code }) => `${pointer} ${code}`)).toEqual(expected);
  });

  it('is never told by the thousand', () => {
    expect(
      faultsOfTable({ rows: rows(...Array.from({ length: 1_000 }, () => '{')) }).length,
    ).toBeLessThanOrEqual(20);
  });
});

describe('a text', () => {
  it('with escaped braces comes out as it went in', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const world = worldOf({ t: { rows: rows(escapeText(text)) } }, 's');
        expect(rollTable(world.tables.get('t')!, world).text).toBe(text);
      }),
    );
  });

  it('keeps everything but the names of its tables when they are renamed', () => {
    const text = 'a {{b}} {@One} {2d6} {1d4@Two, the "second"} {"}"}';
    expect(referencesOf(text)).toEqual(['One', 'Two, the "second"']);
    const renamed = mapReferences(text, (name) => name.slice(0, 3).trim());
    expect(renamed).toBe('a {{b}} {@One} {2d6} {1d4@Two} {"}"}');
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('{{', '}}', 'x', '{@A b}', '{2@c}', '{$v}', '{"@"}')),
        (pieces) => {
          const whole = pieces.join('');
          expect(mapReferences(whole, (name) => name)).toBe(whole);
          expect(
            mapReferences(
              mapReferences(whole, (name) => `${name}!`),
              (name) => name.slice(0, -1),
            ),
          ).toBe(whole);
        },
      ),
    );
  });

  it('says where a brace stands that does not fit', () => {
    for (const [bad, at] of [
      ['ab{', 2],
      ['a}', 1],
      ['{1 {2}}', 0],
      ['{"x}', 0],
      ['x {2d6 +}', 8],
    ] as const)
      expect(() => parseText(bad)).toThrow(expect.objectContaining({ at }));
  });
});

describe('nesting', () => {
  it('finds the ring that a naive walk finds, and only that', () => {
    const graph = fc.array(fc.array(fc.nat(7), { maxLength: 3 }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(graph, (edges) => {
        const nesting = new Map(edges.map((within, id) => [`${id}`, within.map(String)]));
        const walk = (id: string, way: readonly string[]): boolean =>
          way.includes(id) || (nesting.get(id) ?? []).some((next) => walk(next, [...way, id]));
        const height = (id: string): number => 1 + Math.max(0, ...(nesting.get(id) ?? []).map(height));
        const found = faultOfNesting(nesting, '0', 4);
        if (walk('0', [])) {
          const { ring } = found as { ring: string[] };
          expect(ring[0]).toBe(ring.at(-1));
          for (const [index, id] of ring.slice(0, -1).entries())
            expect(nesting.get(id)).toContain(ring[index + 1]);
        } else expect(found).toBe(height('0') > 4 ? 'deep' : null);
      }),
    );
  });

  it('answers for ten thousand tables in a ring, or in a row', () => {
    const ring = new Map(Array.from({ length: 10_000 }, (_, i) => [`${i}`, [`${(i + 1) % 10_000}`]]));
    expect((faultOfNesting(ring, '0', 12) as { ring: string[] }).ring).toHaveLength(10_001);
    ring.set('9999', []);
    expect(faultOfNesting(ring, '0', 12)).toBe('deep');
  });
});
