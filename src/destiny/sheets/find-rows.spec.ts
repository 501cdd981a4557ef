import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findRows, MANY_ROWS } from './find-rows.js';

const CELLS = [
  ['Weapon', 'Type', 'Note'],
  ['Jötunn', 'Fusion Rifle', 'track ALL the things'],
  ['Outbreak Perfected', 'Pulse Rifle', ''],
  ['Le Monarque', 'Combat Bow', 'poison'],
];
const cell = fc.string({ unit: fc.constantFrom(...'abc äÄ(').map((letter) => letter), maxLength: 8 });

describe('rows of a tab', () => {
  it('are found by all words together, in any cell and however written', () => {
    expect(findRows(CELLS, 'rifle JOTUNN', 50).rows).toEqual([CELLS[1]]);
    expect(findRows(CELLS, 'rifle', 50).total).toBe(2);
    expect(findRows(CELLS, 'rifle', 1)).toMatchObject({ total: 2, rows: [CELLS[1]], columns: CELLS[0] });
    expect(findRows(CELLS, 'sword', 50)).toMatchObject({ total: 0, rows: [], hint: null });
    expect(findRows([], 'rifle', 50)).toEqual({ columns: [], rows: [], total: 0, hint: null });
  });

  it('are fewer with each word more, all of them without one, and never the heading', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { maxLength: 4 }), { maxLength: 10 }),
        cell,
        cell,
        (cells, one, other) => {
          const all = findRows(cells, undefined, 50);
          expect(all.rows).toEqual(cells.slice(1));
          const few = findRows(cells, one, 50);
          const fewer = findRows(cells, `${one} ${other}`, 50);
          for (const row of few.rows) expect(all.rows).toContain(row);
          for (const row of fewer.rows) expect(few.rows).toContain(row);
        },
      ),
    );
  });

  it('come with a hint where there are too many', () => {
    const many = (count: number): string[][] => [['Weapon'], ...Array<string[]>(count).fill(['Hand Cannon'])];
    expect(findRows(many(MANY_ROWS), undefined, 50).hint).toBeNull();
    expect(findRows(many(MANY_ROWS + 1), undefined, 50).hint).toMatch(/^201 rows match, .*narrow/);
    expect(findRows(many(MANY_ROWS + 1), 'hand', 50)).toMatchObject({
      total: 201,
      hint: expect.stringContaining('more words'),
    });
  });

  it('with a long cell are found by its last word', () => {
    expect(findRows([['a'], [`${'word '.repeat(90)}needle`]], 'needle', 5).total).toBe(1);
  });
});
