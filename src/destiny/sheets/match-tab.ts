// Which tab somebody means. People and models name tabs from memory: "shotgun" for "Shotguns (PvE)". So a name is compared as
// difflib does it (Ratcliff and Obershelp: twice the letters in common blocks over all letters), the nearest at or above the cut-off wins,
// and only where none is near enough is it looked for inside of titles. A title as it is written always means itself.

/** As `difflib.get_close_matches` has it by default. */
const CUT_OFF = 0.6;
const LONGEST_NAME = 100;

/** The tab is kept by its authors as what used to be: the words "old" or "outdated", not the letters in "Threshold". */
export function isOutdatedTitle(title: string): boolean {
  return /(?<!\p{L})(?:old|outdated)(?!\p{L})/iu.test(title);
}

/** @returns one of `titles`, or undefined where none is meant */
export function matchTab(asked: string, titles: readonly string[]): string | undefined {
  if (titles.includes(asked)) return asked;
  const wanted = nameOf(asked);
  if (wanted === '') return undefined;
  const folded = titles.map((title) => ({ title, name: nameOf(title) }));
  const same = folded.find(({ name }) => name === wanted);
  if (same) return same.title;
  let nearest: { title: string; ratio: number } | undefined;
  for (const { title, name } of folded) {
    const ratio = likeness(wanted, name);
    if (ratio >= CUT_OFF && ratio > (nearest?.ratio ?? 0)) nearest = { title, ratio };
  }
  return (nearest ?? folded.find(({ name }) => name.includes(wanted)))?.title;
}

/** Lower case, without accents, signs and double blanks. */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

function nameOf(title: string): string {
  return foldText(title).slice(0, LONGEST_NAME);
}

/** 0 for nothing in common, 1 for the same. */
export function likeness(one: string, other: string): number {
  const total = one.length + other.length;
  return total === 0 ? 1 : (2 * lettersInCommon(one, other)) / total;
}

/** Of the longest common block, and of what lies left and right of it. */
function lettersInCommon(one: string, other: string): number {
  let common = 0;
  const open: [one: string, other: string][] = [[one, other]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [left, right] = next;
    const block = longestBlock(left, right);
    if (block.length === 0) continue;
    common += block.length;
    open.push(
      [left.slice(0, block.inOne), right.slice(0, block.inOther)],
      [left.slice(block.inOne + block.length), right.slice(block.inOther + block.length)],
    );
  }
  return common;
}

/** The first of the longest ones. */
function longestBlock(one: string, other: string): { inOne: number; inOther: number; length: number } {
  let best = { inOne: 0, inOther: 0, length: 0 };
  let before = new Uint8Array(other.length + 1);
  for (let row = 0; row < one.length; row += 1) {
    const now = new Uint8Array(other.length + 1);
    for (let column = 0; column < other.length; column += 1) {
      if (one[row] !== other[column]) continue;
      const length = before[column]! + 1;
      now[column + 1] = length;
      if (length > best.length) best = { inOne: row - length + 1, inOther: column - length + 1, length };
    }
    before = now;
  }
  return best;
}
