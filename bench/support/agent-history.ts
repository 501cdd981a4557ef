import type { Client } from 'pg';

/** Tables of a project in which time goes by; those of texts are left out unless asked for. */
const TABLES = [
  'session',
  'trace',
  'observation',
  'trace_figure',
  'session_figure',
  'agent_run',
  'turn',
  'chapter_day',
  'agent_day',
] as const;
/** What a copy has to call otherwise. */
const ID_COLUMNS = new Set(['id', 'session_id', 'trace_id', 'parent_id', 'observation_id']);
/** Not of the row's own time. */
const KEPT_COLUMNS = new Set(['requested_at', 'removed_at']);

/**
 * A longer past: everything that a project has once more, `copies` times, each so many days before the one after it. Raw and derived
 * rows both, so nothing is left to rebuild.
 * @param days at least as many as the project's rows lie on
 */
export async function multiplyPast(
  database: Client,
  projectId: string,
  { copies, days }: { copies: number; days: number },
): Promise<void> {
  await database.query('SET synchronous_commit = off');
  for (const table of TABLES) {
    const { rows } = await database.query<{ name: string; type: string }>(
      `SELECT column_name AS name, data_type AS type FROM information_schema.columns
       WHERE table_schema = 'agent_analytics' AND table_name = $1 AND is_generated = 'NEVER' ORDER BY ordinal_position`,
      [table],
    );
    const earlier = ({ name, type }: { name: string; type: string }): string => {
      if (ID_COLUMNS.has(name)) return `t.${name} || '-' || n`;
      if (KEPT_COLUMNS.has(name)) return `t.${name}`;
      if (type === 'date') return `t.${name} - n * $3`;
      return type.startsWith('timestamp') ? `t.${name} - n * $3 * interval '1 day'` : `t.${name}`;
    };
    await database.query(
      `INSERT INTO agent_analytics.${table} (${rows.map(({ name }) => name).join(', ')})
       SELECT ${rows.map(earlier).join(', ')} FROM agent_analytics.${table} t, generate_series(1, $2::int) n
       WHERE t.project_id = $1 AND $3::int > 0`,
      [projectId, copies, days],
    );
  }
  await database.query('RESET synchronous_commit');
  await database.query(`VACUUM ANALYZE ${TABLES.map((table) => `agent_analytics.${table}`).join(', ')}`);
}
