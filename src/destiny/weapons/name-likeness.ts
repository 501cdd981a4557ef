// Players type "jotunn" for "Jötunn", "aces" for "Ace of Spades", and mistype. A name is like what was typed where each word of it stands
// in the name, begins one of the name's words, or is off by few letters; the more letters a word has, the more may be wrong.
//
// Invariant: folding a folded name changes nothing, and every name is like itself.

const MARKS = /\p{M}+/gu;
const NOT_SPOKEN = /[\u2018\u2019\u201a\u201b\u2032\u02b9\u02bc\uff07\u00b4`'".,:;!?()[\]]+/g;
const BLANKS = /[\s\-_/]+/g;

/** The search key of a name: lower case, no accents, no apostrophes and the like, single blanks. */
export function foldName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(MARKS, '')
    .toLowerCase()
    .normalize('NFKD')
    .replace(MARKS, '')
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('æ', 'ae')
    .replaceAll('œ', 'oe')
    .replace(NOT_SPOKEN, '')
    .replace(BLANKS, ' ')
    .trim();
}

/** Letters that may be wrong in a word of so many. */
function allowedEdits(length: number): number {
  if (length < 4) return 0;
  return length < 8 ? 1 : 2;
}

/** Whether a name is like what was typed; nothing typed is like everything. Both folded. */
export function isNameLike(name: string, typed: string): boolean {
  if (typed === '' || name.includes(typed)) return true;
  const words = name.split(' ');
  return typed.split(' ').every((word) => words.some((own) => isWordLike(own, word)));
}

function isWordLike(own: string, typed: string): boolean {
  if (own.startsWith(typed)) return true;
  const most = allowedEdits(typed.length);
  return most > 0 && editDistance(own, typed, most) <= most;
}

/**
 * Letters to insert, delete, change, or swap with their neighbour, to make one text of the other (optimal string alignment).
 * @param most no matter by how much it is exceeded; `most + 1` then
 */
export function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      let cost = Math.min(last[column]! + 1, next[column - 1]! + 1, last[column - 1]! + (isSame ? 0 : 1));
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isSwap) cost = Math.min(cost, beforeLast[column - 2]! + 1);
      next.push(cost);
    }
    if (Math.min(...next) > most) return most + 1;
    [beforeLast, last] = [last, next];
  }
  return Math.min(last[b.length]!, most + 1);
}
