import type { Client } from 'pg';

/** The raw table once more as `bench.observation`, with all that makes storing in it dear; makes the schema `bench`. */
export async function makeRawTable(database: Client): Promise<void> {
  await database.query(`
    CREATE SCHEMA bench;
    CREATE SEQUENCE bench.observation_id_seq AS bigint CACHE 100;
    CREATE TABLE bench.observation (LIKE market.observation INCLUDING ALL) PARTITION BY RANGE (captured_at);
    ALTER TABLE bench.observation ALTER id SET DEFAULT nextval('bench.observation_id_seq');`);
  const { rows } = await database.query<{ name: string; bounds: string }>(
    `SELECT c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bounds
     FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'market.observation'::regclass`,
  );
  for (const { name, bounds } of rows) {
    await database.query(`CREATE TABLE bench.${name} PARTITION OF bench.observation ${bounds}`);
  }
}
