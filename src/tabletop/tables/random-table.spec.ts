import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ratioOf } from './fraction.js';
import { faultsOfTable, type RandomTable, readTable, type ReadTable, type TableRow } from './random-table.js';
import { RandomStream } from './random-stream.js';
import { oddsOfResults, oddsOfRows } from './table-odds.js';
import { type Decks, RollFault, rollTable, type RollWorld } from './table-roll.js';

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

/** Rolls often, and compares with what was worked out: the chi-square statistic has to lie within what chance explains. */
function expectByOdds(counts: ReadonlyMap<string, number>, odds: ReadonlyMap<string, number>): void {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  for (const text of counts.keys()) expect(odds.get(text)).toBeGreaterThan(0);
  let statistic = 0;
  for (const [text, chance] of odds) {
    if (chance === 0) continue;
    const expected = chance * total;
    statistic += ((counts.get(text) ?? 0) - expected) ** 2 / expected;
  }
  const freedom = [...odds.values()].filter((chance) => chance > 0).length - 1;
  // Wilson and Hilferty's cube: beyond 3.3 standard deviations lies one run of two thousand, and runs are seeded.
  const bound = freedom * (1 - 2 / (9 * freedom) + 3.3 * Math.sqrt(2 / (9 * freedom))) ** 3;
  expect(statistic).toBeLessThan(bound);
  // Nor is it suspiciously good: numbers that merely take turns would give nearly nothing.
  if (freedom > 10)
    expect(statistic).toBeGreaterThan(
      freedom * (1 - 2 / (9 * freedom) - 3.9 * Math.sqrt(2 / (9 * freedom))) ** 3,
    );
}

function rolledOften(
  tables: Record<string, RandomTable>,
  first: string,
  times: number,
  variables: RollWorld['variables'] = {},
): Map<string, number> {
  const world = worldOf(tables, `odds of ${first}`, variables);
  const counts = new Map<string, number>();
  for (let index = 0; index < times; index += 1) {
    const { text } = rollTable(world.tables.get(first)!, world);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

describe('the odds of a table', () => {
  it.each([
    [
      'weights',
      {
        t: {
          rows: [
            { text: 'a', weight: 1 },
            { text: 'b', weight: 7 },
            { text: 'c', weight: 92 },
          ],
        },
      },
      {},
    ],
    [
      'dice',
      {
        t: {
          dice: '2d6',
          rows: Array.from({ length: 11 }, (_, i) => ({ text: `${i + 2}`, low: i + 2, high: i + 2 })),
        },
      },
      {},
    ],
    [
      'kept dice',
      {
        t: {
          dice: '3d6kh2',
          rows: [
            { text: 'low', low: 2, high: 7 },
            { text: 'high', low: 8, high: 12 },
          ],
        },
      },
      {},
    ],
    [
      'conditions',
      {
        t: {
          rows: [
            { text: 'x', when: '$level > 3' },
            { text: 'y', when: '$level < 3', weight: 5 },
            { text: 'z', weight: 2 },
          ],
        },
      },
      { level: 4 },
    ],
    [
      'tables within tables',
      {
        t: {
          rows: [
            { text: '{@u} and {@u}', weight: 2 },
            { text: 'none', weight: 3 },
            { text: '{@v} of {$level}' },
          ],
        },
        u: { rows: [{ text: 'red' }, { text: 'blue', weight: 3 }] },
        v: { rows: rows('{@u}', 'green') },
      },
      { level: 9 },
    ],
    [
      'twenty rows',
      { t: { rows: Array.from({ length: 20 }, (_, i) => ({ text: `r${i}`, weight: i + 1 })) } },
      {},
    ],
  ] as [string, Record<string, RandomTable>, RollWorld['variables']][])(
    'with %s are those of twenty thousand rolls',
    (_name, tables, variables) => {
      for (const table of Object.values(tables)) expect(faultsOfTable(table)).toEqual([]);
      const world = worldOf(tables, '', variables);
      const odds = oddsOfResults(world.tables.get('t')!, { ...world, nameOf: (id) => id })!;
      const ratios = new Map([...odds].map(([text, chance]) => [text, ratioOf(chance)]));
      expect([...ratios.values()].reduce((sum, ratio) => sum + ratio, 0)).toBeCloseTo(1, 9);
      expectByOdds(rolledOften(tables, 't', 20_000, variables), ratios);
    },
  );

  it('are exact', () => {
    const { tables } = worldOf(
      {
        t: { rows: [{ text: 'a' }, { text: 'b', weight: 2 }] },
        d: {
          dice: '2d6',
          rows: [
            { text: 'a', low: 2, high: 6 },
            { text: 'b', low: 7, high: 12 },
          ],
        },
      },
      '',
    );
    expect(oddsOfRows(tables.get('t')!, {})).toEqual([
      { parts: 1n, whole: 3n },
      { parts: 2n, whole: 3n },
    ]);
    expect(oddsOfRows(tables.get('d')!, {})).toEqual([
      { parts: 5n, whole: 12n },
      { parts: 7n, whole: 12n },
    ]);
  });

  it('sum to one, whatever the weights are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 40 }),
        (weights) => {
          const odds = oddsOfRows(
            readTable('t', { rows: weights.map((weight, i) => ({ text: `${i}`, weight })) }),
            {},
          );
          const whole = weights.reduce((sum, weight) => sum + weight, 0);
          for (const [index, { parts, whole: of }] of odds.entries())
            expect(parts * BigInt(whole)).toBe(BigInt(weights[index]!) * of);
        },
      ),
    );
  });

  it('leave dice as they are written, and what is hidden closed; too many are not told', () => {
    const tables = {
      t: { rows: rows('{2d6} rats', '{@secret}', '{1d4@u}') },
      u: { rows: rows('a') },
      secret: { rows: rows('the duke did it') },
    };
    const world = worldOf(tables, '');
    const odds = oddsOfResults(world.tables.get('t')!, {
      variables: {},
      find: (id) => (id === 'secret' ? undefined : world.find(id)),
      nameOf: (id) => (id === 'secret' ? '?' : id),
    })!;
    expect([...odds.keys()]).toEqual(['{2d6} rats', '{@?}', '{several @u}']);
    const wide = { rows: Array.from({ length: 100 }, (_, i) => ({ text: `${i}` })) };
    const many = worldOf({ t: { rows: rows('{@w}{@w}') }, w: wide }, '');
    expect(oddsOfResults(many.tables.get('t')!, { ...many, nameOf: (id) => id })).toBeNull();
  });
});

describe('a deck', () => {
  it('gives each card once before one comes again, however it is weighted, and only those that apply', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 12 }),
        (seed, weights) => {
          const world = worldOf(
            {
              t: {
                isDeck: true,
                rows: [
                  ...weights.map((weight, i) => ({ text: `${i}`, weight })),
                  { text: 'never', when: '$x = 1' },
                ],
              },
            },
            seed,
            { x: 2 },
          );
          const drawn = Array.from(
            { length: weights.length * 3 },
            () => rollTable(world.tables.get('t')!, world).text,
          );
          for (let round = 0; round < 3; round += 1)
            expect(new Set(drawn.slice(round * weights.length, (round + 1) * weights.length)).size).toBe(
              weights.length,
            );
          expect(drawn).not.toContain('never');
        },
      ),
    );
  });

  it('within another table is the same deck', () => {
    const world = worldOf(
      { t: { rows: rows('{3@d}') }, d: { isDeck: true, rows: rows('a', 'b', 'c') } },
      'deck',
    );
    expect(rollTable(world.tables.get('t')!, world).text.split(', ').sort()).toEqual(['a', 'b', 'c']);
  });

  it('goes on where it was left', () => {
    const decks: Decks = new Map([['t', new Set([0, 2])]]);
    const world = { ...worldOf({ t: { isDeck: true, rows: rows('a', 'b', 'c') } }, 's'), decks };
    expect(rollTable(world.tables.get('t')!, world).text).toBe('b');
    expect([...decks.get('t')!].sort()).toEqual([0, 1, 2]);
  });
});

describe('a roll', () => {
  it('is the same for the same seed, and says which rows and dice it came from', () => {
    const tables = { t: { rows: rows('{2d6+$n} {@u}', '{@u}') }, u: { rows: rows('wolf', 'bear', 'owl') } };
    fc.assert(
      fc.property(fc.string(), (seed) => {
        const [one, two] = [1, 2].map(() => {
          const world = worldOf(tables, seed, { n: 1 });
          return rollTable(world.tables.get('t')!, world);
        }) as [ReturnType<typeof rollTable>, ReturnType<typeof rollTable>];
        expect(one).toEqual(two);
        expect(one.rows.map(({ table, depth }) => [table, depth])).toEqual([
          ['t', 0],
          ['u', 1],
        ]);
        const [thrown] = one.rows[0]!.thrown;
        expect(one.text).toBe(
          `${one.rows[0]!.row === 0 ? `${thrown!.total + 1} ` : ''}${tables.u.rows[one.rows[1]!.row]!.text}`,
        );
      }),
    );
  });

  it.each([
    ['ring', { t: { rows: rows('{@u}') }, u: { rows: rows('{@t}') } }],
    [
      'too-deep',
      Object.fromEntries(
        ['t', ...Array.from({ length: 14 }, (_, i) => `t${i}`)].map((id, i) => [
          id,
          { rows: rows(`{@t${i}}`) },
        ]),
      ),
    ],
    [
      'too-many-rolls',
      { t: { rows: rows('{100@u}') }, u: { rows: rows('{100@v}') }, v: { rows: rows('x') } },
    ],
    ['unknown-table', { t: { rows: rows('{@nowhere}') } }],
    ['unknown-variable', { t: { rows: rows('{$x}') } }],
    ['wrong-kind', { t: { rows: [{ text: 'a', when: '3' }] } }],
    ['no-row', { t: { rows: [{ text: 'a', when: 'false' }] } }],
    ['out-of-range', { t: { rows: rows('{101@u}') }, u: { rows: rows('x') } }],
    ['too-long', { t: { rows: rows('{100@u}') }, u: { rows: rows('x'.repeat(2_000)) } }],
  ] as [string, Record<string, RandomTable>][])('that cannot be made is a fault: %s', (code, tables) => {
    const world = worldOf(tables, 's');
    expect(() => rollTable(world.tables.get('t')!, world)).toThrow(
      expect.objectContaining({ name: 'RollFault', code }),
    );
    expect(RollFault.name).toBe('RollFault');
  });
});
