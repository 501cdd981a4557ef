import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import {
  eastwards,
  RECORDED_AT_MS,
  type RecordingWorld,
  recordingWorld,
} from '../../../test/support/recording-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { fastestMpsOf } from '../geo/fastest-speed.js';
import { RUNNING_ERROR } from '../running.errors.js';
import { columnsOf } from './fix-columns.js';
import type { Fix } from './fix.js';
import { foldRun, type RunEvent } from './fold-run.js';
import type { FixAck } from './open-run.js';
import { FOLD_RUN } from './recordings.jobs.js';

// Fixes that come in any order, twice, late, through REST and sockets, before and after folds: one and the same track.

let units: TestUnits;
let world: RecordingWorld;

beforeAll(async () => {
  units = await openUnits();
  world = recordingWorld(units);
});

afterAll(() => units.close());

const COUNT = 40;
const ALL = Array.from({ length: COUNT }, (_v, index) => eastwards(index + 1));
const EVENTS: readonly RunEvent[] = [
  { kind: 'pause', seq: 1, atMs: RECORDED_AT_MS + 10_200 },
  { kind: 'resume', seq: 1, atMs: RECORDED_AT_MS + 12_700 },
  { kind: 'lap', seq: 1, atMs: RECORDED_AT_MS + 20_500 },
];
const FINISH = { lastSeq: COUNT, finishedAtMs: RECORDED_AT_MS + 41_000 };
/** The track that there is without any fault, by the rules alone. */
const EXPECTED = foldRun({
  startedAtMs: RECORDED_AT_MS,
  finishedAtMs: FINISH.finishedAtMs,
  sport: 'run',
  fixes: columnsOf(ALL),
  events: EVENTS,
});

async function begin(): Promise<{ userId: string; runId: string }> {
  const [userId, runId] = [randomUUID(), randomUUID()];
  await world.begin(userId, runId);
  return { userId, runId };
}

interface Batch {
  readonly kind: 'put' | 'socket';
  readonly seqs: readonly number[];
}
interface Press {
  readonly kind: 'event';
  readonly at: number;
}
type Step = Batch | Press | { readonly kind: 'finish' } | { readonly kind: 'fold' };

const seqs = fc.array(fc.integer({ min: 1, max: COUNT }), { minLength: 1, maxLength: 12 });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constantFrom('put', 'socket'), seqs }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('event' as const), at: fc.nat({ max: 2 }) }) },
    { weight: 2, arbitrary: fc.constantFrom<Step>({ kind: 'finish' }, { kind: 'fold' }, { kind: 'fold' }) },
  ),
  { maxLength: 12 },
);

describe('a recording', () => {
  it('becomes one and the same track, whatever happened on the way', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.shuffledSubarray(ALL, { minLength: COUNT }), async (history, rest) => {
        const { userId, runId } = await begin();
        const acks: FixAck[] = [];
        const open = await world.recordings.openRun({ id: userId }, runId, {
          onAck: (ack) => acks.push(ack),
          onLost: (reason) => expect(reason).toBe('never'),
        });
        const sent = new Set<number>();
        const take = async (step: Step): Promise<void> => {
          if (step.kind === 'event')
            await world.recordings.takeEvent({ id: userId }, runId, EVENTS[step.at]!);
          else if (step.kind === 'finish') await world.recordings.finish({ id: userId }, runId, FINISH);
          else if (step.kind === 'fold') await world.fold(runId);
          else {
            const batch = step.seqs.map((seq) => ALL[seq - 1]!);
            for (const seq of step.seqs) sent.add(seq);
            if (step.kind === 'put') await world.recordings.putFixes({ id: userId }, runId, batch);
            else {
              expect(world.recordings.takeFixes(open, batch)).toBe(true);
              await world.buffer.flush();
              expect(acks.at(-1)!.upTo).toBeLessThanOrEqual(Math.max(...sent));
            }
          }
        };
        for (const step of history) await take(step);
        // A device sends again what was not acknowledged; at the latest then everything is there.
        for (const at of [0, 1, 2]) await take({ kind: 'event', at });
        await take({ kind: 'finish' });
        await take({ kind: 'fold' });
        const ack = await world.recordings.putFixes({ id: userId }, runId, rest);
        expect(ack).toEqual({ runId, upTo: COUNT, missing: [], duplicates: sent.size, conflicts: 0 });
        await take({ kind: 'fold' });
        const stored = (await world.tracks.read({ id: userId }, runId))!;
        expect(stored.track).toEqual({ ...EXPECTED.track, fastestMps: fastestMpsOf('run') });
        expect([stored.pauses, stored.laps]).toEqual([EXPECTED.pauses, EXPECTED.laps]);
        await take({ kind: 'fold' });
        expect((await world.tracks.read({ id: userId }, runId))!.version).toBe(stored.version);
        expect(await units.owner('SELECT FROM running.fix WHERE run_id = $1', [runId])).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  it('keeps the first of two fixes of one number, folded or not, and counts the other', async () => {
    const { userId, runId } = await begin();
    const caller = { id: userId };
    const other = (fix: Fix): Fix => ({ ...fix, heartRateBpm: 199 });
    const put = (fixes: readonly Fix[]): Promise<FixAck> => world.recordings.putFixes(caller, runId, fixes);
    expect(await put([ALL[0]!, other(ALL[0]!), ALL[2]!])).toMatchObject({ duplicates: 1, conflicts: 1, upTo: 1, missing: [[2, 2]] }); // prettier-ignore
    expect(await put([other(ALL[0]!), ALL[2]!])).toMatchObject({ duplicates: 2, conflicts: 1 });
    await world.recordings.finish(caller, runId, { lastSeq: 6, finishedAtMs: null });
    await world.fold(runId);
    expect(await put([other(ALL[2]!), ALL[3]!])).toMatchObject({ duplicates: 1, conflicts: 1, missing: [[2, 2], [5, 6]] }); // prettier-ignore
    await world.fold(runId);
    const { track } = (await world.tracks.read(caller, runId))!;
    expect([...track.heartRateBpm!]).toEqual([140, 140, 140]);
  });

  it('asks for a fold at the finish and for each late batch, and for none of what is there', async () => {
    const { userId, runId } = await begin();
    const caller = { id: userId };
    const waiting = async (): Promise<number> => {
      const rows = await units.owner<{ id: string }>(
        `DELETE FROM platform.job WHERE name = $1 AND payload ->> 'runId' = $2 RETURNING id`,
        [FOLD_RUN.name, runId],
      );
      return rows.length;
    };
    await world.recordings.putFixes(caller, runId, ALL.slice(0, 10));
    await world.recordings.takeEvent(caller, runId, EVENTS[0]!);
    expect(await waiting()).toBe(0);
    await world.recordings.finish(caller, runId, FINISH);
    await world.recordings.finish(caller, runId, FINISH);
    expect(await waiting()).toBe(1);
    await world.recordings.putFixes(caller, runId, ALL.slice(0, 10));
    expect(await world.recordings.takeEvent(caller, runId, EVENTS[0]!)).toEqual({ isNew: false });
    expect(await waiting()).toBe(0);
    await world.recordings.putFixes(caller, runId, ALL.slice(9, 11));
    expect(await waiting()).toBe(1);
    expect(await world.recordings.takeEvent(caller, runId, EVENTS[1]!)).toEqual({ isNew: true });
    expect(await waiting()).toBe(1);
  });

  it('is nobody else’s: neither fixes nor presses nor a finish of others', async () => {
    const { runId } = await begin();
    const eve = { id: randomUUID() };
    const unknown = { code: RUNNING_ERROR.unknownRun };
    const told = { onAck: () => undefined, onLost: () => undefined };
    await expect(world.recordings.putFixes(eve, runId, ALL)).rejects.toMatchObject(unknown);
    await expect(world.recordings.openRun(eve, runId, told)).rejects.toMatchObject(unknown);
    await expect(world.recordings.takeEvent(eve, runId, EVENTS[0]!)).rejects.toMatchObject(unknown);
    await expect(world.recordings.finish(eve, runId, FINISH)).rejects.toMatchObject(unknown);
    await expect(world.recordings.finish(eve, 'x', FINISH)).rejects.toMatchObject(unknown);
  });

  it('does not take a fold past transactions that are still inserting', async () => {
    const { userId, runId } = await begin();
    const caller = { id: userId };
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    let began = (): void => undefined;
    const inserting = new Promise<void>((resolve) => (began = resolve));
    const slow = units.app.run(caller, async (tx) => {
      await world.fixes.lockInserting(tx);
      await world.fixes.insertFixes(tx, [{ runId, userId, fixes: ALL }]); // sees a run that is being recorded
      began();
      await held;
    });
    await inserting;
    await world.recordings.finish(caller, runId, FINISH);
    const fold = world.fold(runId);
    goOn();
    await Promise.all([slow, fold]);
    expect((await world.tracks.read(caller, runId))!.track.length).toBe(COUNT);
  });
});
