// Words as the search knows them. They are cut and folded here and nowhere else, for what is stored, for what is asked and for what is
// marked in an answer alike: PostgreSQL only compares them. Its own parser would take `a-b`, `x.y/z` and mail addresses for one word,
// and what is marked would not be what was found.
//
// Invariants: folding a folded word changes nothing; a folded word holds letters and digits only, so it needs no escaping anywhere.

export interface Word {
  /** Lower case, without accents and ligatures. */
  readonly folded: string;
  /** Where it stands in the text, in UTF-16 code units; `to` exclusive. */
  readonly from: number;
  readonly to: number;
}

/** Written without blanks between words: each sign is a word. */
const SIGN = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]`;
const WORD = new RegExp(String.raw`${SIGN}\p{M}*|(?:(?!${SIGN})[\p{L}\p{N}\p{M}])+`, 'gu');
const NO_LETTER = /[^\p{L}\p{N}]+/gu;
/** Letters that Unicode does not take apart, and the sigma that only ends words. */
const SAME = new Map(
  Object.entries({ œ: 'oe', æ: 'ae', ß: 'ss', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i', ς: 'σ' }),
);
const HAS_SAME = new RegExp(`[${[...SAME.keys()].join('')}]`, 'gu');
/** Longer words are known by their beginning. */
const MOST_LETTERS = 60;

/** In their order; marks by themselves are no word. */
export function* wordsOf(text: string): Generator<Word> {
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const folded = foldWord(word);
    if (folded !== '') yield { folded, from: index, to: index + word.length };
  }
}

export function foldWord(word: string): string {
  const folded = word
    .normalize('NFKD')
    .toLowerCase()
    .replace(HAS_SAME, (letter) => SAME.get(letter)!)
    .normalize('NFKD')
    .replace(NO_LETTER, '');
  return folded.length <= MOST_LETTERS ? folded : [...folded].slice(0, MOST_LETTERS).join('');
}
