import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { wordsOf } from './fold-words.js';
import { sessionText } from './session-text.js';
import type { Turn } from './transcript.js';

const usage = { latencyMs: 1, costUsd: 0, totalTokens: 0, promptTokens: 0, completionTokens: 0, model: null };
const turn = (ordinal: number, more: Partial<Turn>): Turn => ({
  ordinal,
  chapter: null,
  startedMs: ordinal * 1_000,
  startedText: `at ${ordinal}`,
  latencyMs: 1,
  player: null,
  picked: null,
  lines: [],
  offered: [],
  costUsd: 0,
  totalTokens: 0,
  ...more,
});
const said = (text: string, isInternal = false): Turn['lines'][number] => ({
  agent: 'Mortal',
  atText: 'later',
  text,
  isInternal,
  usage,
});
const NAMES = { id: 'thr_1', mortal: 'Maya', match: null };

describe('what a session is found by', () => {
  it('is its names, then what was said and offered, and nothing that the game says to itself', () => {
    const found = sessionText(NAMES, [
      turn(1, { player: 'To the sea', lines: [said('The sea, Maya!'), said('{"has_ended":false}', true)] }),
      turn(2, { lines: [said('{"items":[]}', true)], offered: [{ key: 'A', title: 'Swim' }] }),
    ]);
    expect(found.lines).toEqual([
      { turn: 1, at: 'at 1', by: 'player', agent: null, text: 'To the sea' },
      { turn: 1, at: 'later', by: 'agent', agent: 'Mortal', text: 'The sea, Maya!' },
      { turn: 2, at: 'later', by: 'choice', agent: null, text: 'Swim' },
    ]);
    expect(found.names).toBe('thr:1A 1:2A maya:3A');
    expect(found.words).toBe('thr:1A 1:2A maya:3A,9C to:4B the:5B,7C sea:6B,8C swim:10');
    expect(found.firstMs).toBe(1_000);
  });

  it('begins with its first line, not with turns whose texts are gone', () => {
    expect(sessionText(NAMES, [turn(1, {}), turn(2, { player: 'Go' })]).firstMs).toBe(2_000);
  });

  it('is the names alone where no text is kept', () => {
    const found = sessionText(NAMES, [turn(1, {})]);
    expect(found).toEqual({ lines: [], names: found.names, words: found.names, firstMs: null });
  });

  it('has every word of a session, at its places', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 6 }), (texts) => {
        const { words, lines } = sessionText(
          NAMES,
          texts.map((text, index) => turn(index + 1, { player: text })),
        );
        const all = [
          'thr',
          '1',
          'maya',
          ...lines.flatMap(({ text }) => [...wordsOf(text)].map((w) => w.folded)),
        ];
        const places = words
          .split(' ')
          .flatMap((entry) => {
            const [word, at] = entry.split(':') as [string, string];
            return at.split(',').map((place) => [parseInt(place, 10), word] as const);
          })
          .sort((a, b) => a[0] - b[0]);
        expect(places).toEqual(all.map((word, index) => [index + 1, word]));
      }),
    );
  });

  it("stays below PostgreSQL's limits, however much was said", () => {
    const many = Array.from({ length: 40_000 }, (_one, index) => `word${index}`).join(' ');
    const long = Array.from({ length: 9_000 }, (_one, index) => `${index}${'ж'.repeat(90)}`).join(' ');
    for (const text of [many, long, 'same '.repeat(40_000), many + long]) {
      const { words } = sessionText(NAMES, [turn(1, { player: text })]);
      expect(Buffer.byteLength(words)).toBeLessThan(1_000_000);
      expect(words.split(' ').every((entry) => entry.split(',').length <= 256)).toBe(true);
    }
  });
});
