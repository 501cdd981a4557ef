import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { agentRunsOf, type Step, usedSteps } from './agent-runs.js';
import { ObservationTree } from './observation-tree.js';
import { CUPID_NAMES } from './story-names.js';

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
const generation = (id: string, given: Partial<Step> = {}): Step =>
  step(id, { type: 'GENERATION', name: 'response', totalTokens: 10, costUsd: 0.5, ...given });
const agent = (id: string, name: string, given: Partial<Step> = {}): Step =>
  step(id, { type: 'AGENT', name, ...given });

const tokensOf = (given: readonly Step[]): number =>
  usedSteps(given, false).reduce((sum, { totalTokens }) => sum + totalTokens, 0);

/** Any steps with any parents: missing ones, themselves, circles. */
const steps = fc
  .array(
    fc.record({
      type: fc.constantFrom('AGENT', 'GENERATION', 'SPAN', 'TOOL'),
      name: fc.constantFrom('Agent workflow', 'Mortal', 'End', null),
      parent: fc.integer({ min: -1, max: 14 }),
      level: fc.constantFrom('DEFAULT', 'ERROR', 'WARNING'),
      totalTokens: fc.nat(100),
      costUsd: fc.option(fc.nat(8).map((eighths) => eighths / 8)),
      isStandIn: fc.boolean(),
      startMs: fc.nat(5),
    }),
    { maxLength: 12 },
  )
  .map((given) =>
    given.map(({ parent, ...rest }, index) =>
      step(`s${index}`, { ...rest, parentId: parent < 0 ? null : `s${parent}` }),
    ),
  );

describe('runs of agents', () => {
  it('end, whatever the parents; one per agent; in any order of the steps the same', () => {
    fc.assert(
      fc.property(steps, fc.boolean(), (given, isMarked) => {
        const runs = agentRunsOf(given, isMarked, CUPID_NAMES);
        const agents = given.filter(
          ({ type, name }) => type === 'AGENT' && name !== null && name !== 'Agent workflow',
        );
        expect(runs.map(({ id }) => id).sort()).toEqual(agents.map(({ id }) => id).sort());
        expect(agentRunsOf([...given].reverse(), isMarked, CUPID_NAMES)).toEqual(runs);
      }),
    );
  });

  it('have the usage of every generation below them, each once', () => {
    const plain = steps.map((given) => given.map((one) => ({ ...one, isStandIn: false })));
    fc.assert(
      fc.property(plain, (given) => {
        const tree = new ObservationTree(given);
        for (const run of agentRunsOf(given, false, CUPID_NAMES)) {
          const below = tree
            .subtree(given.find(({ id }) => id === run.id)!)
            .filter(({ type }) => type === 'GENERATION');
          expect(new Set(below).size).toBe(below.length);
          expect(run.totalTokens).toBe(below.reduce((sum, { totalTokens }) => sum + totalTokens, 0));
          expect(run.costUsd).toBe(below.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0));
        }
      }),
    );
  });

  it('have failed when anything below them has, at any depth, and never because of what is beside them', () => {
    const given = [
      agent('a', 'Mortal'),
      step('b', { parentId: 'a' }),
      step('c', { parentId: 'b', level: 'ERROR' }),
      agent('d', 'Match'),
      step('e', { level: 'ERROR' }),
    ];
    expect(agentRunsOf(given, false, CUPID_NAMES).map(({ isError }) => isError)).toEqual([true, false]);
  });

  it('count once however many generations they have: two do not make two runs', () => {
    const given = [
      agent('a', 'Mortal', { endMs: 4_000 }),
      generation('g', { parentId: 'a' }),
      generation('h', { parentId: 'g' }),
    ];
    expect(agentRunsOf(given, false, CUPID_NAMES)).toEqual([
      {
        id: 'a',
        name: 'Mortal',
        latencyMs: 4_000,
        totalTokens: 20,
        costUsd: 1,
        model: null,
        models: [{ model: null, count: 2, costUsd: 1, totalTokens: 20 }],
        isError: false,
        errorIds: [],
      },
    ]);
  });

  it('have no latency while they run, and none below 0 where clocks differ', () => {
    const given = [agent('a', 'Mortal', { endMs: null }), agent('b', 'Match', { startMs: 9, endMs: 4 })];
    expect(agentRunsOf(given, false, CUPID_NAMES).map(({ latencyMs }) => latencyMs)).toEqual([null, 0]);
  });

  it('name the model that cost most', () => {
    const given = [
      agent('a', 'Mortal'),
      generation('g', { parentId: 'a', model: 'small', costUsd: 0.1 }),
      generation('h', { parentId: 'a', model: 'large', costUsd: 0.9 }),
    ];
    expect(agentRunsOf(given, false, CUPID_NAMES)[0]!.model).toBe('large');
  });
});

describe('usage that was lost and written down once more', () => {
  const lost = [agent('a', 'Mortal'), generation('g', { parentId: 'a', totalTokens: 0, costUsd: null })];
  const standIn = generation('w', { name: 'Mortal', isStandIn: true, totalTokens: 7, costUsd: 0.25 });

  it('counts for the agent whose name it has', () => {
    expect(agentRunsOf([...lost, standIn], false, CUPID_NAMES)[0]).toMatchObject({
      totalTokens: 7,
      costUsd: 0.25,
    });
    expect(tokensOf([...lost, standIn])).toBe(7);
  });

  it('is told by the mark of the span around it or of the trace too', () => {
    const span = step('s', { isStandIn: true });
    const within = generation('w', { name: 'Mortal', parentId: 's', totalTokens: 7 });
    expect(agentRunsOf([...lost, span, within], false, CUPID_NAMES)[0]!.totalTokens).toBe(7);
    const beside = generation('w', { name: 'Mortal', totalTokens: 7 });
    expect(agentRunsOf([...lost, beside], true, CUPID_NAMES)[0]!.totalTokens).toBe(7);
    expect(agentRunsOf([...lost, beside], false, CUPID_NAMES)[0]!.totalTokens).toBe(0);
  });

  it('does not count where it was not lost, nor twice', () => {
    const kept = [agent('a', 'Mortal'), generation('g', { parentId: 'a' })];
    expect(agentRunsOf([...kept, standIn], false, CUPID_NAMES)[0]!.totalTokens).toBe(10);
    expect(tokensOf([...kept, standIn])).toBe(10);
    const two = [...lost, agent('b', 'Mortal', { startMs: 5 }), standIn];
    expect(agentRunsOf(two, false, CUPID_NAMES).map(({ totalTokens }) => totalTokens)).toEqual([7, 0]);
  });
});
