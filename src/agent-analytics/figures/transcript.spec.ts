import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../langfuse/canonical-rows.js';
import { isHiddenPick, offeredIn, pickIn } from './choices.js';
import type { SpokenStep } from './conversation.js';
import { CUPID_NAMES } from './story-names.js';
import { choicesIn } from './spoken-choices.js';
import { transcriptOf, TURN_GAP_MS } from './transcript.js';
import { turnFacts } from './turn-facts.js';

const title = fc
  .string({ minLength: 1 })
  .filter((text) => text.trim() === text && text !== '' && !text.includes('<'));
const key = fc.constantFrom('A', 'B', 'C', 'D');

describe('choices', () => {
  it('that were picked are read in both forms', () => {
    fc.assert(
      fc.property(key, title, (letter, words) => {
        const pick = { key: letter, title: words };
        expect(pickIn(`${letter} - ${words}`)).toEqual(pick);
        expect(pickIn(`<PLAYER_CHOICE>${letter}: ${words}</PLAYER_CHOICE>`)).toEqual(pick);
        expect(isHiddenPick(`<PLAYER_CHOICE>${letter}: ${words}</PLAYER_CHOICE>`)).toBe(true);
        expect(isHiddenPick(`${letter} - ${words}`)).toBe(false);
      }),
    );
  });

  it('that were offered are read as they were written, and nothing else is', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ key, title: fc.string() }), { maxLength: 4 }), (items) => {
        expect(offeredIn(JSON.stringify({ items }))).toEqual(items);
        expect(offeredIn({ items })).toEqual(items);
      }),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.jsonValue().map((items) => JSON.stringify({ items })),
        ),
        (text) => {
          for (const { key: letter, title: words } of offeredIn(text))
            expect([/^[A-Z]$/.test(letter), typeof words]).toEqual([true, 'string']);
        },
      ),
    );
  });

  it.each(['Continue', 'a - small', 'A-close', 'A - ', '', 'AB - two'])('%p is no pick', (text) =>
    expect(pickIn(text)).toBeNull(),
  );
});

let next = 0;
const user = (...contents: string[]): Json => contents.map((content) => ({ role: 'user', content }));
/** A run of an agent: its step and its generation. */
const ran = (agent: string, startMs: number, endMs: number, input: Json, output: Json): SpokenStep[] => {
  next += 1;
  const shared = {
    startMs,
    endMs,
    startText: String(startMs),
    endText: String(endMs),
    level: 'DEFAULT',
    model: null,
    isStandIn: false,
    promptTokens: 0,
    completionTokens: 0,
    totalTokens: 5,
    costUsd: 0.25,
    choices: null,
  };
  return [
    { ...shared, id: `a${next}`, parentId: null, type: 'AGENT', name: agent, input: null, output: null },
    { ...shared, id: `g${next}`, parentId: `a${next}`, type: 'GENERATION', name: 'response', input, output },
  ];
};
const of = (...steps: SpokenStep[][]): ReturnType<typeof transcriptOf> =>
  transcriptOf(
    steps.map((own, index) => ({ id: `t${index}`, chapter: 'chapter_4', isMarked: false, steps: own })),
    CUPID_NAMES,
  );

describe('a transcript', () => {
  const offered = [
    { key: 'A', title: 'Stay' },
    { key: 'B', title: 'Leave' },
  ];
  const turns = of(
    ran('StartCupidGame', 0, 5_000, user('Continue'), 'Once upon a time'),
    ran('HasEnded', 5_002, 6_000, user('Continue', 'analyze'), '{"has_ended": false}'),
    ran('DisplayChoices', 6_003, 7_000, user('extract'), { text: JSON.stringify({ items: offered }) }),
    ran(
      'StartCupidGame',
      20_000,
      24_000,
      user('Continue', 'B - Leave', '<PLAYER_CHOICE>B: Leave</PLAYER_CHOICE>'),
      'The door closes',
    ),
  );

  it('hold only what PostgreSQL can keep', () => {
    const title = 'x\0\ud800y';
    const [choice] = offeredIn(JSON.stringify({ items: [{ key: 'A', title }] }));
    expect(choice).toEqual({ key: 'A', title: 'x\ufffd\ufffdy' });
  });

  it('says each thing once: what the player did, what was answered, what could be done next', () => {
    expect(turns.map(({ player, picked }) => [player, picked])).toEqual([
      ['Continue', null],
      ['B - Leave', { key: 'B', title: 'Leave' }],
    ]);
    expect(turns.map((turn) => turn.offered)).toEqual([offered, []]);
    expect(turns.map(({ latencyMs, costUsd, totalTokens }) => [latencyMs, costUsd, totalTokens])).toEqual([
      [7_000, 0.75, 15],
      [4_000, 0.25, 5],
    ]);
  });

  it('reads what display agents answer with, which is bare objects', () => {
    const [turn] = of(ran('DisplayChoices', 0, 1, user('extract'), { items: offered }));
    expect(turn).toMatchObject({
      offered,
      player: null,
      lines: [{ text: JSON.stringify({ items: offered }) }],
    });
  });

  it('has the same choices once the texts have gone, from what was kept of them', () => {
    const told = fc.array(
      fc.record({
        gapMs: fc.constantFrom(1, 5_000),
        input: fc.oneof(
          fc.constant(user('Continue', 'extract')),
          fc.tuple(key, title).map(([letter, words]) => user('Continue', `${letter} - ${words}`)),
          fc
            .tuple(key, title)
            .map(([letter, words]) =>
              user(`${letter} - ${words}`, `<PLAYER_CHOICE>${letter}: ${words}</PLAYER_CHOICE>`),
            ),
        ),
        output: fc.oneof(
          fc.constant('Once upon a time'),
          fc.array(fc.record({ key, title: fc.string() }), { maxLength: 4 }).map((items) => ({ items })),
          fc
            .array(fc.record({ key, title: fc.string() }), { maxLength: 4 })
            .map((items) => ({ text: JSON.stringify({ items }) })),
        ),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(told, (given) => {
        let atMs = 0;
        const spoken = given.map(({ gapMs, input, output }) => {
          atMs += gapMs;
          return ran('DisplayChoices', atMs, atMs, input, output);
        });
        const kept = spoken.map((steps) =>
          steps.map((step) => ({
            ...step,
            choices: step.type === 'GENERATION' ? choicesIn(step.input, step.output) : null,
            input: null,
            output: null,
          })),
        );
        expect(turnFacts(of(...kept))).toEqual(turnFacts(of(...spoken)));
      }),
    );
  });

  it('marks what was said to the game', () => {
    expect(turns[0]!.lines.map(({ agent, isInternal }) => [agent, isInternal])).toEqual([
      ['StartCupidGame', false],
      ['HasEnded', true],
      ['DisplayChoices', true],
    ]);
  });

  it('has every generation in one turn, and turns apart from each other', () => {
    const runs = fc.array(fc.tuple(fc.nat(20_000), fc.nat(3_000)), { maxLength: 20 });
    fc.assert(
      fc.property(runs, (given) => {
        const found = of(
          ...given.map(([startMs, ms]) => ran('Mortal', startMs, startMs + ms, user('x'), 'y')),
        );
        expect(found.reduce((sum, { lines }) => sum + lines.length, 0)).toBe(given.length);
        expect(found.map(({ ordinal }) => ordinal)).toEqual(found.map((_turn, index) => index + 1));
        for (const [index, turn] of found.slice(1).entries()) {
          const before = found[index]!;
          const endMs = Number(before.startedText) + before.latencyMs;
          expect(Number(turn.startedText) - endMs).toBeGreaterThanOrEqual(TURN_GAP_MS);
        }
      }),
    );
  });
});
