import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { insertServer } from '../../../test/factories/server.factory.js';
import { type JobWorld, openJobWorld } from '../../../test/support/job-world.js';
import { fillWorld, prepareForWorlds } from '../../../test/support/raw-worlds.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import { MARKET_FIGURES_QUEUE } from '../market.queues.js';
import { DirtyDaysRepository } from '../rollups/dirty-days.repository.js';
import { RollupRequests } from '../rollups/rollup-requests.service.js';
import { REFRESH_FIGURES } from './figures.jobs.js';
import { IndexLinksRepository } from './index-links.repository.js';
import { MarketIndexes } from './market-indexes.service.js';
import { RefreshFiguresHandler } from './refresh-figures.handler.js';
import { SeriesFiguresRepository } from './series-figures.repository.js';
import { utcDayOf } from './utc-day.js';
import { WindowFiguresRepository } from './window-figures.repository.js';
import { WindowFigures } from './window-figures.service.js';

const TODAY = utcDayOf(Date.now());
/** As many as one portion takes at most. */
const PORTION = 8_000;

let units: TestUnits;
let world: JobWorld;
let serverId: number;

beforeAll(async () => {
  units = await openUnits();
  await prepareForWorlds(units);
  world = await openJobWorld({
    databaseUrl: units.url,
    catalog: { queues: [MARKET_FIGURES_QUEUE], jobs: [REFRESH_FIGURES], schedules: [] },
    handlers: [
      RefreshFiguresHandler,
      RollupRequests,
      DirtyDaysRepository,
      WindowFigures,
      WindowFiguresRepository,
      SeriesFiguresRepository,
      MarketIndexes,
      IndexLinksRepository,
    ],
  });
});

beforeEach(async () => {
  const raw = [1, 2, 3].map((itemId) => ({ itemId, daysAgo: itemId, place: itemId, price: 10 * itemId }));
  ({ id: serverId } = await fillWorld(units, raw, TODAY));
});

afterAll(async () => {
  await world.close();
  await units.close();
});

const follow = (): Promise<void> =>
  units.system.run(SYSTEM_PRINCIPAL, (tx) => world.app.get(RollupRequests).followWithFigures(tx, [serverId]));
const countOf = async (table: 'stale_series' | 'window_figure'): Promise<number> => {
  const rows = await units.owner(`SELECT FROM market.${table} WHERE server_id = $1`, [serverId]);
  return rows.length;
};
const states = async (): Promise<string[]> => {
  const rows = await units.owner<{ state: string }>(
    `SELECT state FROM platform.job WHERE name = 'market.refresh-figures' AND payload ->> 'serverId' = $1 ORDER BY id`,
    [String(serverId)],
  );
  return rows.map(({ state }) => state);
};
const waitForDone = (count: number): Promise<unknown> =>
  waitUntil(`${count} jobs are done`, 20_000, async () => {
    const found = await states();
    return found.length === count && found.every((state) => state === 'done');
  });

describe('the job that refreshes figures', () => {
  it('works out what is stale, and asks for nothing more when nothing is', async () => {
    await follow();
    await waitForDone(1);
    expect(await countOf('stale_series')).toBe(0);
    expect(await countOf('window_figure')).toBe(3 * 4);
  });

  it('asks for itself again until a stale server has been gone through', async () => {
    await units.owner(
      `INSERT INTO market.stale_series (server_id, item_ids)
       SELECT $1, array_agg(part * ${PORTION} + i) FROM generate_series(1, 2) AS part, generate_series(1, ${PORTION}) AS i
       GROUP BY part`,
      [serverId],
    );
    await follow();
    await waitForDone(3);
    expect(await countOf('stale_series')).toBe(0);
    expect(await countOf('window_figure')).toBe(3 * 4);
  });

  it('leaves a server alone that somebody else has in hand, and comes back', async () => {
    await units.system.run(SYSTEM_PRINCIPAL, async (tx) => {
      await tx.query({
        name: 'spec.lock-figures',
        text: 'SELECT pg_advisory_xact_lock($1, $2)',
        values: [ADVISORY_LOCK.marketFigures, serverId],
      });
      await follow();
      await waitUntil('it was there', 20_000, async () => (await states()).includes('done'));
      expect(await countOf('window_figure')).toBe(0);
    });
    await waitUntil('it came back', 20_000, async () => (await countOf('stale_series')) === 0);
    expect(await countOf('window_figure')).toBe(3 * 4);
    expect((await states()).length).toBeGreaterThan(1);
  });

  it('leaves everything as it was when it is stopped, and takes it up at the next try', async () => {
    const stopped = {
      id: 'job',
      ownerId: SYSTEM_PRINCIPAL.id,
      attempt: 1,
      signal: AbortSignal.abort(new Error('stopped')),
      progress: () => undefined,
      once: () => Promise.reject(new Error('there is nothing to commit')),
    };
    await expect(world.app.get(RefreshFiguresHandler).handle({ serverId }, stopped)).rejects.toThrow(
      'stopped',
    );
    expect(await countOf('stale_series')).toBe(1);
    expect(await countOf('window_figure')).toBe(0);
    await follow();
    await waitForDone(1);
    expect(await countOf('window_figure')).toBe(3 * 4);
  });

  it('of a server without prices is done at once', async () => {
    ({ id: serverId } = await insertServer(units));
    await follow();
    await waitForDone(1);
  });
});
