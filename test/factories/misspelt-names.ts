import type { SeededRandom } from '../../src/market/simulation/random.js';

// Names as somebody types them in a hurry or writes them by ear. Made for choosing and checking rules without the benchmark's own questions.

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** What is written for what, the usual first letters last. */
const BY_EAR: readonly (readonly [spelling: string, others: readonly string[]])[] = [
  ['sch', ['sh']],
  ['kh', ['k', 'h']],
  ['gh', ['g']],
  ['ph', ['f']],
  ['th', ['t', 'd']],
  ['sh', ['zh', 'sch', 'ch']],
  ['ch', ['sh', 'tch']],
  ['qu', ['kw']],
  ['ee', ['i', 'ea']],
  ['ea', ['ee']],
  ['oo', ['u']],
  ['ai', ['ei', 'ay']],
  ['ei', ['ai', 'y']],
  ['au', ['o', 'aw']],
  ['ou', ['u', 'ow']],
  ['ia', ['ya']],
  ['a', ['o', 'e', 'ah']],
  ['e', ['i', 'a', 'eh']],
  ['i', ['e', 'y', 'ee']],
  ['o', ['a', 'u', 'oh']],
  ['u', ['oo', 'o', 'ou']],
  ['y', ['i']],
  ['f', ['ph']],
  ['k', ['c', 'ck', 'q']],
  ['s', ['z', 'ss', 'c']],
  ['z', ['s', 'zz']],
  ['j', ['g', 'dj']],
  ['g', ['gh', 'j']],
  ['t', ['th', 'tt']],
  ['d', ['dd', 'th']],
  ['v', ['w', 'f']],
  ['b', ['p', 'bb']],
  ['x', ['ks', 'z']],
  ['m', ['mm']],
  ['n', ['nn']],
  ['l', ['ll']],
  ['r', ['rr']],
];

const plain = (name: string): string => name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
const below = (random: SeededRandom, count: number): number => Math.floor(random.uniform() * count);

/** One or two letters left out, put in, exchanged with the next or missed. */
export function mistyped(name: string, random: SeededRandom): string {
  const letters = [...plain(name)];
  const errors = 1 + below(random, 2);
  for (let error = 0; error < errors; error += 1) {
    const at = below(random, letters.length);
    const letter = LETTERS[below(random, LETTERS.length)]!;
    const way = below(random, 4);
    if (way === 0 && letters.length > 3) letters.splice(at, 1);
    else if (way === 1) letters.splice(at, 0, letter);
    else if (way === 2) letters[at] = letter;
    else if (at + 1 < letters.length) [letters[at], letters[at + 1]] = [letters[at + 1]!, letters[at]!];
  }
  return letters.join('');
}

/** Each sound may be spelt otherwise, the first one too. */
export function writtenByEar(name: string, random: SeededRandom): string {
  const text = plain(name);
  const share = 0.18 + 0.2 * random.uniform();
  let written = '';
  for (let at = 0; at < text.length;) {
    const found = BY_EAR.find(([spelling]) => text.startsWith(spelling, at));
    const spelling = found?.[0] ?? text[at]!;
    written += found && random.uniform() < share ? found[1][below(random, found[1].length)]! : spelling;
    at += spelling.length;
  }
  return written;
}
