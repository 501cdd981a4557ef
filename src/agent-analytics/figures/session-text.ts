import { wordsOf } from './fold-words.js';
import type { Turn } from './transcript.js';

// What a session is found by: its id, its characters, and what was said and offered in it, each thing once as the transcript has it. The
// words go to PostgreSQL as a tsvector in its own notation (`word:1A,7`), so that its parser never sees a text.

export const SPEAKERS = ['player', 'agent', 'choice'] as const;
export type Speaker = (typeof SPEAKERS)[number];

export interface TextLine {
  /** Of the transcript, from 1. */
  readonly turn: number;
  readonly at: string;
  /** `choice`: something that was offered. */
  readonly by: Speaker;
  /** null but for `agent`. */
  readonly agent: string | null;
  readonly text: string;
}

export interface SessionText {
  readonly lines: readonly TextLine[];
  /** tsvector of names and lines. */
  readonly words: string;
  /** tsvector of names alone: what is left when the texts go. */
  readonly names: string;
  /** Start of the turn that the first line is of, Unix milliseconds; null = no lines. */
  readonly firstMs: number | null;
}

export interface SessionNames {
  readonly id: string;
  readonly mortal: string | null;
  readonly match: string | null;
}

/** A name counts for more than a player's words, and those for more than an agent's. */
const WEIGHTS: Readonly<Record<Speaker | 'name', string>> = {
  name: 'A',
  player: 'B',
  agent: 'C',
  choice: '',
};
/** PostgreSQL's limits are 16,383 positions, 256 of them per word, and 1 MiB altogether: what comes later is not found. */
const MOST_POSITIONS = 16_383;
const MOST_OF_A_WORD = 256;
const MOST_BYTES = 600_000;

export function sessionText({ id, mortal, match }: SessionNames, turns: readonly Turn[]): SessionText {
  const lines = turns.flatMap(linesOf);
  const named = new WordList();
  for (const name of [id, mortal, match]) named.add(name ?? '', WEIGHTS.name);
  const names = named.toString();
  for (const { by, text } of lines) named.add(text, WEIGHTS[by]);
  const first = turns.find(({ ordinal }) => ordinal === lines[0]?.turn);
  return { lines, names, words: named.toString(), firstMs: first?.startedMs ?? null };
}

/**
 * Without what is said to the game alone: its questions to itself and the JSON that choices come as. What was offered outlives the texts
 * that told of it, but is no more found than these.
 */
function linesOf({ ordinal: turn, startedText, player, lines, offered }: Turn): TextLine[] {
  const asked: TextLine[] =
    player === null ? [] : [{ turn, at: startedText, by: 'player', agent: null, text: player }];
  const said = lines
    .filter(({ isInternal }) => !isInternal)
    .map(({ atText, agent, text }): TextLine => ({ turn, at: atText, by: 'agent', agent, text }));
  const at = lines.at(-1)?.atText ?? startedText;
  const isKept = player !== null || lines.length > 0;
  const choices = (isKept ? offered : []).map(({ title }): TextLine => ({
    turn,
    at,
    by: 'choice',
    agent: null,
    text: title,
  }));
  return [...asked, ...said, ...choices].filter(({ text }) => text !== '');
}

class WordList {
  private readonly places = new Map<string, string[]>();
  private position = 0;
  private bytes = 0;

  add(text: string, weight: string): void {
    for (const { folded } of wordsOf(text)) {
      if (this.position === MOST_POSITIONS) return;
      this.position += 1;
      let places = this.places.get(folded);
      if (places === undefined) {
        // Four bytes a letter at most.
        if (this.bytes + folded.length * 4 > MOST_BYTES) continue;
        this.bytes += folded.length * 4;
        places = [];
        this.places.set(folded, places);
      }
      if (places.length < MOST_OF_A_WORD) places.push(`${this.position}${weight}`);
    }
  }

  /** Words are letters and digits, which need no quotes. */
  toString(): string {
    return [...this.places].map(([word, places]) => `${word}:${places.join(',')}`).join(' ');
  }
}
