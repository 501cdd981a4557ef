// What strangers wrote into a sheet, made fit to be kept and shown. Cells are data: nothing here or behind looks at what they say. What no
// reader sees goes, since it could say one thing to people and another to programs: control characters, marks that turn the
// direction of writing, signs without width, and Unicode's tags.

export const MOST_ROWS = 5_000;
export const MOST_COLUMNS = 100;
/** Characters of a cell. */
export const LONGEST_CELL = 500;
export const LONGEST_TITLE = 100;

const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]+/gu;

export interface CleanCells {
  /** Rows with anything in them; each as long as its last cell that has. */
  readonly cells: readonly (readonly string[])[];
  /** Something was left out: rows, columns, or the end of a cell. */
  readonly isCut: boolean;
}

/** @param rows cells as text, number or truth value; anything else is empty */
export function cleanCells(rows: readonly (readonly unknown[])[]): CleanCells {
  const cells: string[][] = [];
  let isCut = rows.length > MOST_ROWS;
  for (const row of rows.slice(0, MOST_ROWS)) {
    const clean = row.slice(0, MOST_COLUMNS).map((cell) => {
      const whole = seenText(cell);
      const short = cutText(whole, LONGEST_CELL);
      isCut ||= short !== whole;
      return short;
    });
    isCut ||= row.slice(MOST_COLUMNS).some((cell) => seenText(cell) !== '');
    while (clean.at(-1) === '') clean.pop();
    if (clean.length > 0) cells.push(clean);
  }
  return { cells, isCut };
}

export function cleanTitle(title: string): string {
  return cutText(seenText(title), LONGEST_TITLE);
}

function seenText(cell: unknown): string {
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
  if (typeof cell !== 'string') return '';
  return cell
    .slice(0, 20 * LONGEST_CELL)
    .replaceAll(/[\t\r\n\v\f]+/g, ' ')
    .replaceAll(UNSEEN, '')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

/** Never in the middle of a character. */
function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most);
  return (cut.isWellFormed() ? cut : cut.slice(0, -1)).trimEnd();
}
