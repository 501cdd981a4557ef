import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Step } from './agent-runs.js';
import { CUPID_NAMES } from './story-names.js';
import { TRACE_GAPS, traceGapsOf } from './trace-gaps.js';

const PLACE = { sessionId: 's', chapter: 'chapter_1' };
const step = (id: string, given: Partial<Step> = {}): Step => ({
  id,
  parentId: null,
  type: 'SPAN',
  name: null,
  startMs: 0,
  endMs: 1_000,
  level: 'DEFAULT',
  model: null,
  totalTokens: 0,
  costUsd: null,
  isStandIn: false,
  ...given,
});
const agent = step('a', { type: 'AGENT', name: 'Mortal' });
const generation = (given: Partial<Step> = {}): Step =>
  step('g', {
    type: 'GENERATION',
    parentId: 'a',
    name: 'response',
    model: 'm',
    totalTokens: 9,
    costUsd: 0.5,
    ...given,
  });
const gapsOf = (steps: readonly Step[], place: typeof PLACE | null = PLACE): [string, string, number][] =>
  traceGapsOf(place, steps, false, CUPID_NAMES).map(({ kind, agent: name, count }) => [kind, name, count]);

describe('gaps of a trace', () => {
  it('are none where everything was written down', () => {
    expect(gapsOf([agent, generation()])).toEqual([]);
    expect(gapsOf([])).toEqual([]);
  });

  it.each<[string, Partial<Step>, string[]]>([
    ['no tokens', { totalTokens: 0, costUsd: null }, ['generation-without-tokens']],
    ['no price', { costUsd: null }, ['generation-without-cost']],
    ['no cost', { costUsd: 0 }, ['generation-without-cost']],
    ['no model', { model: null }, ['generation-without-model']],
    ['no end', { endMs: null }, ['observation-without-end']],
    ['no parent', { parentId: 'gone' }, ['observation-without-parent']],
    ['a fault', { level: 'ERROR', totalTokens: 0, costUsd: null, model: null }, []],
  ])('of a generation with %s', (_what, given, kinds) => {
    expect(gapsOf([agent, generation(given)]).map(([kind]) => kind)).toEqual(kinds);
  });

  it('name the agent, and say nothing of what was written down once more', () => {
    const lost = generation({ totalTokens: 0, costUsd: null, model: null });
    expect(gapsOf([agent, lost])).toEqual([
      ['generation-without-tokens', 'Mortal', 1],
      ['generation-without-model', 'Mortal', 1],
    ]);
    const standIn = generation({ id: 'w', parentId: null, name: 'Mortal', isStandIn: true });
    expect(gapsOf([agent, lost, standIn])).toEqual([]);
  });

  it('of a trace that nothing tells of are its observations', () => {
    expect(gapsOf([agent, generation()], null)).toEqual([['observation-without-trace', '', 2]]);
    expect(gapsOf([], null)).toEqual([]);
  });

  it('end, whatever the parents; each kind once per agent; in any order of the steps the same', () => {
    const steps = fc.array(
      fc.record({
        type: fc.constantFrom('AGENT', 'GENERATION', 'SPAN', 'EVENT'),
        name: fc.constantFrom('Agent workflow', 'Mortal', null),
        parent: fc.integer({ min: -1, max: 9 }),
        level: fc.constantFrom('DEFAULT', 'ERROR'),
        endMs: fc.option(fc.constant(1)),
        model: fc.option(fc.constant('m')),
        totalTokens: fc.nat(2),
        isStandIn: fc.boolean(),
      }),
      { maxLength: 9 },
    );
    fc.assert(
      fc.property(steps, fc.boolean(), (given, isMarked) => {
        const all = given.map(({ parent, ...rest }, index) =>
          step(`s${index}`, { ...rest, parentId: parent < 0 ? null : `s${parent}` }),
        );
        const gaps = traceGapsOf({ sessionId: null, chapter: null }, all, isMarked, CUPID_NAMES);
        expect(
          traceGapsOf({ sessionId: null, chapter: null }, [...all].reverse(), isMarked, CUPID_NAMES),
        ).toEqual(gaps);
        const keys = gaps.map((gap) => `${gap.kind} ${gap.agent}`);
        expect(new Set(keys).size).toBe(keys.length);
        for (const { kind, count } of gaps) expect(TRACE_GAPS.includes(kind) && count > 0).toBe(true);
      }),
    );
  });
});
