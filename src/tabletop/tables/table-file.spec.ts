import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { faultsOfTable } from './random-table.js';
import { readTableFile } from './table-file.reader.js';
import { rangeOf, readList, type TableFormat, toRandomTable } from './table-lines.js';

function read(text: string, format: TableFormat) {
  return readTableFile(text, format, 'Imported').map((found) => ({
    name: found.name,
    ...toRandomTable(found),
  }));
}

describe('a plain list', () => {
  it('has one result per line, whatever stands before it', () => {
    expect(read('- A wolf\n* 3 goblins\n\n  An owl  ', 'list')).toEqual([
      {
        name: 'Imported',
        notes: [],
        table: {
          rows: [
            { text: 'A wolf', weight: 1 },
            { text: '3 goblins', weight: 1 },
            { text: 'An owl', weight: 1 },
          ],
        },
      },
    ]);
  });

  it('weighs by ranges of percentile dice', () => {
    expect(read('d100 In the wood\n01-05 Nothing\n06–95. {2d6} wolves\n96-00 A dragon', 'list')).toEqual([
      {
        name: 'In the wood',
        notes: [],
        table: {
          rows: [
            { text: 'Nothing', weight: 5 },
            { text: '{2d6} wolves', weight: 90 },
            { text: 'A dragon', weight: 5 },
          ],
        },
      },
    ]);
  });

  it('keeps the ranges of several dice, where they are whole', () => {
    const whole = `2d6 Weather\n2-4 rain\n5 - 9 clouds\n10-12 sun`;
    expect(read(whole, 'list')[0]!.table).toMatchObject({
      dice: '2d6',
      rows: [
        { low: 2, high: 4 },
        { low: 5, high: 9 },
        { low: 10, high: 12 },
      ],
    });
    const [torn] = read('2d6 Weather\n2-4 rain\n5-9 clouds', 'list');
    expect(torn!.table.dice).toBeUndefined();
    expect(torn!.notes).toMatchObject([{ line: 1, code: 'dice-ignored' }]);
  });

  it('takes numbers for a part of the results where they do not count up', () => {
    expect(read('3 goblins\n2 wolves\n1 giant', 'list')[0]!.table.rows.map(({ text }) => text)).toEqual([
      '3 goblins',
      '2 wolves',
      '1 giant',
    ]);
    expect(read('1. goblins\n2. wolves\n3. giant', 'list')[0]!.table.rows.map(({ text }) => text)).toEqual([
      'goblins',
      'wolves',
      'giant',
    ]);
  });
});

describe('CSV', () => {
  it('is read by the names of its columns, into one table or several', () => {
    const text = 'table,weight,result,when\nA,3,"x, y",\nB,,z,$level > 2\nA,nonsense,{open,$$\n';
    const [a, b] = read(text, 'csv');
    expect(a).toMatchObject({
      name: 'A',
      table: {
        rows: [
          { text: 'x, y', weight: 3 },
          { text: '{{open', weight: 1 },
        ],
      },
    });
    expect(a!.notes.map(({ line, code }) => `${line} ${code}`)).toEqual([
      '4 escaped',
      '4 weight-ignored',
      '4 condition-ignored',
    ]);
    expect(b).toMatchObject({
      name: 'B',
      table: { rows: [{ text: 'z', weight: 1, when: '$level > 2' }] },
      notes: [],
    });
  });

  it('may have semicolons, no header, and ranges', () => {
    expect(read('01-50;heads\n51-00;tails', 'csv')[0]!.table.rows).toEqual([
      { text: 'heads', weight: 50 },
      { text: 'tails', weight: 50 },
    ]);
    expect(read('only\nresults', 'csv')[0]!.table.rows.map(({ text }) => text)).toEqual(['only', 'results']);
  });
});

describe('JSON', () => {
  it('is a list of texts, a table, several, or what Foundry exports', () => {
    expect(read('["a", {"text": "b", "weight": 4}, 7]', 'json')[0]).toMatchObject({
      table: { rows: [{ text: 'a' }, { text: 'b', weight: 4 }] },
      notes: [{ line: 3, code: 'skipped' }],
    });
    expect(
      read('{"tables": [{"name": "One", "rows": ["a"]}, {"rows": ["b"]}]}', 'json').map(({ name }) => name),
    ).toEqual(['One', 'Imported 2']);
    const foundry = {
      name: 'Loot',
      formula: '1d20',
      replacement: false,
      results: [
        { type: 'text', text: 'gold', weight: 15, range: [1, 15] },
        { name: 'gem', text: '', range: [16, 20] },
      ],
    };
    expect(read(JSON.stringify(foundry), 'json')).toEqual([
      {
        name: 'Loot',
        notes: [],
        table: {
          isDeck: true,
          rows: [
            { text: 'gold', weight: 15 },
            { text: 'gem', weight: 5 },
          ],
        },
      },
    ]);
  });

  it.each(['{', '{"a": 1}', '"text"', 'null', '{"rows": 3}'])(
    'that holds no table is refused: %s',
    (text) => {
      expect(() => read(text, 'json')).toThrow(expect.objectContaining({ name: 'TableFileFault' }));
    },
  );
});

describe('any file', () => {
  it('becomes tables without faults, or one clear refusal', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom('01-05 x', 'd100 T', '2d6', '{@a}', '{', '"', 'a,b', '-', '1-2\ty', '99-1 z'),
    );
    const text = fc.oneof(
      fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\n')),
      fc.json(),
    );
    fc.assert(
      fc.property(text, fc.constantFrom<TableFormat>('csv', 'json', 'list'), (file, format) => {
        let found;
        try {
          found = read(file, format);
        } catch (error) {
          expect(error).toMatchObject({ name: 'TableFileFault' });
          return;
        }
        for (const { table } of found)
          expect(faultsOfTable(table).filter(({ code }) => code !== 'too-few')).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('with too much in it is refused', () => {
    expect(() => read('x\n'.repeat(5_001), 'list')).toThrow(/at most 5000 rows/);
    expect(() =>
      read(JSON.stringify({ tables: Array.from({ length: 201 }, () => ({ rows: ['a'] })) }), 'json'),
    ).toThrow();
  });
});

describe('a range', () => {
  it.each([
    ['01-05', 1, 5],
    ['7', 7, 7],
    ['96–00', 96, 100],
    ['991-000', 991, 1_000],
    ['00', 100, 100],
  ])('%s', (text, low, high) => {
    expect(rangeOf(text)).toEqual({ low, high });
  });
  it.each(['', 'x', '5-1', '1-2-3', '-3'])('is not %s', (text) => expect(rangeOf(text)).toBeUndefined());
});

describe('a hostile file', () => {
  it('of blanks, or with ranges that never end, is read as soon as any other', () => {
    const blanks = ' '.repeat(300_000);
    const { rows } = readList(`1${blanks}x\n2${blanks}y`, 'Spec');
    expect(rows.map(({ text }) => text)).toEqual(['x', 'y']);
    expect(rangeOf(`1${blanks}x`)).toBeUndefined();
  }, 5_000);
});
