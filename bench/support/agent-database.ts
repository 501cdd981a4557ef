import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { bringSchemaUp } from '../../src/boot/schema.js';
import { startEmbeddedPostgres } from '../../src/platform/database/embedded-postgres.js';
import type { Benchmark } from './run-benchmark.js';

export interface OwnDatabase {
  url: string;
  owner: pg.Client;
  postgresPid: number;
}

/** The embedded PostgreSQL at the program's settings, migrated, without the program. @returns the owner's URL and connection */
export async function openOwnDatabase(benchmark: Benchmark): Promise<OwnDatabase> {
  const dir = join(benchmark.folder, 'data');
  mkdirSync(dir, { recursive: true });
  const postgres = await startEmbeddedPostgres({ dir });
  benchmark.onEnd(() => postgres.stop());
  const { url } = postgres;
  await bringSchemaUp({ url, directUrl: url, pooler: 'none', poolMax: 2 });
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  benchmark.onEnd(() => owner.end());
  return { url, owner, postgresPid: postgres.pid };
}
