import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type JobWorld, openJobWorld } from '../../../test/support/job-world.js';
import { fillWorld, insertRaw, prepareForWorlds } from '../../../test/support/raw-worlds.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import type { JobRun } from '../../platform/jobs/job-definition.js';
import { utcDayOf } from '../analytics/utc-day.js';
import type { ServerRow } from '../catalog/catalog.repository.js';
import { MARKET_QUEUE } from '../market.queues.js';
import { DirtyDaysRepository } from './dirty-days.repository.js';
import { RefreshRollupsHandler } from './refresh-rollups.handler.js';
import { RollupRequests } from './rollup-requests.service.js';
import { REFRESH_ROLLUPS } from './rollups.jobs.js';
import { RollupsRepository } from './rollups.repository.js';
import { RollupsService } from './rollups.service.js';

const TODAY = utcDayOf(Date.now());

let units: TestUnits;
let world: JobWorld;
let server: ServerRow;

beforeAll(async () => {
  units = await openUnits();
  await prepareForWorlds(units);
  server = await fillWorld(units, [{ itemId: 1, daysAgo: 1, place: 0, price: 5 }], TODAY);
  world = await openJobWorld({
    databaseUrl: units.url,
    catalog: { queues: [MARKET_QUEUE], jobs: [REFRESH_ROLLUPS], schedules: [] },
    handlers: [RefreshRollupsHandler, RollupRequests, DirtyDaysRepository, RollupsService, RollupsRepository],
  });
});

afterAll(async () => {
  await world.close();
  await units.close();
});

/** One more price, whose day is derived when somebody asks. */
async function observe(place: number): Promise<void> {
  await insertRaw(units, server, [{ itemId: 1, daysAgo: 0, place, price: 5 + place }], TODAY);
  await units.owner(
    'INSERT INTO market.dirty_batch (server_id, item_ids, days, pair_count) VALUES ($1, $2, $3, 1)',
    [server.id, [1], [TODAY]],
  );
}
const isDirty = async (): Promise<boolean> =>
  (await units.owner('SELECT FROM market.dirty_batch')).length > 0;
const jobs = (): Promise<{ state: string; isLater: boolean }[]> =>
  units.owner(
    `SELECT state, run_at > created_at AS "isLater" FROM platform.job WHERE name = 'market.refresh-rollups' ORDER BY id`,
  );

/** A refresh that was not put off has figures follow. */
const figuresAsked = async (serverId: number): Promise<number> =>
  (
    await units.owner(
      `SELECT FROM platform.job WHERE name = 'market.refresh-figures' AND payload ->> 'serverId' = $1`,
      [String(serverId)],
    )
  ).length;

describe('the job that refreshes rollups', () => {
  it('rests as long as it took, and leaves what comes meanwhile to a job after that', async () => {
    const handler = world.app.get(RefreshRollupsHandler);
    const run: JobRun = {
      id: 'job',
      ownerId: SYSTEM_PRINCIPAL.id,
      attempt: 1,
      signal: new AbortController().signal,
      progress: () => undefined,
      once: (effect) => units.system.run(SYSTEM_PRINCIPAL, effect),
    };
    await observe(1);
    await handler.handle({ serverId: server.id }, run);
    expect(await isDirty()).toBe(false);
    expect(await jobs()).toEqual([]);
    await handler.handle({ serverId: server.id }, run);
    expect(await jobs()).toMatchObject([{ isLater: true }]);
    const other = await fillWorld(units, [{ itemId: 1, daysAgo: 1, place: 0, price: 5 }], TODAY);
    await handler.handle({ serverId: other.id }, run);
    expect(await figuresAsked(other.id)).toBe(1); // the rest is one server's
    await observe(2);
    await units.system.run(SYSTEM_PRINCIPAL, (tx) => world.app.get(RollupRequests).refresh(tx, [server.id]));
    await waitUntil('the days are derived', 20_000, async () => !(await isDirty()));
  });
});
