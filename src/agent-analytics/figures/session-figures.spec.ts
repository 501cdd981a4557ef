import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LONGEST_PAUSE_S, sessionFigures, type TraceFacts } from './session-figures.js';
import { ABANDONED_AFTER_MS, sessionState } from './session-state.js';
import { CUPID_NAMES } from './story-names.js';

const character = fc.option(fc.constantFrom('Maya', 'Noah'));
const traces = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 4 }),
    startMs: fc.nat(10_000_000),
    chapterNumber: fc.option(fc.nat(7)),
    mortal: character,
    match: character,
    compatibility: fc.option(fc.nat(100)),
    playerId: character,
    release: character,
    latencyS: fc.option(fc.nat(600)),
    costUsd: fc.nat(64).map((part) => part / 64),
    totalTokens: fc.nat(1_000),
    isError: fc.boolean(),
    hasEnd: fc.boolean(),
  }),
  { selector: ({ id }) => id, maxLength: 12 },
);
const figuresOf = (given: readonly TraceFacts[]): ReturnType<typeof sessionFigures> =>
  sessionFigures(given, CUPID_NAMES);

describe('figures of a session', () => {
  it('do not depend on the order in which its traces came', () => {
    fc.assert(
      fc.property(traces, fc.nat(11), (given, turn) => {
        expect(figuresOf([...given.slice(turn), ...given.slice(0, turn)])).toEqual(figuresOf(given));
      }),
    );
  });

  it('add up, and hold their orders', () => {
    fc.assert(
      fc.property(traces, (given) => {
        const figures = figuresOf(given);
        const sum = (read: (trace: TraceFacts) => number): number =>
          given.reduce((total, trace) => total + read(trace), 0);
        expect(figures.traceCount).toBe(given.length);
        expect(figures.costUsd).toBe(sum(({ costUsd }) => costUsd));
        expect(figures.latencySumS).toBe(sum(({ latencyS }) => latencyS ?? 0));
        expect(figures.maxChapter).toBe(
          Math.max(-1, ...given.map(({ chapterNumber }) => chapterNumber ?? -1)),
        );
        expect(figures.isComplete).toBe(figures.maxChapter >= 5 || given.some(({ hasEnd }) => hasEnd));
        if (given.length === 0) {
          expect(figures).toMatchObject({ first: null, last: null, durationS: null, wallS: null });
          return;
        }
        expect(figures.durationS!).toBeGreaterThanOrEqual(0);
        expect(figures.wallS!).toBeGreaterThanOrEqual(figures.durationS!);
        expect(figures.engagedS!).toBeLessThanOrEqual(figures.wallS! + 1e-9);
        expect(figures.endedMs!).toBeGreaterThanOrEqual(figures.last!.startMs);
      }),
    );
  });

  const trace = (startMs: number, given: Partial<TraceFacts> = {}): TraceFacts => ({
    id: `t${startMs}`,
    startMs,
    chapterNumber: null,
    mortal: null,
    match: null,
    compatibility: null,
    playerId: null,
    release: null,
    latencyS: null,
    costUsd: 0,
    totalTokens: 0,
    isError: false,
    hasEnd: false,
    ...given,
  });

  it('name the characters that were told last', () => {
    const given = [trace(3), trace(1, { mortal: 'Maya' }), trace(2, { mortal: 'Leo', match: 'Noah' })];
    expect(figuresOf(given)).toMatchObject({ mortal: 'Leo', match: 'Noah' });
  });

  it('count a pause for five minutes at most, and what overlaps once', () => {
    const given = [
      trace(0, { latencyS: 10 }),
      trace(5_000, { latencyS: 10 }),
      trace(3_615_000, { latencyS: 20 }),
    ];
    expect(figuresOf(given)).toMatchObject({
      durationS: 3_615,
      wallS: 3_635,
      engagedS: 15 + LONGEST_PAUSE_S + 20,
    });
  });

  it('of one trace last 0 s, as the original has it', () => {
    expect(figuresOf([trace(7, { latencyS: 3 })])).toMatchObject({ durationS: 0, wallS: 3, engagedS: 3 });
  });

  it('ends in a year that can be written, however long a trace is said to take', () => {
    for (const latencyS of [1e12, Number.MAX_SAFE_INTEGER]) {
      const { endedMs } = figuresOf([trace(7, { latencyS })]);
      expect(new Date(endedMs!).toISOString()).toBe('9999-12-31T23:59:59.999Z');
    }
  });
});

describe('how a story stands', () => {
  const facts = { hasEnd: false, isComplete: false, endedMs: 1_000, createdMs: 0 };

  it('is one of three, and only time makes an open one abandoned', () => {
    const after = (ms: number): string => sessionState(facts, 1_000 + ms).state;
    expect([after(0), after(ABANDONED_AFTER_MS - 1), after(ABANDONED_AFTER_MS)]).toEqual([
      'active',
      'active',
      'abandoned',
    ]);
    expect(sessionState({ ...facts, hasEnd: true }, 1e12).state).toBe('complete');
    expect(sessionState({ ...facts, isComplete: true }, 1e12).state).toBe('complete');
    expect(sessionState({ ...facts, endedMs: null }, ABANDONED_AFTER_MS).state).toBe('abandoned');
  });
});
