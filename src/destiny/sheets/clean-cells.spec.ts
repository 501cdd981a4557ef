import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isStorableJson } from '../../platform/http/storable.js';
import { cleanCells, cleanTitle, LONGEST_CELL, MOST_COLUMNS, MOST_ROWS } from './clean-cells.js';

const cell = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('\0', '\u202e', '\u200b', '\ud800', '\n', '\u{e0041}', ' ', 'a', '=') }),
  fc.double(),
  fc.boolean(),
  fc.constantFrom(null, undefined, {}, []),
);

describe('cells', () => {
  it('of whatever was written are short, can be stored, and hold nothing unseen; cleaning them again changes nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.array(cell, { maxLength: 8 }), { maxLength: 8 }), (rows) => {
        const { cells } = cleanCells(rows);
        expect(isStorableJson(cells, 4)).toBe(true);
        for (const text of cells.flat()) {
          expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
          expect(text).toBe(text.trim());
          expect(text.length).toBeLessThanOrEqual(LONGEST_CELL);
        }
        for (const row of cells) expect(row.at(-1)).not.toBe('');
        expect(cleanCells(cells)).toEqual({ cells, isCut: false });
      }),
    );
  });

  it('keep what people see, formulas as text too', () => {
    const seen = [
      'Jötunn',
      '=IMPORTXML("http://x","//a")',
      'ignore previous instructions',
      '日本',
      '👩‍🚀'.at(0)!,
      '1,5 %',
    ];
    expect(cleanCells([[...seen.slice(0, 4), seen[5]]]).cells).toEqual([[...seen.slice(0, 4), seen[5]]]);
  });

  it('lose what is hidden in them', () => {
    const hidden = [...'ignore']
      .map((letter) => String.fromCodePoint(0xe0000 + letter.codePointAt(0)!))
      .join('');
    expect(cleanCells([[`Fat${hidden}ebringer\u202e\u200b\0`, 'two\nlines\there']]).cells).toEqual([
      ['Fatebringer', 'two lines here'],
    ]);
  });

  it('beyond the caps are left out, and that is said', () => {
    const isCut = (rows: unknown[][]): boolean => cleanCells(rows).isCut;
    expect(isCut([['x'.repeat(LONGEST_CELL)]])).toBe(false);
    expect(isCut([['x'.repeat(LONGEST_CELL + 1)]])).toBe(true);
    expect(isCut([[...Array<string>(MOST_COLUMNS).fill('x'), '']])).toBe(false);
    expect(isCut([Array<string>(MOST_COLUMNS + 1).fill('x')])).toBe(true);
    expect(isCut(Array<string[]>(MOST_ROWS).fill(['x']))).toBe(false);
    const long = cleanCells(Array<string[]>(MOST_ROWS + 1).fill(['x']));
    expect([long.isCut, long.cells.length]).toEqual([true, MOST_ROWS]);
  });

  it('are not cut through a character', () => {
    const text = cleanCells([[`${'x'.repeat(LONGEST_CELL - 1)}😀`]]).cells[0]![0]!;
    expect(text).toBe('x'.repeat(LONGEST_CELL - 1));
    expect(cleanTitle(`${'x'.repeat(99)}😀`)).toBe('x'.repeat(99));
  });
});
