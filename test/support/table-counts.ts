import pg from 'pg';
import { SYSTEM_SCOPE } from '../../src/platform/database/system-scope.js';

/** Written by the process itself, some time after whatever gave the occasion. */
const BACKGROUND = [
  'platform.api_performance_logs',
  'platform.error_group',
  'market.dirty_batch',
  'market.daily',
  'market.window_stat',
  'market.rollup_version',
  'market.observation_flag',
  'market.day_change',
  'market.stale_series',
  'market.window_figure',
  'market.figure_version',
  'market.figure_change',
  'market.index_link',
  'market.alert_state',
  'market.dump',
  'platform.audit_pending',
  'platform.audit_seal',
];

const OF_THE_PLATFORM_TOO = ['platform.job', 'platform.stored_file'];

/** Counts the rows of every table that a request itself could write to, over one connection. */
export class TableCounter {
  private sql: string | undefined;

  private constructor(private readonly client: pg.Client) {}

  static async open(url: string): Promise<TableCounter> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return new TableCounter(client);
  }

  /** By table name; partitions are counted through their parent. */
  async count(): Promise<Record<string, number>> {
    this.sql ??= await this.makeSql();
    const { rows } = await this.client.query<{ name: string; count: number }>(this.sql);
    return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
  }

  close(): Promise<void> {
    return this.client.end();
  }

  private async makeSql(): Promise<string> {
    const { rows } = await this.client.query<{ name: string }>(
      `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname IN ('market', 'platform', 'identity', 'agent_analytics') AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1`,
    );
    return rows
      .filter(({ name }) => !BACKGROUND.includes(name))
      .map(({ name }) => {
        // The platform's own jobs and files come by the clock.
        const condition = OF_THE_PLATFORM_TOO.includes(name) ? `WHERE user_id <> '${SYSTEM_SCOPE.id}'` : '';
        return `SELECT '${name}' AS name, count(*)::int AS count FROM ${name} ${condition}`;
      })
      .join(' UNION ALL ');
  }
}

/** One question to a database, over a connection of its own. */
export async function queryRows<Row extends object>(
  url: string,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql, values)).rows;
  } finally {
    await client.end();
  }
}
