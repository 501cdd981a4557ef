import { foldText, weaponNameKey } from '../catalysts/weapon-name.js';

// Finds the weapon that a sentence speaks of. A name that stands there wins over one that almost does; the longer one over the
// shorter; a word that only one name has ("acrius") may stand for it. Below the thresholds nothing is found: a wrong weapon is worse
// than a question back.

export interface Named {
  readonly recordHash: number;
  readonly weaponName: string;
}

export interface NameMatch {
  readonly named: Named;
  /** 0 to 1; 1 = the name itself. */
  readonly score: number;
  /** The sentence, folded, without the words of the name. */
  readonly rest: string;
}

/** Shortest name for which something like it may stand. */
const MIN_FUZZY_LETTERS = 5;
/** Dice coefficient of trigrams. */
const MIN_SIMILARITY = 0.55;
/** One letter may be wrong for so many of the name. */
const LETTERS_PER_MISTAKE = 5;
const MIN_TOKEN_LETTERS = 5;
const TOKEN_SCORE = 0.8;
const MOST_WORDS = 6;
/** Beyond it nobody is asking a question. */
const MOST_SENTENCE_WORDS = 120;

interface Entry {
  readonly named: Named;
  readonly key: string;
  readonly trigrams: ReadonlySet<string>;
}

export class NameIndex {
  private readonly entries: readonly Entry[];
  private readonly byKey: ReadonlyMap<string, Entry>;
  /** Words that only one name has. */
  private readonly byToken: ReadonlyMap<string, Entry>;

  /** @param common words that never stand for a name by themselves */
  constructor(
    names: readonly Named[],
    private readonly common: ReadonlySet<string>,
  ) {
    this.entries = names.map((named) => {
      const key = weaponNameKey(named.weaponName);
      return { named, key, trigrams: trigramsOf(key) };
    });
    this.byKey = new Map(this.entries.map((entry) => [entry.key, entry]));
    this.byToken = distinctTokens(this.entries, common);
  }

  /** @param sentence in any spelling */
  find(sentence: string): NameMatch | null {
    const words = foldText(sentence).split(' ').filter(Boolean).slice(0, MOST_SENTENCE_WORDS);
    let best: { entry: Entry; score: number; from: number; size: number } | undefined;
    for (let size = Math.min(MOST_WORDS, words.length); size > 0; size -= 1)
      for (let from = 0; from + size <= words.length; from += 1) {
        const found = this.match(words.slice(from, from + size));
        if (found !== undefined && (best === undefined || found.score > best.score))
          best = { ...found, from, size };
      }
    if (best === undefined) return null;
    const rest = [...words.slice(0, best.from), ...words.slice(best.from + best.size)].join(' ');
    return { named: best.entry.named, score: best.score, rest };
  }

  private match(words: readonly string[]): { entry: Entry; score: number } | undefined {
    const text = words.join(' ');
    const key = weaponNameKey(text);
    const exact = this.byKey.get(key);
    if (exact !== undefined) return { entry: exact, score: 1 };
    if (words.every((word) => this.common.has(word))) return undefined;
    const token = words.length === 1 ? this.byToken.get(text) : undefined;
    const similar = this.similar(key);
    if (token !== undefined && TOKEN_SCORE >= (similar?.score ?? 0))
      return { entry: token, score: TOKEN_SCORE };
    return similar;
  }

  private similar(key: string): { entry: Entry; score: number } | undefined {
    if (key.length < MIN_FUZZY_LETTERS) return undefined;
    const trigrams = trigramsOf(key);
    let best: { entry: Entry; score: number } | undefined;
    for (const entry of this.entries) {
      const mistakes = Math.floor(entry.key.length / LETTERS_PER_MISTAKE);
      if (mistakes === 0 || Math.abs(entry.key.length - key.length) > mistakes) continue;
      const score = diceOf(trigrams, entry.trigrams);
      const isClose = score >= MIN_SIMILARITY || editDistance(key, entry.key, mistakes) <= mistakes;
      // What is not the name itself never counts as much as one that is.
      const told = Math.min(0.99, Math.max(score, MIN_SIMILARITY));
      if (isClose && (best === undefined || told > best.score)) best = { entry, score: told };
    }
    return best;
  }
}

function distinctTokens(entries: readonly Entry[], common: ReadonlySet<string>): ReadonlyMap<string, Entry> {
  const owners = new Map<string, Entry | null>();
  for (const entry of entries)
    for (const token of new Set(entry.key.split(' ')))
      if (token.length >= MIN_TOKEN_LETTERS && !common.has(token))
        owners.set(token, owners.has(token) ? null : entry);
  return new Map([...owners].filter((owned): owned is [string, Entry] => owned[1] !== null));
}

function trigramsOf(key: string): ReadonlySet<string> {
  const padded = `  ${key} `;
  const trigrams = new Set<string>();
  for (let at = 0; at + 3 <= padded.length; at += 1) trigrams.add(padded.slice(at, at + 3));
  return trigrams;
}

function diceOf(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0;
  for (const trigram of a) if (b.has(trigram)) common += 1;
  return (2 * common) / (a.size + b.size);
}

/**
 * Letters put in, left out, exchanged, or swapped with their neighbour (optimal string alignment).
 * @param most beyond it the answer is only "more": most + 1
 */
export function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let line = 1; line <= a.length; line += 1) {
    const next = [line];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[line - 1] === b[column - 1];
      let cost = Math.min(row[column]! + 1, next[column - 1]! + 1, row[column - 1]! + (isSame ? 0 : 1));
      if (line > 1 && column > 1 && a[line - 1] === b[column - 2] && a[line - 2] === b[column - 1])
        cost = Math.min(cost, before[column - 2]! + 1);
      next.push(cost);
    }
    if (Math.min(...next) > most) return most + 1;
    before = row;
    row = next;
  }
  return Math.min(row[b.length]!, most + 1);
}
