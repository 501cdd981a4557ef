import { phonesOf } from './phones.js';

// How a language says what it spells, as rules in the notation of phonology: `c / _[ei] : S` is a c before e or i, `s / #_[pt] : SH` an s that
// begins a word before p or t, `#` being the word's edge and V the vowels. What is spelt longest is read first, then what stands first; a letter
// that no rule speaks of sounds as in most languages. Vowels have one length: whoever writes a name by ear gets that wrong first.

export interface SpellingRules {
  /** Letters that count as vowels where a rule says V. */
  readonly vowels: string;
  /** Marked letters that the rules speak of; others lose their marks before they are read. */
  readonly marked: string;
  /** One rule a line: spellings, where they stand, and phones; none for what is not heard. */
  readonly rules: string;
}

/** How words of a language are read. */
export interface Spelling {
  /** Words, lower case, in parts of letters that the rules know: `d'Artagnan` has two. */
  wordsOf(text: string): string[][];
  /** @param part a word's, see `wordsOf` @returns codes of phones, at most three per letter, and at least one */
  say(part: string): number[];
}

/** What everybody writes who writes foreign sounds. */
const EVERYWHERE = `
tch : CH
sh : SH
zh : ZH
kh : K
gh : G
dh : D
bh : B
rh : R
ph : F
th : T
ck : K
dj : JH
oo : UW`;
const ALONE: ReadonlyMap<string, readonly number[]> = new Map(
  (
    'a AA,b B,c K,d D,e EH,f F,g G,h HH,i IY,j JH,k K,l L,m M,n N,o OW,p P,q K,r R,s S,t T,' +
    'u UW,v V,w W,x K S,y IY,z Z'
  )
    .split(',')
    .map((entry) => [entry[0]!, phonesOf(entry.slice(2))]),
);
/** Letters without a mark that could be taken away. */
const WRITTEN_OUT: ReadonlyMap<string, string> = new Map(
  Object.entries({ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ð: 'd', þ: 'th', ł: 'l', đ: 'd', ı: 'i' }),
);
const MARKS = /\p{M}/gu;
const BETWEEN_WORDS = /[^\p{L}\p{M}\p{N}']+/u;
const EDGE = '(?:^|$)';
/** Spellings, what stands before and after them, phones. */
const RULE = /^(\p{L}+(?: \p{L}+)*)(?: \/ (\S*)_(\S*))? :(?: (.+))?$/u;

interface Rule {
  readonly letters: string;
  /** Matches at the place where the letters begin; undefined = wherever they stand. */
  readonly place: RegExp | undefined;
  readonly phones: readonly number[];
}

/** @throws RangeError for a rule that cannot be read, and for a marked letter that none speaks of */
export function readSpelling({ vowels, marked, rules }: SpellingRules): Spelling {
  const byFirstLetter = new Map<string, Rule[]>();
  const lines = `${rules.trim()}${EVERYWHERE}`.split('\n');
  const all = lines.flatMap((line) => readRule(line, vowels));
  for (const rule of all.sort((a, b) => b.letters.length - a.letters.length)) {
    const first = rule.letters[0]!;
    byFirstLetter.set(first, [...(byFirstLetter.get(first) ?? []), rule]);
  }
  for (const letter of marked)
    if (!byFirstLetter.get(letter)?.some(({ letters, place }) => letters === letter && !place))
      throw new RangeError(`nothing says how ${letter} sounds`);
  const ruleAt = (part: string, at: number): Rule | undefined =>
    byFirstLetter
      .get(part[at]!)
      ?.find(({ letters, place }) => part.startsWith(letters, at) && (!place || standsAt(place, part, at)));
  const unknown = new RegExp(`[^a-z${marked}]+`);
  return {
    wordsOf: (text) => wordsOf(text, marked, unknown),
    say: (part) => {
      const phones: number[] = [];
      for (let at = 0; at < part.length;) {
        const rule = ruleAt(part, at);
        const length = rule?.letters.length ?? 1;
        const isDoubled = length === 1 && part[at] === part[at + 1] && !vowels.includes(part[at]!);
        if (!isDoubled) phones.push(...(rule?.phones ?? ALONE.get(part[at]!)!)); // else the second of two is heard
        at += length;
      }
      return phones.length > 0 ? phones : [...part].flatMap((letter) => ALONE.get(letter) ?? []);
    },
  };
}

function wordsOf(text: string, marked: string, unknown: RegExp): string[][] {
  const plain = (letter: string): string =>
    marked.includes(letter)
      ? letter
      : (WRITTEN_OUT.get(letter) ?? letter.normalize('NFKD').replaceAll(MARKS, ''));
  return text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('’', "'")
    .split(BETWEEN_WORDS)
    .map((word) =>
      Array.from(word, plain)
        .join('')
        .split(unknown)
        .filter((part) => part !== ''),
    )
    .filter((parts) => parts.length > 0);
}

function standsAt(place: RegExp, part: string, at: number): boolean {
  place.lastIndex = at;
  return place.test(part);
}

function readRule(line: string, vowels: string): Rule[] {
  const [, spellings, left, right, phones] = RULE.exec(line) ?? [];
  if (spellings === undefined) throw new RangeError(`${line} is no rule`);
  const pattern = (text: string): string => text.replaceAll('V', vowels).replaceAll('#', EDGE);
  return spellings.split(' ').map((letters) => ({
    letters,
    place:
      left === undefined || right === undefined
        ? undefined
        : new RegExp(`(?<=${pattern(left)})${letters}(?=${pattern(right)})`, 'y'),
    phones: phones === undefined ? [] : phonesOf(phones),
  }));
}
