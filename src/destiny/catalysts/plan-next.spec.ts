import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { factsNamed, inProgress, inState } from '../../../test/support/destiny-entries.js';
import { shippedCatalog } from './catalog.reader.js';
import { type PlanCandidate, planNext } from './plan-next.js';
import { TYPICAL_PER_HOUR } from './typical-rates.js';

const known = shippedCatalog().catalysts.filter(({ objectives }) => objectives.length > 0);

/** @param rates of the objectives in order; undefined = none of one's own */
function candidate(
  weapon: string,
  done: readonly number[],
  rates: readonly (number | undefined)[] = [],
): PlanCandidate {
  const entry = inProgress(factsNamed(weapon), done);
  const ratesPerHour = new Map<number, number>();
  entry.status.objectives.forEach(({ objectiveHash }, index) => {
    const rate = rates[index];
    if (rate !== undefined) ratesPerHour.set(objectiveHash, rate);
  });
  return { ...entry, ratesPerHour };
}

const stepsOf = (plan: ReturnType<typeof planNext>) => plan.groups.flatMap(({ steps }) => steps);

describe('what to do next', () => {
  it('orders by what remains over the own rate, not by what remains', () => {
    const plan = planNext(
      [candidate('Arbalest', [400], [20]), candidate('Thorn', [500], [100])], // 100 at 20 an hour, 200 at 100
      {},
    );
    expect(stepsOf(plan).map((step) => [step.weaponName, step.neededMinutes, step.rateSource])).toEqual([
      ['Thorn', 120, 'own'],
      ['Arbalest', 300, 'own'],
    ]);
  });

  it('borrows the rate of other weapons of the player, else a typical one, and says so', () => {
    const own = candidate('Arbalest', [400], [50]);
    const [similar] = stepsOf(planNext([own, candidate('Thorn', [600])], {})).filter(
      ({ weaponName }) => weaponName === 'Thorn',
    );
    expect(similar).toMatchObject({ rateSource: 'own_similar', neededMinutes: 120 });
    const [typical] = stepsOf(planNext([candidate('Thorn', [600])], {}));
    expect(typical).toMatchObject({
      rateSource: 'typical',
      neededMinutes: (100 / TYPICAL_PER_HOUR.kills) * 60,
    });
  });

  it('lets objectives of one weapon fill together, and adds up modes that exclude each other', () => {
    const [sunshot] = stepsOf(planNext([candidate('Sunshot', [2, 400, 90], [undefined, 100, 10])], {}));
    expect(sunshot?.neededMinutes).toBe(60);
    const [messenger] = stepsOf(
      planNext([candidate('Dead Messenger', [100, 150, 200], [100, 100, 100])], {}),
    );
    expect(messenger?.neededMinutes).toBe(90);
  });

  it('puts those of one activity together, and one weapon after the other', () => {
    const plan = planNext(
      [
        candidate('SUROS Regime', [2, 275], [undefined, 25]), // crucible, 60 minutes
        candidate('Arbalest', [400], [100]), // anywhere, 60 minutes
        candidate('The Jade Rabbit', [2, 240], [undefined, 25]), // crucible, 24 minutes
      ],
      {},
    );
    expect(plan.groups.map(({ activity, minutes }) => [activity, minutes])).toEqual([
      ['crucible', 84],
      ['anywhere', 60],
    ]);
    expect(stepsOf(plan).map(({ fromMinute, toMinute }) => [fromMinute, toMinute])).toEqual([
      [0, 24],
      [24, 84],
      [84, 144],
    ]);
  });

  it('gives the rest of the time to the first that does not fit, and says that it will not be finished', () => {
    const plan = planNext([candidate('Arbalest', [400], [100]), candidate('Thorn', [0], [100])], {
      minutes: 90,
    });
    expect(stepsOf(plan).map((step) => [step.weaponName, step.toMinute, step.isFinished])).toEqual([
      ['Arbalest', 60, true],
      ['Thorn', 90, false],
    ]);
  });

  it('leaves alone what is done, missing, locked, or has no known target', () => {
    const ratesPerHour = new Map<number, number>();
    const others = (['complete', 'not_found', 'unavailable', 'hidden', 'unknown'] as const).map((state) => ({
      ...inState(factsNamed('Thorn'), state),
      ratesPerHour,
    }));
    expect(planNext(others, {})).toEqual({ groups: [], minutes: 0, leftOutCount: 0 });
    const bare = { ...inState(factsNamed('Anarchy'), 'in_progress', 10), ratesPerHour };
    expect(planNext([bare], {})).toEqual({ groups: [], minutes: 0, leftOutCount: 1 });
  });
});

describe('properties', () => {
  const candidates = fc.uniqueArray(fc.nat(known.length - 1), { maxLength: 20 }).chain((picked) =>
    fc.tuple(
      ...picked.map((index) =>
        fc
          .tuple(
            fc.array(fc.nat(800), { minLength: 4, maxLength: 4 }),
            fc.array(fc.option(fc.double({ min: 0.1, max: 500, noNaN: true }), { nil: undefined }), {
              minLength: 4,
              maxLength: 4,
            }),
          )
          .map(([done, rates]) => candidate(known[index]!.weaponName, done, rates)),
      ),
    ),
  );
  const minutes = fc.option(fc.integer({ min: 1, max: 600 }), { nil: undefined });

  it('steps never overlap, leave no gap and fit into the budget; activities stand together', () => {
    fc.assert(
      fc.property(candidates, minutes, (all, budget) => {
        const plan = planNext(all, { minutes: budget });
        const steps = stepsOf(plan);
        let at = 0;
        for (const step of steps) {
          expect(step.fromMinute).toBe(at);
          expect(step.toMinute).toBeGreaterThan(at);
          at = step.toMinute;
        }
        expect(plan.minutes).toBe(at);
        expect(at).toBeLessThanOrEqual(budget ?? at);
        expect(new Set(steps.map(({ recordHash }) => recordHash)).size).toBe(steps.length);
        expect(new Set(plan.groups.map(({ activity }) => activity)).size).toBe(plan.groups.length);
        expect(steps.filter(({ isFinished }) => !isFinished).length).toBeLessThanOrEqual(1);
        expect(steps.length + plan.leftOutCount).toBe(all.length);
      }),
    );
  });

  it('nothing that was left out takes less time than what is finished, and the order of the input does not matter', () => {
    fc.assert(
      fc.property(candidates, minutes, fc.nat(), (all, budget, turn) => {
        const plan = planNext(all, { minutes: budget });
        const cut = all.length === 0 ? 0 : turn % all.length;
        expect(planNext([...all.slice(cut), ...all.slice(0, cut)], { minutes: budget })).toEqual(plan);
        const chosen = new Set(stepsOf(plan).map(({ recordHash }) => recordHash));
        const finished = stepsOf(plan).filter(({ isFinished }) => isFinished);
        const longest = Math.max(0, ...finished.map(({ neededMinutes }) => neededMinutes));
        const others = stepsOf(planNext(all, {})).filter(({ recordHash }) => !chosen.has(recordHash));
        for (const { neededMinutes } of others) expect(neededMinutes).toBeGreaterThanOrEqual(longest);
      }),
    );
  });

  it('more time never gives less', () => {
    fc.assert(
      fc.property(candidates, fc.integer({ min: 1, max: 300 }), fc.nat(300), (all, budget, more) => {
        const finished = (minutesThere: number): number =>
          stepsOf(planNext(all, { minutes: minutesThere })).filter(({ isFinished }) => isFinished).length;
        expect(finished(budget + more)).toBeGreaterThanOrEqual(finished(budget));
      }),
    );
  });
});
