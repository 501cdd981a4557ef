// a 20-row page by index in a user's scope under row-level security, against the same statement without either
import type { Client } from 'pg';
import { ownerOf } from '../src/platform/database/connection-config.js';
import { roleName } from '../src/platform/database/roles.js';
import { PAGE, type PagesRead, type ReadingWay, type RlsReaderRequest } from './processes/rls-reader.js';
import { connectOwner, type Guildhall, startGuildhall } from './support/guildhall.js';
import { cpuUs } from './support/process-figures.js';
import { type Benchmark, type Figures, runBenchmark } from './support/run-benchmark.js';
import { interleave, median, printVariant, ratios, spread } from './support/statistics.js';
import { startWorker, type Worker } from './support/worker.js';

// One table of notes, 1,000 users, twice: with row-level security (forced, the policy of the product's own tables) and
// without. The named statement is the same on both and asks for the user's rows itself, so both return the same rows.
// Pairs of equal connections, scoped on the guarded table against unscoped on the other:
// - pipelined: `uow.read` as the product does it (ScopedQuery on two pipelined connections) against two pipelined connections
// - pool: ScopedQuery on a pool of ten against a pool of ten
// - transaction: `uow.run` (BEGIN with the scope, statement, COMMIT) against BEGIN, statement, COMMIT; what writes pay
// `ratio` is the worse of the first two, the ways of a read. `read_to_pool` sets `uow.read` against the plain pool.

const USERS = 1_000;
const NOTES = { quick: 300_000, full: 1_000_000 };
const CHECKED_USERS = 20;
const GUARDED = 'bench.note';
const PLAIN = 'bench.note_plain';

const WAYS = {
  scopedPipelined: { way: 'unit-of-work', table: GUARDED },
  plainPipelined: { way: 'unscoped-pipelined', table: PLAIN },
  scopedPool: { way: 'scoped-pool', table: GUARDED },
  plainPool: { way: 'unscoped-pool', table: PLAIN },
  scopedTransaction: { way: 'transaction', table: GUARDED },
  plainTransaction: { way: 'unscoped-transaction', table: PLAIN },
} satisfies Record<string, { way: ReadingWay; table: string }>;
type Variant = keyof typeof WAYS;
const VARIANTS = Object.keys(WAYS) as Variant[];

interface Measured {
  pagesPerS: number;
  /** Processor time of the reading process. */
  cpuUs: number;
}

async function fillTables(benchmark: Benchmark, server: Guildhall, database: Client): Promise<string[]> {
  const app = database.escapeIdentifier(roleName(ownerOf(server.databaseUrl), 'app'));
  const notes = benchmark.isQuick ? NOTES.quick : NOTES.full;
  const table = (name: string): string => `
    CREATE TABLE ${name} (
      user_id uuid NOT NULL, id bigint NOT NULL, title text NOT NULL, amount integer NOT NULL, created_at timestamptz NOT NULL,
      PRIMARY KEY (user_id, id));
    GRANT SELECT ON ${name} TO ${app};
    INSERT INTO ${name}
      SELECT md5('${benchmark.seed}-' || n % ${USERS})::uuid, n, 'note ' || md5(n::text), n % 9973,
        timestamptz '2025-01-01Z' + n * interval '1 second'
      FROM generate_series(1, ${notes}) AS n;`;
  await database.query(`CREATE SCHEMA bench; GRANT USAGE ON SCHEMA bench TO ${app};`);
  await database.query(table(GUARDED));
  await database.query(table(PLAIN));
  await database.query(`
    ALTER TABLE ${GUARDED} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY own_rows ON ${GUARDED} TO ${app}
      USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid));`);
  await database.query(`VACUUM ANALYZE ${GUARDED}`);
  await database.query(`VACUUM ANALYZE ${PLAIN}`);
  const { rows } = await database.query<{ id: string }>(
    `SELECT DISTINCT user_id AS id FROM ${PLAIN} ORDER BY id`,
  );
  return rows.map((row) => row.id);
}

/** The same 20 rows everywhere, and none of another user's through the policy. */
async function assertSamePages(readers: Record<Variant, Worker>, userIds: readonly string[]): Promise<void> {
  for (const userId of userIds.slice(0, CHECKED_USERS)) {
    const page = async (name: Variant): Promise<string> => {
      const rows = await readers[name].ask<object[]>({ kind: 'page', userId } satisfies RlsReaderRequest);
      if (rows.length !== PAGE) throw new Error(`${name} returns ${rows.length} rows`);
      return JSON.stringify(rows);
    };
    const expected = await page('plainPool');
    for (const name of VARIANTS)
      if ((await page(name)) !== expected) throw new Error(`${name} returns other rows`);
  }
}

/** Without the policy the statement could read everybody's rows: the scope of one user must not see another's. */
async function assertGuarded(server: Guildhall, database: Client, userIds: readonly string[]): Promise<void> {
  const app = database.escapeIdentifier(roleName(ownerOf(server.databaseUrl), 'app'));
  await database.query(
    `BEGIN; SET LOCAL ROLE ${app}; SELECT set_config('app.user_id', '${userIds[0]!}', true)`,
  );
  const { rows } = await database.query(`SELECT 1 FROM ${GUARDED} WHERE user_id = $1 LIMIT 1`, [userIds[1]]);
  await database.query('ROLLBACK');
  if (rows.length > 0) throw new Error('The table is not guarded');
}

async function readFor(reader: Worker, seconds: number): Promise<Measured> {
  const before = cpuUs(reader.pid);
  const { pages, seconds: taken } = await reader.ask<PagesRead>({
    kind: 'read',
    seconds,
  } satisfies RlsReaderRequest);
  return { pagesPerS: pages / taken, cpuUs: (cpuUs(reader.pid) - before) / pages };
}

function report(measured: Record<Variant, Measured[]>): Figures {
  const rate = (name: Variant): number[] => measured[name].map((figures) => figures.pagesPerS);
  const cpu = (name: Variant): number => median(measured[name].map((figures) => figures.cpuUs));
  for (const name of VARIANTS) {
    printVariant(name, 'pages/s', rate(name));
    console.log(`  ${''.padEnd(44)} ${cpu(name).toFixed(1)} us CPU per page`);
  }
  const pipelined = ratios(rate('scopedPipelined'), rate('plainPipelined'));
  const pool = ratios(rate('scopedPool'), rate('plainPool'));
  const worse = median(pipelined) < median(pool) ? pipelined : pool;
  return {
    ratio: median(worse),
    spread: spread(worse),
    ratio_pipelined: median(pipelined),
    ratio_pool: median(pool),
    ratio_transaction: median(ratios(rate('scopedTransaction'), rate('plainTransaction'))),
    read_to_pool: median(ratios(rate('scopedPipelined'), rate('plainPool'))),
    cpu_us: cpu('scopedPipelined'),
    cpu_us_plain: cpu('plainPipelined'),
    cpu_us_pool: cpu('scopedPool'),
    cpu_us_plain_pool: cpu('plainPool'),
  };
}

await runBenchmark('rls-overhead', async (benchmark) => {
  const server = await startGuildhall(benchmark);
  const database = await connectOwner(benchmark, server);
  const userIds = await fillTables(benchmark, server, database);
  await assertGuarded(server, database, userIds);
  const { databaseUrl } = server;
  const readers = {} as Record<Variant, Worker>;
  for (const name of VARIANTS) {
    readers[name] = startWorker(benchmark, 'rls-reader');
    await readers[name].ask({
      kind: 'open',
      ...WAYS[name],
      databaseUrl,
      userIds,
      seed: benchmark.seed,
    } satisfies RlsReaderRequest);
  }
  await assertSamePages(readers, userIds);
  const seconds = benchmark.isQuick ? 1 : 4;
  for (const name of VARIANTS) await readFor(readers[name], 1.5);
  const variants = Object.fromEntries(VARIANTS.map((name) => [name, () => readFor(readers[name], seconds)]));
  return report(await interleave(benchmark.rounds, variants as Record<Variant, () => Promise<Measured>>));
});
