import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { eastwards, type RecordingWorld, recordingWorld } from '../../../test/support/recording-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { DatabaseUnavailableError } from '../../platform/database/database.errors.js';
import type { SystemUnitOfWork } from '../../platform/database/database.module.js';
import type { Scope, Tx } from '../../platform/database/unit-of-work.js';
import { createLogger } from '../../platform/logging/logger.js';
import { JobsRepository } from '../../platform/jobs/jobs.repository.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { FixBuffer, MOST_WAITING } from './fix-buffer.service.js';
import { FixStore } from './fix-store.service.js';
import type { Fix } from './fix.js';
import { FixesRepository } from './fixes.repository.js';
import type { FixAck, LostRun, OpenRun } from './open-run.js';

// What is acknowledged is stored, whatever the database does, and in the end everything that was taken is both.

const { logger } = createLogger({ role: 'test', logLevel: 'silent' });
let units: TestUnits;
let world: RecordingWorld;

beforeAll(async () => {
  units = await openUnits();
  world = recordingWorld(units);
});

afterAll(() => units.close());

/** How a transaction fares: `lost` is committed, but nobody hears of it. */
type Fate = 'well' | 'away' | 'lost';

/** A buffer whose transactions fare as told, one after the other, and well from then on. */
function bufferWith(fates: Fate[]): FixBuffer {
  const system = {
    run: async <T>(scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> => {
      const fate = fates.shift() ?? 'well';
      if (fate === 'away') throw new DatabaseUnavailableError('away');
      const result = await units.system.run(scope, work);
      if (fate === 'lost') throw new DatabaseUnavailableError('lost on the way back');
      return result;
    },
  } as SystemUnitOfWork;
  const jobs = new Jobs(new JobsRepository(), { ring: () => undefined });
  return new FixBuffer(system, new FixStore(new FixesRepository(), jobs), logger);
}

interface Opened {
  readonly open: OpenRun;
  readonly userId: string;
  readonly runId: string;
  readonly acks: FixAck[];
  readonly lost: LostRun[];
  readonly stored: () => Promise<number[]>;
}

async function openOne(): Promise<Opened> {
  const [userId, runId] = [randomUUID(), randomUUID()];
  await world.begin(userId, runId);
  const [acks, lost]: [FixAck[], LostRun[]] = [[], []];
  const told = { onAck: (ack: FixAck) => acks.push(ack), onLost: (reason: LostRun) => lost.push(reason) };
  const open = await world.recordings.openRun({ id: userId }, runId, told);
  const stored = async (): Promise<number[]> => {
    const rows = await units.owner<{ seq: number }>(
      'SELECT seq FROM running.fix WHERE run_id = $1 ORDER BY seq',
      [runId],
    );
    return rows.map(({ seq }) => seq);
  };
  return { open, userId, runId, acks, lost, stored };
}

/** Numbers that the acknowledgement says are there, up to the highest that was sent. */
function acknowledged({ upTo, missing }: FixAck, highest: number): number[] {
  const end = missing.length > 0 ? highest : upTo;
  const isMissing = (seq: number): boolean => missing.some(([from, to]) => seq >= from && seq <= to);
  return Array.from({ length: end }, (_v, index) => index + 1).filter((seq) => !isMissing(seq));
}

const batches = fc.array(
  fc.record({
    who: fc.nat({ max: 2 }),
    seqs: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 }),
    isFlushed: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);
const fates = fc.array(fc.constantFrom<Fate[]>('well', 'away', 'lost'), { maxLength: 8 });

describe('a buffer of fixes', () => {
  it('acknowledges what is stored, and nothing else, through any outage', async () => {
    await fc.assert(
      fc.asyncProperty(batches, fates, async (sent, faring) => {
        const buffer = bufferWith([...faring]);
        const all = await Promise.all([openOne(), openOne(), openOne()]);
        const wanted = all.map(() => new Set<number>());
        const check = async (): Promise<void> => {
          for (const { acks, stored } of all) {
            const ack = acks.at(-1);
            if (ack === undefined) continue;
            const there = await stored();
            expect(there).toEqual(expect.arrayContaining(acknowledged(ack, ack.upTo)));
          }
        };
        for (const { who, seqs, isFlushed } of sent) {
          expect(
            buffer.take(
              all[who]!.open,
              seqs.map((seq) => eastwards(seq)),
            ),
          ).toBe(true);
          for (const seq of seqs) wanted[who]!.add(seq);
          if (!isFlushed) continue;
          await buffer.flush();
          await check();
        }
        for (let left = faring.length; left >= 0; left -= 1) await buffer.flush();
        expect(buffer.size).toBe(0);
        for (const [index, { acks, lost, stored }] of all.entries()) {
          const numbers = [...wanted[index]!].sort((a, b) => a - b);
          expect(await stored()).toEqual(numbers);
          expect(lost).toEqual([]);
          if (numbers.length > 0) expect(acknowledged(acks.at(-1)!, numbers.at(-1)!)).toEqual(numbers);
        }
        await buffer.onApplicationShutdown();
      }),
      { numRuns: 20 },
    );
  });

  it('takes no more than it has room for, and takes again once there is some', async () => {
    const buffer = bufferWith(['away']);
    const { open, acks, stored } = await openOne();
    const many = Array.from({ length: MOST_WAITING }, () => eastwards(1));
    expect(buffer.take(open, many)).toBe(true);
    expect(buffer.take(open, [eastwards(2)])).toBe(false);
    await buffer.flush();
    expect(buffer.size).toBe(MOST_WAITING);
    expect([acks, await stored()]).toEqual([[], []]);
    await buffer.flush();
    expect(buffer.take(open, [eastwards(2)])).toBe(true);
    await buffer.onApplicationShutdown();
    expect(await stored()).toEqual([1, 2]);
    expect(acks.at(-1)).toMatchObject({ upTo: 2, missing: [] });
  });

  it('keeps what others sent where the fixes of one run cannot be stored', async () => {
    const buffer = bufferWith([]);
    const [ada, bob, eve] = await Promise.all([openOne(), openOne(), openOne()]);
    buffer.take(ada.open, [eastwards(1)]);
    buffer.take(bob.open, [eastwards(1, { heartRateBpm: 40_000 })]); // no reader lets this through; a column does not hold it
    buffer.take(eve.open, [eastwards(1)]);
    await units.app.run({ id: eve.userId }, async (tx) => {
      await world.runs.lockChanges(tx, eve.userId);
      await world.runs.deleteRun(tx, eve.runId);
    });
    await buffer.flush();
    expect([ada.acks.length, await ada.stored()]).toEqual([1, [1]]);
    expect([bob.acks, bob.lost]).toEqual([[], ['refused']]);
    expect([eve.acks, eve.lost]).toEqual([[], ['gone']]);
    expect(await Promise.all([bob.stored(), eve.stored()])).toEqual([[], []]);
  });

  it('stores by itself a moment after the first fix came', async () => {
    const { open, acks } = await openOne();
    const answer = new Promise<Fix[]>((resolve) => {
      const wait = setInterval(() => {
        if (acks.length === 0) return;
        clearInterval(wait);
        resolve([]);
      }, 10);
    });
    world.buffer.take(open, [eastwards(1)]);
    await answer;
    expect(acks).toMatchObject([{ upTo: 1, missing: [], duplicates: 0, conflicts: 0 }]);
  });
});
