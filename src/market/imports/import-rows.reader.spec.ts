import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { UNREADABLE } from '../ingest/judge-batch.js';
import { type PartRows, readCsv, readNdjson } from './import-rows.reader.js';

const COLUMNS = ['externalId', 'unitPrice', 'lots', 'capturedAt'];
const elements = (rows: PartRows): unknown[] =>
  Array.from({ length: rows.count }, (_, row) => rows.element(row));

/** Texts as the parser's fields give them: what it makes of a body is what the body says. */
function parsed(body: string, isFirst: boolean): string[][] {
  return parse(body, {
    bom: true,
    skip_empty_lines: true,
    relax_column_count: true,
    from: isFirst ? 2 : 1,
  });
}

describe('rows of CSV', () => {
  it('are numbers where the column says so, and leave out what is empty', () => {
    const rows = readCsv('a,b\n7,0x10,,2026-01-01\r\n -8 ,1.50', COLUMNS, true);
    expect(elements(rows)).toEqual([
      { externalId: 7, unitPrice: '0x10', capturedAt: '2026-01-01' },
      { externalId: -8, unitPrice: 1.5 },
    ]);
    expect(elements(readCsv('1,2,3,4,5', COLUMNS, false))).toEqual([UNREADABLE]);
  });

  it('are the same with and without the parser', () => {
    const body = fc.tuple(
      fc.constantFrom('', '\uFEFF'),
      fc.array(fc.constantFrom('1', '-2.5', 'é x', ' ', ',', ',', '\n', '\n', '\r\n', '\r', '\t', '\uFEFF')),
    );
    fc.assert(
      fc.property(body, fc.boolean(), ([mark, pieces], isFirst) => {
        const text = mark + pieces.join('');
        const columns = Array.from({ length: 40 }, (_, index) => `c${index}`);
        const expected = parsed(text, isFirst).map((fields) =>
          Object.fromEntries(
            fields.flatMap((field, index) => (field.trim() === '' ? [] : [[columns[index], field.trim()]])),
          ),
        );
        expect(elements(readCsv(text, columns, isFirst))).toEqual(expected);
      }),
      { numRuns: 1_000 },
    );
  });

  it('go over lines where they are quoted, and are lost one by one where a quote is broken', () => {
    const rows = readCsv('a\n"1",2,3,"x\ny"\n4', COLUMNS, true);
    expect(elements(rows)).toEqual([
      { externalId: 1, unitPrice: 2, lots: 3, capturedAt: 'x\ny' },
      { externalId: 4 },
    ]);
    const broken = readCsv('1,"2\n3,4,5', COLUMNS, false);
    expect(elements(broken)).toEqual([UNREADABLE, { externalId: 3, unitPrice: 4, lots: 5 }]);
  });
});

describe('rows of NDJSON', () => {
  it('are what their lines say', () => {
    expect(elements(readNdjson('{"a":1}\r\n\n  \nnope'))).toEqual([{ a: 1 }, UNREADABLE]);
  });
});
