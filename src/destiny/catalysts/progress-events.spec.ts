import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CatalystStatus, ObjectiveStatus } from './judge-catalyst.js';
import { type ProgressEvent, progressEvents, type StoredObjective } from './progress-events.js';

const objective = fc.record({
  objectiveHash: fc.integer({ min: 1, max: 3 }),
  progress: fc.option(fc.nat(5)),
  isComplete: fc.boolean(),
});

function statusOf(recordHash: number, objectives: readonly Partial<ObjectiveStatus>[]): CatalystStatus {
  return {
    recordHash,
    state: 'in_progress',
    pct: 0,
    objectives: objectives.map((given, index) => ({
      objectiveHash: index + 1,
      text: null,
      progress: 0,
      target: 100,
      ratio: 0,
      isComplete: false,
      isVisible: true,
      ...given,
    })),
  };
}

const looks = fc.array(
  fc.array(
    fc.tuple(fc.integer({ min: 1, max: 4 }), fc.uniqueArray(objective, { selector: (o) => o.objectiveHash })),
    { maxLength: 4 },
  ),
  { maxLength: 6 },
);

/** What is stored after events: the last of each objective. */
function stored(before: readonly StoredObjective[], events: readonly ProgressEvent[]): StoredObjective[] {
  const last = new Map<string, StoredObjective>();
  for (const each of [...before, ...events]) last.set(`${each.recordHash}/${each.objectiveHash}`, each);
  return [...last.values()];
}

describe('progress that is written down', () => {
  it('is what changed, with how much', () => {
    const before = [
      { recordHash: 1, objectiveHash: 1, progress: 10, isComplete: false },
      { recordHash: 1, objectiveHash: 2, progress: 5, isComplete: false },
      { recordHash: 1, objectiveHash: 3, progress: null, isComplete: false },
    ];
    const events = progressEvents(before, [
      statusOf(1, [{ progress: 12 }, { progress: 5 }, { progress: 4 }, { progress: 7 }]),
    ]);
    expect(events).toEqual([
      { recordHash: 1, objectiveHash: 1, progress: 12, isComplete: false, target: 100, gained: 2 },
      { recordHash: 1, objectiveHash: 3, progress: 4, isComplete: false, target: 100, gained: null },
      { recordHash: 1, objectiveHash: 4, progress: 7, isComplete: false, target: 100, gained: null },
    ]);
  });

  it('holds completion without progress, and what Bungie took back', () => {
    const before = [{ recordHash: 1, objectiveHash: 1, progress: 968, isComplete: false }];
    expect(progressEvents(before, [statusOf(1, [{ progress: 968, isComplete: true }])])).toMatchObject([
      { isComplete: true, gained: 0 },
    ]);
    expect(progressEvents(before, [statusOf(1, [{ progress: 900 }])])).toMatchObject([{ gained: -68 }]);
  });

  it('of a record that did not come is nothing, rather than a loss', () => {
    const before = [{ recordHash: 1, objectiveHash: 1, progress: 10, isComplete: false }];
    expect(progressEvents(before, [{ recordHash: 1, state: 'unknown', pct: 0, objectives: [] }])).toEqual([]);
  });

  it('tells an objective that two records share apart', () => {
    const before = [{ recordHash: 1, objectiveHash: 1, progress: 10, isComplete: false }];
    const same = { progress: 10 };
    expect(progressEvents(before, [statusOf(1, [same]), statusOf(2, [same])])).toMatchObject([
      { recordHash: 2, objectiveHash: 1 },
    ]);
  });

  it('replayed gives the newest look; the same look again gives nothing', () => {
    fc.assert(
      fc.property(looks, (given) => {
        let state: StoredObjective[] = [];
        for (const look of given) {
          const statuses = look.map(([recordHash, objectives]) => statusOf(recordHash, objectives));
          state = stored(state, progressEvents(state, statuses));
          const newest = new Map(
            statuses.flatMap((status) =>
              status.objectives.map((each) => [`${status.recordHash}/${each.objectiveHash}`, each] as const),
            ),
          );
          for (const [key, { progress, isComplete }] of newest) {
            const kept = state.find((each) => `${each.recordHash}/${each.objectiveHash}` === key);
            expect(kept).toMatchObject({ progress, isComplete });
          }
          const isUnique = new Set(statuses.map(({ recordHash }) => recordHash)).size === statuses.length;
          if (isUnique) expect(progressEvents(state, statuses)).toEqual([]);
        }
      }),
    );
  });
});
