import { CsvError, parse } from 'csv-parse/sync';
import { MOST_ROWS } from './clean-cells.js';
import { SheetFault } from './sheet-fault.js';

const LONGEST_ROW = 500_000;

/** @returns one row more than is kept, so that it is seen that there are more @throws SheetFault for a page of HTML or half a cell */
export function readSheetCsv(body: Buffer, contentType: string): string[][] {
  const text = body.toString();
  if (/html/i.test(contentType) || /^\s*<(?:!doctype|html)/i.test(text))
    throw new SheetFault('not-shared', 'The sheet is not public: Google asks to sign in.');
  try {
    return parse(text, {
      bom: true,
      relax_column_count: true,
      to: MOST_ROWS + 1,
      max_record_size: LONGEST_ROW,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new SheetFault('malformed', 'The sheet came as CSV that ends in the middle of a cell or is none.');
  }
}
