import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anObservation } from '../../../test/factories/observation.factory.js';
import { insertServer } from '../../../test/factories/server.factory.js';
import { newIngest } from '../../../test/support/new-ingest.js';
import { readRollups, rebuildFromRaw, expectSameRollups } from '../../../test/support/rollups.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { INGEST_PRINCIPAL, SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import type { ServerRow } from '../catalog/catalog.repository.js';
import type { IngestService } from '../ingest/ingest.service.js';
import type { Observation } from '../ingest/observation.js';
import { RollupsRepository } from './rollups.repository.js';
import { type RefreshProgress, RollupsService } from './rollups.service.js';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 5, 15);

let units: TestUnits;
let ingest: IngestService;
let rollups: RollupsService;

beforeAll(async () => {
  units = await openUnits();
  ingest = newIngest(units);
  rollups = new RollupsService(units.system, new RollupsRepository());
});

afterAll(() => units.close());

async function store(server: ServerRow, observations: readonly Observation[]): Promise<void> {
  await ingest.store(INGEST_PRINCIPAL, [{ server, observations }], undefined, () => null);
}

/** Few items, around the edges of days and windows, so that everything happens often. */
const point = fc
  .record({
    item: fc.nat(2),
    daysBack: fc.oneof(fc.nat(4), fc.constantFrom(6, 7, 8, 29, 30, 31, 89, 90, 91, 364, 365, 366, 380)),
    atMs: fc.oneof(fc.constantFrom(0, 1, DAY_MS - 1), fc.nat(DAY_MS - 1)),
    price: fc.oneof(fc.constantFrom(1, 2, 3), fc.double({ min: 0.01, max: 1e12, noNaN: true })),
    source: fc.constantFrom('alpha', 'beta'),
  })
  .map(({ item, daysBack, atMs, price, source }) =>
    anObservation({
      externalId: null,
      name: `Rollup item ${item}`,
      capturedAtMs: START_MS - daysBack * DAY_MS + atMs,
      price,
      source,
    }),
  );

/** One row among those there are, by its place in order of ids. */
const place = fc.nat(30);

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ insert: fc.array(point, { minLength: 1, maxLength: 12 }) }) },
  { weight: 2, arbitrary: fc.record({ edit: place, price: fc.constantFrom(0.5, 7, 1e9) }) },
  { weight: 2, arbitrary: fc.record({ remove: place }) },
  { weight: 1, arbitrary: fc.record({ judge: place, verdict: fc.constantFrom('cleared', 'confirmed') }) },
  {
    weight: 3,
    arbitrary: fc.record({
      refreshAfterDays: fc.constantFrom(0, 0, 0, 1, 2, 30),
      portionDays: fc.constantFrom(1, 5, 20_000),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

class World {
  private nowMs = START_MS;

  constructor(readonly server: ServerRow) {}

  async take(taken: Step): Promise<void> {
    if ('insert' in taken) await store(this.server, taken.insert);
    else if ('refreshAfterDays' in taken) await this.refresh(taken.refreshAfterDays, taken.portionDays);
    else if ('judge' in taken) await this.judge(taken.judge, taken.verdict);
    else if ('edit' in taken)
      await this.change(taken.edit, `UPDATE market.observation o SET price = ${taken.price}`);
    else await this.change(taken.remove, 'DELETE FROM market.observation o');
  }

  async refresh(afterDays: number, portionDays = 20_000): Promise<void> {
    this.nowMs += afterDays * DAY_MS;
    await rollups.refresh(this.server.id, { nowMs: this.nowMs, portionDays });
  }

  async expectRebuilt(): Promise<void> {
    await expectRebuilt(this.server, this.nowMs);
  }

  /** What a curator's verdict does: it stands on the flag, and the day is marked. */
  async judge(index: number, verdict: string): Promise<void> {
    await units.owner(
      `WITH chosen AS (
         SELECT * FROM market.observation_flag WHERE server_id = $1 ORDER BY observation_id LIMIT 1 OFFSET $2
       ), judged AS (
         UPDATE market.observation_flag f SET verdict = $3 FROM chosen c
         WHERE f.server_id = c.server_id AND f.observation_id = c.observation_id)
       INSERT INTO market.dirty_batch (server_id, item_ids, days, pair_count)
       SELECT server_id, ARRAY[item_id], ARRAY[(captured_at AT TIME ZONE 'UTC')::date], 1 FROM chosen`,
      [this.server.id, index % 4, verdict],
    );
  }

  /** What the statements of edits do: change a row and mark its day. */
  async change(index: number, sql: string): Promise<void> {
    await units.owner(
      `WITH chosen AS (SELECT * FROM market.observation WHERE server_id = $1 ORDER BY id LIMIT 1 OFFSET $2),
       changed AS (${sql}${sql.startsWith('DELETE') ? ' USING' : ' FROM'} chosen c
         WHERE o.server_id = c.server_id AND o.item_id = c.item_id AND o.captured_at = c.captured_at
           AND o.source_id = c.source_id)
       INSERT INTO market.dirty_batch (server_id, item_ids, days, pair_count)
       SELECT server_id, ARRAY[item_id], ARRAY[(captured_at AT TIME ZONE 'UTC')::date], 1 FROM chosen`,
      [this.server.id, index],
    );
  }
}

async function expectRebuilt(server: ServerRow, nowMs = START_MS): Promise<void> {
  expectSameRollups(await readRollups(units, server.id), await rebuildFromRaw(units, server.id, nowMs));
}

describe('rollups', () => {
  it('equal a rebuild from raw after whatever happened', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const world = new World(await insertServer(units));
        for (const taken of steps) await world.take(taken);
        await world.refresh(0);
        await world.expectRebuilt();
      }),
      { numRuns: 80 },
    );
  }, 120_000);

  it.each([
    ['deleted', 'DELETE FROM market.observation o'],
    ['corrected', 'UPDATE market.observation o SET price = 0.02'],
  ])('keep no rounding of an absurd price that was %s', async (_how, sql) => {
    const world = new World(await insertServer(units));
    await store(world.server, [anObservation({ price: 1e12, capturedAtMs: START_MS })]);
    await store(world.server, [anObservation({ price: 0.01, capturedAtMs: START_MS - DAY_MS })]);
    await world.refresh(0);
    await world.change(0, sql);
    await world.refresh(0);
    await world.expectRebuilt();
  });

  it('are the same when a server is made anew', async () => {
    const server = await insertServer(units);
    await store(server, fc.sample(point, { numRuns: 60, seed: 1 }));
    await rollups.refresh(server.id, { nowMs: START_MS });
    const before = await readRollups(units, server.id);
    expect(before.windows.length).toBeGreaterThan(8);
    await rollups.refreshAll(server.id, { nowMs: START_MS });
    expectSameRollups(await readRollups(units, server.id), before);
  });

  it('come out right when several workers and writers are at it together', async () => {
    const server = await insertServer(units);
    const points = fc.sample(point, { numRuns: 200, seed: 2 });
    const writing = async (): Promise<void> => {
      while (points.length > 0) await store(server, points.splice(0, 10));
    };
    const refreshing = async (): Promise<void> => {
      while (points.length > 0) await rollups.refresh(server.id, { nowMs: START_MS, portionDays: 7 });
    };
    await Promise.all([writing(), writing(), refreshing(), refreshing()]);
    await rollups.refresh(server.id, { nowMs: START_MS });
    await expectRebuilt(server);
  });

  it('are refreshed by a version that moves only when they change', async () => {
    const server = await insertServer(units);
    const version = async (): Promise<number> =>
      Number(
        (
          await units.owner<{ version: string }>(
            'SELECT version FROM market.rollup_version WHERE server_id = $1',
            [server.id],
          )
        )[0]!.version,
      );
    await store(server, [anObservation({ capturedAtMs: START_MS })]);
    expect(await rollups.refresh(server.id, { nowMs: START_MS })).toBe(1);
    const first = await version();
    expect(await rollups.refresh(server.id, { nowMs: START_MS })).toBe(0);
    expect(await version()).toBe(first);
    await rollups.refresh(server.id, { nowMs: START_MS - 60_000 }); // a worker whose clock is behind
    expect(await version()).toBe(first);
    await rollups.refresh(server.id, { nowMs: START_MS + DAY_MS });
    expect(await version()).toBe(first + 1);
    await expectRebuilt(server, START_MS + DAY_MS);
  });

  it('roll over for every server that has something to catch up with', async () => {
    const [marked, old] = [await insertServer(units), await insertServer(units)];
    for (const server of [marked, old]) await store(server, [anObservation({ capturedAtMs: START_MS })]);
    await rollups.refresh(old.id, { nowMs: START_MS });
    const nowMs = START_MS + 8 * DAY_MS;
    const listStale = (): Promise<number[]> =>
      units.system.run(SYSTEM_PRINCIPAL, (tx) => rollups.listStaleServers(tx, nowMs));
    const stale = await listStale();
    expect(stale).toEqual(expect.arrayContaining([marked.id, old.id]));
    for (const serverId of stale)
      expect(await rollups.refreshInTurn(serverId, 60_000, { nowMs })).toBe('done');
    for (const server of [marked, old]) {
      await expectRebuilt(server, nowMs);
      expect((await readRollups(units, server.id)).windows.map(({ days }) => days)).toEqual([30, 90, 365]);
    }
    expect(await listStale()).toEqual([]);
  });

  it('end with their turn, and leave a server alone that somebody else has in hand', async () => {
    const server = await insertServer(units);
    for (const capturedAtMs of [START_MS, START_MS + DAY_MS, START_MS - DAY_MS])
      await store(server, [anObservation({ capturedAtMs })]);
    const options = { nowMs: START_MS, portionDays: 1 };
    await units.system.run(SYSTEM_PRINCIPAL, async (tx) => {
      await new RollupsRepository().lock(tx, server.id);
      expect(await rollups.refreshInTurn(server.id, 60_000, options)).toBe('left');
    });
    expect((await readRollups(units, server.id)).daily).toEqual([]);
    for (const [count, end] of [
      [1, 'left'],
      [2, 'left'],
      [3, 'done'],
    ] as const) {
      expect(await rollups.refreshInTurn(server.id, 0, options)).toBe(end);
      expect((await readRollups(units, server.id)).daily).toHaveLength(count);
    }
    await expectRebuilt(server);
  });

  it('stop between portions when told to, and lose nothing', async () => {
    const server = await insertServer(units);
    for (const capturedAtMs of [START_MS, START_MS + DAY_MS, START_MS - DAY_MS])
      await store(server, [anObservation({ capturedAtMs })]);
    const stop = new AbortController();
    const steps: RefreshProgress[] = [];
    await rollups.refresh(server.id, {
      nowMs: START_MS,
      portionDays: 1,
      signal: stop.signal,
      onProgress: (step) => {
        steps.push(step);
        if (step.done === 2) stop.abort();
      },
    });
    expect(steps).toEqual([
      { done: 1, total: 3 },
      { done: 2, total: 3 },
    ]);
    expect((await readRollups(units, server.id)).daily).toHaveLength(2);
    await rollups.refresh(server.id, { nowMs: START_MS });
    await expectRebuilt(server);
  });

  it('derive in one portion what many batches have marked', async () => {
    const server = await insertServer(units);
    const items = ['Seen often', 'Seen as often'];
    for (let hour = 0; hour < 6; hour += 1)
      await store(
        server,
        items.map((name) =>
          anObservation({
            externalId: null,
            name,
            capturedAtMs: START_MS + hour * 3_600_000,
            price: 10 + hour,
          }),
        ),
      );
    await store(server, [anObservation({ capturedAtMs: START_MS })]);
    const steps: RefreshProgress[] = [];
    await rollups.refresh(server.id, {
      nowMs: START_MS,
      portionDays: 1, // fewer than the first batch marks
      onProgress: (step) => steps.push(step),
    });
    expect(steps).toEqual([
      { done: 6, total: 7 },
      { done: 7, total: 7 },
    ]);
    await expectRebuilt(server);
  });

  it('forget an item that is deleted with its days still marked', async () => {
    const server = await insertServer(units);
    const name = 'Item that goes';
    await store(server, [anObservation({ externalId: null, name, capturedAtMs: START_MS })]);
    await units.owner('DELETE FROM market.item WHERE label = $1', [name]);
    await rollups.refresh(server.id, { nowMs: START_MS });
    expect(await readRollups(units, server.id)).toEqual({ daily: [], windows: [], flags: [] });
    expect(await units.owner('SELECT 1 FROM market.dirty_batch WHERE server_id = $1', [server.id])).toEqual(
      [],
    );
  });

  it('leave everything as it was when a worker is killed in a portion, and complete with the next one', async () => {
    const server = await insertServer(units);
    const repository = new RollupsRepository();
    await store(server, [anObservation({ price: 5, capturedAtMs: START_MS })]);
    await rollups.refresh(server.id, { nowMs: START_MS });
    await store(server, [anObservation({ price: 6, capturedAtMs: START_MS + 1 })]);
    const before = await readRollups(units, server.id);
    const killed = units.system.run(SYSTEM_PRINCIPAL, async (tx) => {
      const changed = await repository.refreshDays(tx, server.id, 10);
      expect(changed.count).toBe(1);
      const medians = await repository.judgeDays(tx, server.id, changed);
      await repository.updateWindows(tx, server.id, '2026-06-15', changed, medians);
      const [{ pid }] = (await tx.query('SELECT pg_backend_pid() AS pid')) as [{ pid: number }];
      await units.owner('SELECT pg_terminate_backend($1)', [pid]);
      await repository.bumpVersion(tx, server.id, '2026-06-15');
    });
    await expect(killed).rejects.toThrow();
    expect(await readRollups(units, server.id)).toEqual(before);
    await rollups.refresh(server.id, { nowMs: START_MS });
    await expectRebuilt(server);
  });
});
