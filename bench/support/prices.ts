import type { Client } from 'pg';
import { type Guildhall, INGEST_TOKEN } from './guildhall.js';
import { observationAt, postBatch } from './observations.js';
import { randomOf } from './random-data.js';
import type { Benchmark } from './run-benchmark.js';

/** Prices come in through the API. @param gameServer key of the market server @param most items @returns ids of the items that have one */
export async function fillPrices(
  benchmark: Benchmark,
  server: Guildhall,
  database: Client,
  gameServer: string,
  most: number,
): Promise<number[]> {
  const { rows } = await database.query<{ id: number; externalId: number }>(
    'SELECT id, external_id AS "externalId" FROM market.item WHERE external_id IS NOT NULL ORDER BY id LIMIT $1',
    [most],
  );
  const random = randomOf(benchmark.seed, 1);
  for (let first = 0; first < rows.length; first += 1_000) {
    const batch = rows.slice(first, first + 1_000);
    const body = JSON.stringify(
      batch.map((item) => observationAt(item.externalId, Date.now() - 3_600_000, random)),
    );
    const { acceptedCount } = await postBatch(server.url, INGEST_TOKEN, gameServer, body);
    if (acceptedCount !== batch.length)
      throw new Error(`${acceptedCount} of ${batch.length} prices were stored`);
  }
  await database.query('VACUUM ANALYZE market.latest, market.item');
  return rows.map((row) => row.id);
}
