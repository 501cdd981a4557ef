// The search key of a name: lower case, no accents, straight apostrophes, single blanks. Computed here for stored names and for search
// terms alike. Invariant: folding a folded name changes nothing. Of scripts without case (Japanese, Korean, Chinese) the marks stay,
// which there make another letter.

const LATIN_MARKS = /[\u0300-\u036f]/g;
const APOSTROPHES = /[\u2018\u2019\u201a\u201b\u02bc\uff07\u00b4\u0060]/g;
const BLANKS = /\s+/g;

export function foldWords(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFD')
    .replace(LATIN_MARKS, '')
    .normalize('NFC')
    .replace(APOSTROPHES, "'")
    .replace(BLANKS, ' ')
    .trim();
}

/** A pattern of LIKE that finds `term` anywhere in a folded name. */
export function containsPattern(term: string): string {
  return `%${foldWords(term).replace(/[\\%_]/g, '\\$&')}%`;
}
