import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { eastwards, type RecordingWorld, recordingWorld } from '../../../test/support/recording-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { JobRun } from '../../platform/jobs/job-definition.js';
import { TOMBSTONE_DAYS } from '../runs/run-terms.js';
import { AbandonedRecordingsRepository } from './abandoned-recordings.repository.js';
import { ABANDONED_AFTER_HOURS, SweepRecordingsHandler } from './sweep-recordings.handler.js';

// A recording that nobody went on with is ended, whoever's it is, and what comes of it later still finds its run. Others are left alone.

let units: TestUnits;
let world: RecordingWorld;
let sweeper: SweepRecordingsHandler;

beforeAll(async () => {
  units = await openUnits();
  world = recordingWorld(units);
  sweeper = new SweepRecordingsHandler(
    units.system,
    world.runs,
    new AbandonedRecordingsRepository(),
    world.recordings,
  );
});

afterAll(() => units.close());

const LONG_AGO_H = ABANDONED_AFTER_HOURS + 1;
const LATELY_H = ABANDONED_AFTER_HOURS - 1;

const run = (signal = new AbortController().signal): JobRun => ({
  id: randomUUID(),
  ownerId: SYSTEM_SCOPE.id,
  attempt: 1,
  signal,
  progress: () => undefined,
  once: (work) => units.system.run(SYSTEM_SCOPE, work),
});
const sweep = (): Promise<void> => sweeper.handle({}, run());

/** @param heardH hours since its last fix came; null = none ever did */
async function aRecording(begunH: number, heardH: number | null): Promise<{ userId: string; runId: string }> {
  const [userId, runId] = [randomUUID(), randomUUID()];
  await world.begin(userId, runId);
  if (heardH !== null)
    await world.recordings.putFixes(
      { id: userId },
      runId,
      Array.from({ length: 30 }, (_v, index) => eastwards(index + 1)),
    );
  const past = (hours: number): string => `now() - interval '${hours} hours'`;
  await units.owner(`UPDATE running.run SET created_at = ${past(begunH)} WHERE id = $1`, [runId]);
  await units.owner(`UPDATE running.fix SET received_at = ${past(heardH ?? 0)} WHERE run_id = $1`, [runId]);
  return { userId, runId };
}
const rowOf = async (runId: string) =>
  (
    await units.owner<{ status: string; changeSeq: string; version: number; hasTrack: boolean }>(
      `SELECT status, change_seq AS "changeSeq", version, has_track AS "hasTrack" FROM running.run WHERE id = $1`,
      [runId],
    )
  )[0]!;
const foldsOf = (runId: string) =>
  units.owner(`SELECT FROM platform.job WHERE name = 'running.fold-run' AND payload->>'runId' = $1`, [runId]);

describe('the sweep of recordings', () => {
  it('ends those of which nothing has come for three days, and no others', async () => {
    const [silent, empty] = [await aRecording(100, LONG_AGO_H), await aRecording(LONG_AGO_H, null)];
    const others = [await aRecording(LONG_AGO_H, LATELY_H), await aRecording(LATELY_H, null)];
    const before = await Promise.all([silent, empty].map(({ runId }) => rowOf(runId)));
    await sweep();
    for (const [index, { runId }] of [silent, empty].entries()) {
      const after = await rowOf(runId);
      expect(after.status).toBe('finished');
      expect(Number(after.changeSeq)).toBeGreaterThan(Number(before[index]!.changeSeq)); // clients are told
      expect(await foldsOf(runId)).toHaveLength(1);
    }
    for (const { runId } of others) {
      expect((await rowOf(runId)).status).toBe('recording');
      expect(await foldsOf(runId)).toEqual([]);
    }
    const ended = await rowOf(silent.runId);
    await sweep(); // once more changes nothing
    expect(await rowOf(silent.runId)).toEqual(ended);
    expect(await foldsOf(silent.runId)).toHaveLength(1);
    await Promise.all([silent, empty].map(({ runId }) => world.fold(runId)));
    expect((await rowOf(silent.runId)).hasTrack).toBe(true);
    expect((await rowOf(empty.runId)).hasTrack).toBe(false);
  });

  it('keeps a run open for what comes later, and for the device’s own finish', async () => {
    const { userId, runId } = await aRecording(200, LONG_AGO_H);
    await sweep();
    await world.fold(runId);
    const late = Array.from({ length: 10 }, (_v, index) => eastwards(index + 31));
    expect(await world.recordings.putFixes({ id: userId }, runId, late)).toMatchObject({ upTo: 40 });
    const finished = await world.recordings.finish({ id: userId }, runId, {
      lastSeq: 40,
      finishedAtMs: null,
    });
    expect(finished).toMatchObject({ status: 'finished', lastSeq: 40 });
    await world.fold(runId);
    const stored = await units.app.run({ id: userId }, (tx) => world.tracks.find(tx, runId));
    expect(stored).toMatchObject({ version: 2, track: { length: 40 } });
  });

  it('goes through more than one portion, and stops where it is told to', async () => {
    const userId = randomUUID();
    await units.owner(
      `INSERT INTO running.run (id, user_id, source, status, visibility, started_at, created_at, change_seq)
       SELECT gen_random_uuid(), $1, 'app', 'recording', 'private', now(), now() - interval '90 hours', nextval('running.run_change_seq')
       FROM generate_series(1, 205)`,
      [userId],
    );
    const open = async (): Promise<number> =>
      (await units.owner(`SELECT FROM running.run WHERE user_id = $1 AND status = 'recording'`, [userId]))
        .length;
    await expect(sweeper.handle({}, run(AbortSignal.abort()))).rejects.toThrow();
    expect(await open()).toBe(205);
    await sweep();
    expect(await open()).toBe(0);
  });

  it('forgets tombstones that no client may ask for any more', async () => {
    const userId = randomUUID();
    for (const [days, seq] of [
      [TOMBSTONE_DAYS + 3, 1],
      [TOMBSTONE_DAYS + 1, 2],
    ] as const)
      await units.owner(
        `INSERT INTO running.run_tombstone (run_id, user_id, change_seq, deleted_at) VALUES ($1, $2, $3, now() - make_interval(days => $4))`,
        [randomUUID(), userId, seq, days],
      );
    await sweep();
    const left = await units.owner('SELECT change_seq::int AS seq FROM running.run_tombstone WHERE user_id = $1', [userId]); // prettier-ignore
    expect(left).toEqual([{ seq: 2 }]);
  });
});
