import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { SeededRandom } from '../../src/market/simulation/random.js';
import { JobProcess, type JobProcessSettings, JobRows } from '../support/job-process.js';
import { hasRedis, startRedis, type TestRedis } from '../support/redis.js';
import { openUnits, type TestUnits } from '../support/units.js';
import { waitUntil } from '../support/wait-until.js';

// Workers that die, hang or are told to go, in processes of their own. Each job has one effect, a row in a table without any key:
// what happened twice is there twice, what was lost is missing.

const JOBS = 200;
const KILLS = 30;
const EXIT_WITHIN_MS = 25_000;
const BACKENDS = [
  ['postgres', true],
  ['redis', hasRedis()],
] as const;

describe.each(BACKENDS)('workers on %s', (kind, isThere) => {
  (isThere ? describe : describe.skip)(`with ${isThere ? kind : 'redis-server, which is absent'}`, () => {
    let units: TestUnits;
    let redis: TestRedis | undefined;
    let rows: JobRows;
    let settings: JobProcessSettings;
    const started: JobProcess[] = [];

    beforeEach(async () => {
      units = await openUnits();
      if (kind === 'redis') redis = await startRedis();
      rows = new JobRows(units);
      await rows.createEffects();
      settings = { databaseUrl: units.url, redisUrl: redis?.url, lockMs: 2_000, graceMs: 20_000 };
    }, 60_000);

    afterEach(async () => {
      await Promise.all(started.splice(0).map((worker) => worker.end('SIGKILL')));
      await units.close();
      await redis?.stop();
    });

    const start = async (changes: Partial<JobProcessSettings> = {}): Promise<JobProcess> => {
      const worker = await JobProcess.start({ ...settings, ...changes });
      started.push(worker);
      return worker;
    };
    /** Ids of the jobs that the queue itself knows, whoever works on them. */
    const queuedIds = async (): Promise<string[]> => {
      if (redis !== undefined) return redis.jobIds('trial');
      const found = await units.owner<{ id: string }>(`SELECT id FROM bullmq.job WHERE queue = 'trial'`);
      return found.map(({ id }) => id);
    };
    const keys = (count: number): string[] => Array.from({ length: count }, (_, index) => `job-${index}`);
    const expectEachOnce = async (expected: readonly string[]): Promise<void> => {
      expect((await rows.effects()).sort()).toEqual([...expected].sort());
      expect(await rows.states()).toEqual({ done: expected.length });
    };

    it(`has each of ${JOBS} effects once after ${KILLS} kills at random moments`, async () => {
      const seed = Date.now() % 2 ** 32;
      console.log(`kill loop on ${kind}: seed ${seed}`);
      const random = new SeededRandom(seed, 0, 1);
      const upTo = (most: number): number => Math.floor(random.uniform() * most);
      const all = keys(JOBS);
      const enqueue = async (): Promise<void> => {
        for (let first = 0; first < JOBS; first += 10) {
          const batch = all.slice(first, first + 10);
          await rows.insert(
            'trial.add-effect',
            batch.map((key) => ({ key, holdMs: upTo(500) })),
          );
          await sleep(upTo(1_500));
        }
      };
      // Two workers with few places, so that work is under way during the whole loop; one is always being started again.
      const enqueueing = enqueue();
      const workers = [await start({ concurrency: 2 }), await start({ concurrency: 2 })];
      let killed = 0;
      const killLoop = async (place: number): Promise<void> => {
        while (killed < KILLS) {
          await sleep(upTo(1_000));
          killed += 1;
          expect(await workers[place]!.end('SIGKILL')).toBe('SIGKILL');
          const isKilledAtStart = random.uniform() < 0.1;
          workers[place] = isKilledAtStart
            ? JobProcess.spawn({ ...settings, concurrency: 2 })
            : await start({ concurrency: 2 });
          started.push(workers[place]);
        }
      };
      await Promise.all([killLoop(0), killLoop(1), enqueueing]);
      expect(killed).toBeGreaterThanOrEqual(KILLS);
      await start({ concurrency: 8 });
      await rows.untilAllEnded(45_000);
      await expectEachOnce(all);
    }, 120_000);

    it('brings to its queue what was committed while no worker was alive', async () => {
      await rows.insert(
        'trial.add-effect',
        keys(20).map((key) => ({ key })),
      );
      expect(await rows.states()).toEqual({ open: 20 });
      await start();
      await rows.untilAllEnded(10_000);
      await expectEachOnce(keys(20));
    });

    it('loses and doubles nothing when the relay dies between queue and commit', async () => {
      await start().then((worker) => worker.end('SIGTERM')); // the queue's tables know their queue
      await rows.insert(
        'trial.add-effect',
        keys(50).map((key) => ({ key })),
      );
      // The relay's last statement waits for this table, so that its jobs are in the queue and not yet marked.
      const owner = new pg.Client({ connectionString: units.url });
      await owner.connect();
      await owner.query('BEGIN; LOCK TABLE platform.job IN SHARE MODE');
      const relay = await start();
      await waitUntil('all jobs are in the queue', 20_000, async () => (await queuedIds()).length === 50);
      expect(await rows.states()).toEqual({ open: 50 });
      await relay.end('SIGKILL');
      expect((await queuedIds()).length).toBe(50);
      expect(await rows.states()).toEqual({ open: 50 });
      expect(await rows.effects()).toEqual([]);
      await owner.query('ROLLBACK');
      await owner.end();
      await start();
      await rows.untilAllEnded(30_000);
      await expectEachOnce(keys(50));
    }, 60_000);

    it('goes within its time under load when it is told to, with nothing stalled', async () => {
      const all = keys(300);
      await rows.insert(
        'trial.add-effect',
        all.map((key) => ({ key, holdMs: 200 })),
      );
      const first = await start();
      await waitUntil('it is at work', 10_000, async () => (await rows.effects()).length > 20);
      const toldAtMs = performance.now();
      expect(await first.end('SIGTERM')).toBe(0);
      expect(performance.now() - toldAtMs).toBeLessThan(EXIT_WITHIN_MS);
      expect((await rows.effects()).length).toBeLessThan(all.length);
      const second = await start({ concurrency: 32 });
      await rows.untilAllEnded(20_000);
      expect(first.output() + second.output()).not.toContain('a job stalled');
      await expectEachOnce(all);
    }, 60_000);

    it('gives back what does not end within the grace, not failed and not stalled', async () => {
      const all = keys(16);
      await rows.insert(
        'trial.add-effect',
        all.map((key) => ({ key, holdMs: 3_000 })),
      );
      const first = await start({ graceMs: 300 });
      await sleep(1_000);
      const toldAtMs = performance.now();
      expect(await first.end('SIGTERM')).toBe(0);
      expect(performance.now() - toldAtMs).toBeLessThan(EXIT_WITHIN_MS);
      expect(await rows.effects()).toEqual([]);
      const second = await start({ concurrency: 16 });
      await rows.untilAllEnded(20_000);
      expect(first.output() + second.output()).not.toMatch(/a job (stalled|failed)/);
      await expectEachOnce(all);
    }, 60_000);

    it('has one effect though its event loop was blocked for longer than the lock', async () => {
      // Both are there before, so that the block outlasts the lock and not merely a slow start.
      const pair = [await start({ lockMs: 1_000 }), await start({ lockMs: 1_000 })];
      await rows.insert('trial.block', [{ key: 'blocked', holdMs: 4_500 }]);
      const blocked = await waitUntil('one is blocked', 10_000, () =>
        pair.find((worker) => worker.output().includes('blocking')),
      );
      const neighbour = pair.find((worker) => worker !== blocked)!;
      const others = keys(20);
      await rows.insert(
        'trial.add-effect',
        others.map((key) => ({ key })),
      );
      await waitUntil('the neighbours are done', 4_000, async () => (await rows.effects()).length >= 20);
      await rows.untilAllEnded(20_000);
      expect(neighbour.output()).toContain('blocking blocked'); // it had been taken over
      await expectEachOnce([...others, 'blocked']);
    }, 60_000);

    it('ends a try that hangs, and delays no neighbour by it', async () => {
      const worker = await start({ concurrency: 2 });
      await rows.insert('trial.hang', [{ key: 'hangs' }]);
      const others = keys(20);
      await rows.insert(
        'trial.add-effect',
        others.map((key) => ({ key })),
      );
      await waitUntil('the neighbours are done', 5_000, async () => (await rows.effects()).length === 20);
      await rows.untilAllEnded(10_000);
      expect(await rows.states()).toEqual({ done: 20, dead: 1 });
      expect((await rows.effects()).sort()).toEqual([...others].sort());
      expect(await worker.end('SIGTERM')).toBe(0);
    });
  });
});
