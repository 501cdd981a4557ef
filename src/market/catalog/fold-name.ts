// Players type "epee de boisaille", the game writes "Épée de Boisaille", and clients send either kind of apostrophe. The
// search key of a name is therefore the name without accents, case, ligatures and doubled blanks. It is computed here and
// nowhere else, for stored names and for search terms alike: were one side folded by SQL, the two would drift apart.
//
// Invariant: folding a folded name changes nothing, so a key may be folded again without harm. Combining marks of every script
// are dropped, which is right for the Latin names of the supported games and too coarse for scripts that write vowels as marks.

const MARKS = /\p{M}+/gu;
const APOSTROPHES = /[\u2018\u2019\u201a\u201b\u2032\u02b9\u02bc\uff07\u00b4`]/g;
const BLANKS = /\s+/g;

/** The search key of `name`: lower case, no accents, "oe" and "ae" for the ligatures, straight apostrophes, single blanks. */
export function foldName(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFD')
    .replace(MARKS, '')
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .replace(APOSTROPHES, "'")
    .replace(BLANKS, ' ')
    .trim();
}
