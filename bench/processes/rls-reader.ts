import pg from 'pg';
import { roleConfig } from '../../src/platform/database/connection-config.js';
import { openDatabase } from '../../src/platform/database/database.module.js';
import { prepareScope, submitScoped } from '../../src/platform/database/scoped-query.js';
import type { Statement } from '../../src/platform/database/unit-of-work.js';
import { POOL_SIZE } from '../support/guildhall.js';
import { pick, randomOf } from '../support/random-data.js';
import { answerRequests } from '../support/worker.js';

// Reads pages of random users' rows, many at once, in one of the ways that are compared.

/** `unit-of-work` is the product's own path; the others say how connections are used and whether a scope is set. */
export type ReadingWay =
  | 'unit-of-work'
  | 'transaction'
  | 'scoped-pool'
  | 'unscoped-pool'
  | 'unscoped-pipelined'
  | 'unscoped-transaction';

export type RlsReaderRequest =
  | { kind: 'open'; way: ReadingWay; databaseUrl: string; table: string; userIds: string[]; seed: number }
  | { kind: 'page'; userId: string }
  | { kind: 'read'; seconds: number };

export interface PagesRead {
  pages: number;
  seconds: number;
}

export const PAGE = 20;
const AT_ONCE = 32;
const PIPELINED_CONNECTIONS = 2;

type ReadPage = (userId: string) => Promise<object[]>;

let readPage: ReadPage;
let userIds: string[] = [];
let random = randomOf(0, 0);

function statementOf(table: string, userId: string): Statement {
  return {
    name: `bench.list-notes-of-${table}`,
    text: `SELECT id, title, amount, created_at AS "createdAt" FROM ${table} WHERE user_id = $1 AND id > $2 ORDER BY id LIMIT ${PAGE}`,
    values: [userId, 100],
  };
}

/** @returns how one page is read in that way */
async function open(way: ReadingWay, databaseUrl: string, table: string): Promise<ReadPage> {
  const target = { url: databaseUrl, directUrl: databaseUrl, pooler: 'none' as const, poolMax: POOL_SIZE };
  const config = roleConfig(target, 'app');
  if (way === 'unit-of-work' || way === 'transaction') {
    const { app } = await openDatabase(target, []);
    if (way === 'unit-of-work') return (id) => app.read({ id }, statementOf(table, id));
    return (id) => app.run({ id }, (tx) => tx.query(statementOf(table, id)));
  }
  if (way === 'unscoped-pipelined') {
    const clients = Array.from(
      { length: PIPELINED_CONNECTIONS },
      () => new pg.Client({ ...config, pipeline: true }),
    );
    for (const client of clients) client.on('error', () => undefined);
    await Promise.all(clients.map((client) => client.connect()));
    let turn = 0;
    return async (id) => {
      turn = (turn + 1) % clients.length;
      return (await clients[turn]!.query<object>(statementOf(table, id))).rows;
    };
  }
  return overPool(way, new pg.Pool({ ...config, max: POOL_SIZE }), table);
}

function overPool(way: ReadingWay, pool: pg.Pool, table: string): ReadPage {
  pool.on('error', () => undefined);
  const prepared = new WeakSet<pg.PoolClient>();
  return async (id) => {
    const client = await pool.connect();
    try {
      if (way === 'unscoped-pool') return (await client.query<object>(statementOf(table, id))).rows;
      if (way === 'scoped-pool') {
        if (!prepared.has(client)) await prepareScope(client);
        prepared.add(client);
        return await submitScoped<object>(client, id, statementOf(table, id));
      }
      await client.query('BEGIN');
      const { rows } = await client.query<object>(statementOf(table, id));
      await client.query('COMMIT');
      return rows;
    } finally {
      client.release();
    }
  };
}

async function read(seconds: number): Promise<PagesRead> {
  const startedAt = performance.now();
  const endAt = startedAt + seconds * 1_000;
  let pages = 0;
  const reader = async (): Promise<void> => {
    while (performance.now() < endAt) {
      const rows = await readPage(pick(userIds, random));
      if (rows.length !== PAGE) throw new Error(`A page has ${rows.length} rows`);
      pages += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, reader));
  return { pages, seconds: (performance.now() - startedAt) / 1_000 };
}

answerRequests(async (request: RlsReaderRequest): Promise<PagesRead | object[] | undefined> => {
  switch (request.kind) {
    case 'open':
      ({ userIds } = request);
      random = randomOf(request.seed, 2);
      readPage = await open(request.way, request.databaseUrl, request.table);
      return undefined;
    case 'page':
      return readPage(request.userId);
    case 'read':
      return read(request.seconds);
  }
});
