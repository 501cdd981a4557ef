import type { Client } from 'pg';
import { rebuildRollups, runnerOf } from '../../test/factories/rollups.factory.js';
import { SOURCE } from './observations.js';

// A history that is filled by SQL, since a year cannot be waited for: 6,500 items on 5 servers over 400 days, each price a
// walk of its own around the item's level. The original's tables get the very same rows, in the order of their arrival.

export const HISTORY_DAYS = 400;
const SERVERS = 5;
const ITEMS = 6_500;
/** The last rows lie this far back, so that batches that are sent come later. */
const END_S = 120;

export interface HistoryItem {
  id: number;
  externalId: number;
  label: string;
}

export interface History {
  servers: { id: number; key: string; name: string }[];
  items: HistoryItem[];
  rows: number;
}

export interface HistoryOptions {
  seed: number;
  /** In all, a multiple of nothing: each series gets its share, rounded. */
  rows: number;
  /** Day on which windows end. */
  asOf: string;
  /** Whether the original's tables are filled too. */
  hasReference: boolean;
}

/** The rollups come out as the worker would make them, in a fraction of the time; it finds nothing left to do. */
export async function fillHistory(database: Client, options: HistoryOptions): Promise<History> {
  const { seed, rows, asOf, hasReference } = options;
  const servers = await database.query<History['servers'][number]>(
    'SELECT id, key, name FROM market.server ORDER BY id LIMIT $1',
    [SERVERS],
  );
  const items = await database.query<HistoryItem>(
    `SELECT id, external_id AS "externalId", label FROM market.item
     WHERE game_id = 1 AND external_id IS NOT NULL ORDER BY id LIMIT $1`,
    [ITEMS],
  );
  const perSeries = Math.round(rows / (servers.rows.length * items.rows.length));
  await database.query(`SET TIME ZONE 'UTC'; SET jit = off; SET synchronous_commit = off; SET work_mem = '128MB';
                        SET maintenance_work_mem = '256MB'`);
  const serverIds = servers.rows.map(({ id }) => id);
  const count = await step('raw rows', () => fillRaw(database, seed, perSeries, serverIds));
  if (hasReference) await step('the tables of the original', () => fillReference(database));
  await step('rollups', () => withoutForeignKeys(database, () => rebuildRollups(runnerOf(database), asOf)));
  // The worker makes the figures of two servers by itself; those of the others are not asked for.
  const wanted = hasReference ? serverIds.slice(0, 2) : [];
  await database.query('DELETE FROM market.stale_series WHERE NOT server_id = ANY ($1::smallint[])', [
    wanted,
  ]);
  await step('vacuum', () => settle(database, hasReference));
  return { servers: servers.rows, items: items.rows, rows: count };
}

async function fillRaw(
  database: Client,
  seed: number,
  perSeries: number,
  serverIds: number[],
): Promise<number> {
  await database.query(
    `SELECT market.ensure_observation_partitions(now() - interval '${HISTORY_DAYS + 1} days', now())`,
  );
  const { rows } = await database.query<{ id: number }>(
    `INSERT INTO market.source (name) VALUES ($1) RETURNING id`,
    [SOURCE],
  );
  // In the order of the key, which is how a table of such a size is loaded in reasonable time. Analytics never read it, and
  // the worker only touched days.
  const { rowCount } = await database.query(
    `INSERT INTO market.observation (captured_at, price, item_id, source_id, lots, server_id)
     SELECT to_timestamp(h.start_s + (k + (hashint8(i.id * 7919 + s.id) & 1023) / 1024.0::float8) * h.step_s),
       floor(10 ^ (3 + 4 * (hashint8(i.id + $4) & 1023) / 1024.0::float8)
         * exp(0.4 * sin(k * h.step_s / 3e6 + (hashint8(i.id * 31 + s.id) & 63)))
         * (0.9 + 0.2 * (hashint8((i.id * 10 + s.id) * 1000 + k + $4) & 1023) / 1024.0::float8)) / 100,
       i.id, $3, 1 + k % 4, s.id
     FROM (SELECT extract(epoch FROM now())::float8 - ${HISTORY_DAYS * 86_400} AS start_s,
             (${HISTORY_DAYS * 86_400} - ${END_S})::float8 / $1::int AS step_s) AS h,
       unnest($2::smallint[]) AS s(id),
       (SELECT id::bigint FROM market.item
        WHERE game_id = 1 AND external_id IS NOT NULL ORDER BY id LIMIT ${ITEMS}) AS i,
       generate_series(0, $1::int - 1) AS k`,
    [perSeries, serverIds, rows[0]!.id, seed % 1_000_003],
  );
  await database.query(
    `INSERT INTO market.latest (server_id, item_id, price, captured_at, lots, source_id, observation_id)
     SELECT DISTINCT ON (server_id, item_id) server_id, item_id, price, captured_at, lots, source_id, id
     FROM market.observation WHERE captured_at > now() - interval '${HISTORY_DAYS} days' * 2 / $1::int
     ORDER BY server_id, item_id, captured_at DESC`,
    [perSeries],
  );
  await database.query('INSERT INTO market.server_version (server_id) SELECT unnest($1::smallint[])', [
    serverIds,
  ]);
  return rowCount!;
}

async function fillReference(database: Client): Promise<void> {
  await database.query(`
    CREATE SCHEMA bench;
    CREATE TABLE bench.seed_observation (
      id bigserial PRIMARY KEY, item_id integer NOT NULL, server text NOT NULL, price_unit_avg numeric NOT NULL,
      nb_lots integer NOT NULL, captured_at timestamptz NOT NULL);
    CREATE TABLE bench.seed_item (id integer PRIMARY KEY, name text NOT NULL, category text);
    INSERT INTO bench.seed_item
      SELECT i.id, i.label, c.name FROM market.item i LEFT JOIN market.category c ON c.id = i.category_id;
    INSERT INTO bench.seed_observation (item_id, server, price_unit_avg, nb_lots, captured_at)
      SELECT o.item_id, s.name, o.price::numeric, o.lots, o.captured_at
      FROM market.observation o JOIN market.server s ON s.id = o.server_id ORDER BY o.captured_at;
    CREATE INDEX ON bench.seed_observation (item_id, server, captured_at);
    CREATE INDEX ON bench.seed_observation (server, captured_at);
    CREATE INDEX ON bench.seed_observation (captured_at);
    ANALYZE bench.seed_item`);
}

/** What autovacuum would else do while something is measured. */
async function settle(database: Client, hasReference: boolean): Promise<void> {
  await database.query(
    'VACUUM ANALYZE market.observation, market.daily, market.window_stat, market.latest, market.server_version',
  );
  if (hasReference) await database.query('VACUUM ANALYZE bench.seed_observation');
}

/** Millions of rows are checked at once when the keys are put back, not one by one. */
async function withoutForeignKeys(database: Client, work: () => Promise<void>): Promise<void> {
  const { rows } = await database.query<{ table: string; name: string; definition: string }>(
    `SELECT conrelid::regclass::text AS table, conname AS name, pg_get_constraintdef(oid) AS definition
     FROM pg_constraint WHERE contype = 'f'
       AND conrelid IN ('market.daily'::regclass, 'market.window_stat'::regclass)`,
  );
  for (const key of rows) await database.query(`ALTER TABLE ${key.table} DROP CONSTRAINT ${key.name}`);
  await work();
  for (const key of rows)
    await database.query(`ALTER TABLE ${key.table} ADD CONSTRAINT ${key.name} ${key.definition}`);
}

async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const startedMs = performance.now();
  const result = await work();
  console.log(`  filled ${name} in ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
  return result;
}
