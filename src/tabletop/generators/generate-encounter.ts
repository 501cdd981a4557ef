import type { RandomStream } from '../tables/random-stream.js';
import { capitalised, type GeneratedDraft } from './draft.js';
import { type GeneratorBook, tell } from './generator-book.js';

export const DIFFICULTIES = ['low', 'moderate', 'high'] as const;
export type Difficulty = (typeof DIFFICULTIES)[number];

export interface EncounterInputs {
  /** Levels of the party's characters, 1 to 20; four of the first where nothing is said. */
  readonly levels?: readonly number[] | undefined;
  readonly difficulty?: Difficulty | undefined;
  readonly environment?: string | undefined;
}

export interface Opponent {
  readonly name: string;
  readonly count: number;
  readonly challenge: number;
  readonly xpEach: number;
}

type Creature = GeneratorBook['srd']['creatures'][number];

/** Experience points that a party may be set against (System Reference Document 5.2.1, Combat Encounter Difficulty). */
export function budgetOf(book: GeneratorBook, levels: readonly number[], difficulty: Difficulty): number {
  return levels.reduce((sum, level) => sum + book.encounters.budgets[difficulty][level - 1]!, 0);
}

export function generateEncounter(
  book: GeneratorBook,
  stream: RandomStream,
  inputs: EncounterInputs,
): GeneratedDraft {
  const levels = inputs.levels ?? [1, 1, 1, 1];
  const difficulty = inputs.difficulty ?? 'moderate';
  const environment = inputs.environment ?? stream.fork('environment').pick(book.encounters.environments);
  const budgetXp = budgetOf(book, levels, difficulty);
  const opponents = opponentsOf(book, environment, budgetXp, Math.max(...levels), stream.fork('opponents'));
  const spentXp = opponents.reduce((sum, { count, xpEach }) => sum + count * xpEach, 0);
  const one = (table: string): string => tell(book, table, stream.fork(table));
  const distanceFt = stream.fork('distance').between(4, 24) * 5;
  const [terrain, posture, aim] = [one(`terrain-${environment}`), one('posture'), one('aim')];
  const crowd = opponents.map(({ name, count }) => (count === 1 ? name : `${count} × ${name}`)).join(' and ');
  return {
    name: `${crowd} (${environment})`,
    summary: `${capitalised(difficulty)} difficulty for ${levels.length === 1 ? 'one character' : `${levels.length} characters`}: ${crowd}, ${posture}.`,
    body: [
      `Where: ${terrain}; first seen at ${distanceFt} feet.`,
      `Who: ${opponents.map(({ name, count, challenge, xpEach }) => `${count} × ${name} (challenge ${challengeText(challenge)}, ${xpEach} XP each)`).join(', ')}; ${posture}.`,
      `Experience: ${spentXp} of ${budgetXp} points.`,
    ].join('\n\n'),
    tags: ['encounter', environment, difficulty],
    details: { environment, difficulty, levels, budgetXp, spentXp, opponents, terrain, posture, distanceFt },
    secrets: [
      { field: 'aim', text: capitalised(`${aim}.`) },
      { field: 'twist', text: capitalised(`${one('twist')}.`) },
    ],
  };
}

/** How an encounter is made up: shares of the budget, each for one kind of creature, and how many of it there may be. */
const SHAPES: readonly {
  weight: number;
  groups: readonly { sharePct: number; least: number; most: number }[];
}[] = [
  { weight: 3, groups: [{ sharePct: 100, least: 1, most: 1 }] },
  { weight: 3, groups: [{ sharePct: 100, least: 2, most: 3 }] },
  { weight: 4, groups: [{ sharePct: 100, least: 4, most: 8 }] },
  {
    weight: 5,
    groups: [
      { sharePct: 60, least: 1, most: 1 },
      { sharePct: 100, least: 2, most: 6 },
    ],
  },
  {
    weight: 2,
    groups: [
      { sharePct: 50, least: 2, most: 3 },
      { sharePct: 100, least: 2, most: 4 },
    ],
  },
];
/** Of its share that a group uses at least; what is left over is too much for an encounter of that difficulty. */
const LEAST_USED_PCT = 55;
/** Creatures of a challenge beyond this many levels above the party kill at a stroke. */
const LEVELS_ABOVE = 2;

function opponentsOf(
  book: GeneratorBook,
  environment: string,
  budgetXp: number,
  level: number,
  stream: RandomStream,
): Opponent[] {
  const able = book.srd.creatures.filter(([, challenge]) => challenge <= level + LEVELS_ABOVE);
  const living = able.filter(([, , , , environments]) => environments.includes(environment));
  const shapes = [...SHAPES];
  while (shapes.length > 0) {
    const [shape] = shapes.splice(stream.weighted(shapes.map(({ weight }) => weight)), 1);
    const found = fill(book, living, shape!.groups, budgetXp, stream);
    if (found !== undefined) return found;
  }
  // Nothing that lives here makes a whole encounter: as many as fit of the strongest that does.
  const [strongest] = (living.length > 0 ? living : able)
    .filter((creature) => xpOf(book, creature) <= budgetXp)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const count = Math.min(MOST_OF_A_KIND, Math.floor(budgetXp / xpOf(book, strongest!)));
  return [opponentOf(book, strongest!, count)];
}

const MOST_OF_A_KIND = 12;

function fill(
  book: GeneratorBook,
  living: readonly Creature[],
  groups: (typeof SHAPES)[number]['groups'],
  budgetXp: number,
  stream: RandomStream,
): Opponent[] | undefined {
  const opponents: Opponent[] = [];
  let leftXp = budgetXp;
  for (const { sharePct, least, most } of groups) {
    const shareXp = Math.floor((leftXp * sharePct) / 100);
    const fitting = living.flatMap((creature) => {
      const xp = xpOf(book, creature);
      const count = Math.min(most, Math.floor(shareXp / xp));
      const isFitting = count >= least && count * xp * 100 >= shareXp * LEAST_USED_PCT;
      return isFitting && opponents.every(({ name }) => name !== creature[0])
        ? [opponentOf(book, creature, count)]
        : [];
    });
    if (fitting.length === 0) return undefined;
    const chosen = stream.pick(fitting);
    opponents.push(chosen);
    leftXp -= chosen.count * chosen.xpEach;
  }
  return opponents;
}

function opponentOf(book: GeneratorBook, creature: Creature, count: number): Opponent {
  return { name: creature[0], count, challenge: creature[1], xpEach: xpOf(book, creature) };
}

function xpOf(book: GeneratorBook, [name, challenge]: Creature): number {
  const xp = book.xpByChallenge.get(challenge);
  if (xp === undefined) throw new RangeError(`${name} has a challenge without experience points`);
  return xp;
}

/** 0.25 is "1/4". */
export function challengeText(challenge: number): string {
  return challenge > 0 && challenge < 1 ? `1/${1 / challenge}` : String(challenge);
}
