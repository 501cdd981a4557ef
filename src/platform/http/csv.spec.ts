import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Cell, toCsv } from './csv.js';

it('quotes where it must, and disarms formulas', () => {
  const rows: Cell[][] = [
    ['plain', 1.5, null],
    ['a "b", c', -2, '=1+1'],
  ];
  expect(toCsv(['x', 'y', 'z'], rows)).toBe('x,y,z\r\nplain,1.5,\r\n"a ""b"", c",-2,\'=1+1\r\n');
});

it('is read back by the rules of RFC 4180', () => {
  const cell = fc.string().filter((text) => !/^[=+\-@\t]/.test(text));
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 5 }), (rows) => {
      expect(parse(toCsv(['a', 'b'], rows))).toEqual([['a', 'b'], ...rows]);
    }),
  );
});

/** Character by character, in the plainest words. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let value = '';
    if (text[at] === '"') {
      for (at += 1; text[at] !== '"' || text[at + 1] === '"'; at += 1) {
        if (text[at] === '"') at += 1;
        value += text[at];
      }
      at += 1;
    } else while (text[at] !== ',' && text[at] !== '\r') value += text[at++];
    row.push(value);
    if (text[at] === ',') at += 1;
    else {
      rows.push(row);
      row = [];
      at += 2;
    }
  }
  return rows;
}
