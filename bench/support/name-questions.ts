import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { packageRoot } from '../../src/platform/config/package-root.js';
import { SeededRandom } from '../../src/market/simulation/random.js';
import { mistyped, writtenByEar } from '../../test/factories/misspelt-names.js';

/** Names, and texts that mean one of them. */
export interface NameQuestions {
  readonly names: readonly string[];
  readonly questions: readonly NameQuestion[];
  /** A set of our own: there is no shared one beside the checkout. */
  readonly isOwn: boolean;
}

export interface NameQuestion {
  readonly kind: 'edit' | 'phonetic' | 'asr';
  readonly query: string;
  readonly target: string;
}

const FOLDERS = [process.env['GUILDHALL_SHARED'], '../shared', '../../shared']
  .filter((path) => path !== undefined)
  .map((path) => join(path, 'data/srd/search-benchmark'));
const PAIRS = 'seeds/tabletop/misheard-names.json';
const OWN_NAMES = 20_000;
const OWN_QUESTIONS = 200;

export function nameQuestions(seed: number): NameQuestions {
  const folder = FOLDERS.find((path) => existsSync(path));
  if (folder === undefined) return ownQuestions(seed);
  return {
    names: readZipped(join(folder, 'entities.json.gz')) as string[],
    questions: readZipped(join(folder, 'queries.json.gz')) as NameQuestion[],
    isOwn: false,
  };
}

function readZipped(file: string): unknown {
  return JSON.parse(gunzipSync(readFileSync(file)).toString('utf8'));
}

/** What was misheard is what the channel has learnt from: its figures are too good there. */
function ownQuestions(seed: number): NameQuestions {
  const pairs = JSON.parse(readFileSync(join(packageRoot(), PAIRS), 'utf8')) as [
    name: string,
    heard: string,
  ][];
  const random = new SeededRandom(seed, 0, 9);
  const names = madeNames(
    pairs.map(([name]) => name),
    OWN_NAMES,
    random,
  );
  const some = (): string => names[Math.floor(random.uniform() * names.length)]!;
  const questions: NameQuestion[] = [];
  for (let at = 0; at < OWN_QUESTIONS; at += 1) {
    const [typed, written] = [some(), some()];
    questions.push({ kind: 'edit', query: mistyped(typed, random), target: typed });
    questions.push({ kind: 'phonetic', query: writtenByEar(written, random), target: written });
    const [target, query] = pairs[Math.floor(random.uniform() * pairs.length)]!;
    questions.push({ kind: 'asr', query, target });
  }
  return { names, questions, isOwn: true };
}

/** The given ones, then pairs of their words. */
export function madeNames(given: readonly string[], count: number, random: SeededRandom): string[] {
  const words = [...new Set(given.flatMap((name) => name.split(' ')))].filter((word) => word.length > 3);
  const names = new Set(given);
  const some = (): string => words[Math.floor(random.uniform() * words.length)]!;
  while (names.size < count) names.add(`${some()} ${some()}`);
  return [...names].slice(0, count);
}
