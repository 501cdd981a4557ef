import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  CATALYST_STATES,
  type CatalystState,
  type CatalystStatus,
  type ObjectiveStatus,
} from '../catalysts/judge-catalyst.js';
import { advanceStatus, isFound, type ObjectiveMove, type StoredStatus } from './advance-status.js';

const RECORD = 4_294_967_295;
const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 5, 9);

function objectiveOf(given: Partial<ObjectiveStatus> = {}): ObjectiveStatus {
  const { progress = 0, target = 100, isComplete = false } = given;
  const ratio = isComplete ? 1 : Math.min(1, Math.max(0, (progress ?? 0) / (target ?? 1)));
  return { objectiveHash: 1, text: null, isVisible: true, ...given, progress, target, isComplete, ratio };
}

function statusOf(
  state: CatalystState,
  given: readonly Partial<ObjectiveStatus>[] = [],
  pct = state === 'complete' ? 100 : 0,
): CatalystStatus {
  const objectives =
    state === 'unknown' ? [] : given.map((one, index) => objectiveOf({ objectiveHash: index + 1, ...one }));
  return { recordHash: RECORD, state, pct: state === 'unknown' ? 0 : pct, objectives };
}

/** Readings one after the other, as they are stored. */
class Life {
  row: StoredStatus | undefined;
  readonly moves: ObjectiveMove[] = [];
  private readings = 0;

  read(status: CatalystStatus): ReturnType<typeof advanceStatus> {
    this.readings += 1;
    const reading = { mintedAt: this.at(), minutesPlayed: 60 * this.readings };
    const step = advanceStatus(this.row, status, reading);
    if (step !== undefined) this.row = step.row;
    this.moves.push(...(step?.moves ?? []));
    return step;
  }

  skip(): void {
    this.readings += 1;
  }

  at(reading = this.readings): Date {
    return new Date(START + reading * DAY_MS);
  }
}

const objective = fc.record({
  progress: fc.option(fc.integer({ min: -5, max: 150 }), { nil: null }),
  target: fc.constantFrom(null, 0, 50, 100),
  isComplete: fc.boolean(),
  isVisible: fc.boolean(),
});
const status = fc
  .tuple(
    fc.constantFrom(...CATALYST_STATES),
    fc.array(objective, { maxLength: 3 }),
    fc.integer({ min: 0, max: 999 }),
  )
  .map(([state, objectives, tenths]) =>
    statusOf(state, objectives, state === 'complete' ? 100 : tenths / 10),
  );
const walk = fc.array(status, { maxLength: 12 });

describe('a stored catalyst', () => {
  it('is not written again by the same status, whatever came before', () => {
    fc.assert(
      fc.property(walk, status, (before, last) => {
        const life = new Life();
        for (const each of [...before, last]) life.read(each);
        expect(life.read(last)).toBeUndefined();
      }),
    );
  });

  it('is where its last moves say, within the target, once it is in progress', () => {
    fc.assert(
      fc.property(walk, (statuses) => {
        const life = new Life();
        for (const each of statuses) life.read(each);
        const last = new Map(life.moves.map((move) => [move.objectiveHash, move]));
        for (const move of life.moves) {
          expect(move.progress).toBeGreaterThanOrEqual(0);
          expect(move.progress).toBeLessThanOrEqual(move.target);
        }
        if (life.row?.state !== 'in_progress') return;
        for (const { objectiveHash, progress, target, isComplete } of life.row.objectives) {
          if (target === null || target <= 0 || (progress === null && !isComplete)) continue;
          const reached = isComplete ? target : Math.min(target, Math.max(0, progress!));
          expect(last.get(objectiveHash)).toMatchObject({ progress: reached, target, isComplete });
        }
      }),
    );
  });

  it('keeps when it was found, completed and moved, which never go back', () => {
    fc.assert(
      fc.property(walk, (statuses) => {
        const life = new Life();
        for (const each of statuses) {
          const before = life.row;
          life.read(each);
          for (const name of ['foundAt', 'completedAt'] as const)
            if (before?.[name] != null) expect(life.row![name]).toEqual(before[name]);
          expect(+(life.row!.progressedAt ?? 0)).toBeGreaterThanOrEqual(+(before?.progressedAt ?? 0));
        }
      }),
    );
  });

  it('is the same after a time without a record as if that had never been', () => {
    fc.assert(
      fc.property(walk, status, (before, last) => {
        fc.pre(last.state !== 'unknown');
        const [gap, whole] = [new Life(), new Life()];
        for (const each of before) {
          gap.read(each);
          whole.read(each);
        }
        fc.pre(whole.row !== undefined && isFound(whole.row.state) && whole.row.progressedAt !== null);
        gap.read(statusOf('unknown'));
        whole.skip();
        gap.read(last);
        whole.read(last);
        expect(gap.row).toEqual(whole.row);
        expect(gap.moves).toEqual(whole.moves);
      }),
    );
  });
});

describe('the first reading', () => {
  it('is the beginning: nobody knows when it was found or done', () => {
    for (const state of CATALYST_STATES) {
      const life = new Life();
      life.read(statusOf(state, [{ progress: 30 }]));
      expect(life.row).toMatchObject({ state, foundAt: null, completedAt: null });
      expect(life.moves).toHaveLength(state === 'in_progress' ? 1 : 0);
    }
  });

  it('of one whose record is missing says nothing, and the next is as good as the first', () => {
    const life = new Life();
    life.read(statusOf('unknown'));
    expect(life.row).toMatchObject({ state: 'unknown', pct: 0, objectives: [] });
    const step = life.read(statusOf('complete', [{ progress: 100, isComplete: true }]));
    expect([step!.known, step!.moves]).toEqual([undefined, []]);
    expect(life.row).toMatchObject({ state: 'complete', foundAt: null, completedAt: null });
  });
});

describe('a move', () => {
  it('is written of each objective that is another than before, and of no other', () => {
    const life = new Life();
    life.read(statusOf('in_progress', [{ progress: 10 }, { progress: 5 }, { progress: null }]));
    life.read(statusOf('in_progress', [{ progress: 12 }, { progress: 5 }, { progress: 4 }]));
    const written = life.moves.map(({ objectiveHash, progress, minutesPlayed }) => [
      objectiveHash,
      progress,
      minutesPlayed,
    ]);
    expect(written).toEqual([
      [1, 10, 60],
      [2, 5, 60],
      [1, 12, 120],
      [3, 4, 120],
    ]);
  });

  it('begins with the find, although the game told of the objective before', () => {
    const life = new Life();
    life.read(statusOf('not_found', [{ progress: 0 }]));
    life.read(statusOf('in_progress', [{ progress: 0 }]));
    life.read(statusOf('in_progress', [{ progress: 10 }]));
    expect(life.moves.map(({ progress }) => progress)).toEqual([0, 10]);
    expect(life.row).toMatchObject({ foundAt: life.at(2), progressedAt: life.at(3), progressedMinutes: 180 });
  });

  it('holds completion below the target, what Bungie took back, and a target that was raised', () => {
    const life = new Life();
    life.read(statusOf('in_progress', [{ progress: 968, target: 1_000 }]));
    life.read(statusOf('in_progress', [{ progress: 900, target: 1_000 }]));
    life.read(statusOf('in_progress', [{ progress: 900, target: 1_200 }]));
    life.read(statusOf('complete', [{ progress: 900, target: 1_200, isComplete: true }]));
    expect(life.moves.map(({ progress, target, isComplete }) => [progress, target, isComplete])).toEqual([
      [968, 1_000, false],
      [900, 1_000, false],
      [900, 1_200, false],
      [1_200, 1_200, true],
    ]);
    expect(life.row).toMatchObject({ completedAt: life.at(4), foundAt: null });
  });

  it('is none where progress only runs on past the target', () => {
    const life = new Life();
    life.read(statusOf('in_progress', [{ progress: 120 }, { progress: 1 }]));
    life.read(statusOf('in_progress', [{ progress: 130 }, { progress: 1 }]));
    expect(life.moves.map(({ progress }) => progress)).toEqual([100, 1]);
    expect(life.row!.progressedAt).toEqual(life.at(1));
    expect(life.row!.objectives[0]!.progress).toBe(130);
  });

  it('is written once of an objective that a record names twice', () => {
    const life = new Life();
    life.read(
      statusOf('in_progress', [
        { objectiveHash: 9, progress: 1 },
        { objectiveHash: 9, progress: 2 },
      ]),
    );
    life.read(
      statusOf('in_progress', [
        { objectiveHash: 9, progress: 1 },
        { objectiveHash: 9, progress: 3 },
      ]),
    );
    expect(life.moves.map(({ progress }) => progress)).toEqual([1]);
  });
});

describe('a record that is missing for a while', () => {
  it('leaves what was known, and its return is no find, no completion and no move', () => {
    const life = new Life();
    life.read(statusOf('not_found'));
    life.read(statusOf('in_progress', [{ progress: 10 }], 10));
    life.read(statusOf('complete', [{ progress: 100, isComplete: true }]));
    const { row } = life;
    life.read(statusOf('unknown'));
    expect(life.row).toEqual({ ...row!, state: 'unknown' });
    const step = life.read(statusOf('complete', [{ progress: 100, isComplete: true }]));
    expect(step!.known).toMatchObject({ state: 'complete' });
    expect(step!.moves).toEqual([]);
    expect(life.row).toEqual(row);
  });

  it('does not hide that it was completed meanwhile', () => {
    const life = new Life();
    life.read(statusOf('in_progress', [{ progress: 10 }], 10));
    life.read(statusOf('unknown'));
    const step = life.read(statusOf('complete', [{ progress: 100, isComplete: true }]));
    expect(step!.known).toMatchObject({ state: 'in_progress', pct: 10 });
    expect(life.row!.completedAt).toEqual(life.at(3));
  });
});
