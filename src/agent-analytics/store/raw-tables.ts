// The raw tables in words that SQL is made of: constants of the program, never input. What differs from table to table is only which
// columns there are; which version of a row wins is one rule for all of them.

/** A column and the type that a page's JSON is read as. */
type Columns = Readonly<Record<string, string>>;

export interface RawTable {
  readonly name: 'session' | 'trace' | 'observation' | 'score';
  readonly columns: Columns;
  /** By which the upstream filters, and so do windows. */
  readonly timeColumn: string;
  readonly hasUpdatedAt: boolean;
  /** What to rebuild after a change: expressions over `c`, the changed row with its `old_` version. */
  readonly dirty: { readonly table: string; readonly column: string; readonly keys: string } | null;
  /** Of the rows that `dirty.keys` names, as columns of the table. */
  readonly linkColumns: readonly string[];
  readonly hasPayload: boolean;
}

const PAYLOAD = 'input json, output json, metadata json, payload_at timestamptz';

export const SESSION_TABLE: RawTable = {
  name: 'session',
  columns: {
    id: 'text',
    environment: 'text',
    created_at: 'timestamptz',
    created_text: 'text',
    is_clamped: 'boolean',
    content_hash: 'uuid',
  },
  timeColumn: 'created_at',
  hasUpdatedAt: false,
  dirty: { table: 'dirty_session', column: 'session_id', keys: 'c.id' },
  linkColumns: [],
  hasPayload: false,
};

export const TRACE_TABLE: RawTable = {
  name: 'trace',
  columns: {
    id: 'text',
    environment: 'text',
    session_id: 'text',
    at: 'timestamptz',
    at_text: 'text',
    name: 'text',
    player_id: 'text',
    release: 'text',
    version: 'text',
    tags: 'text[]',
    facts: 'jsonb',
    latency_s: 'float8',
    cost_usd: 'float8',
    created_at: 'timestamptz',
    created_text: 'text',
    updated_at: 'timestamptz',
    is_clamped: 'boolean',
    content_hash: 'uuid',
  },
  timeColumn: 'at',
  hasUpdatedAt: true,
  dirty: { table: 'dirty_trace', column: 'trace_id', keys: 'c.id' },
  linkColumns: [],
  hasPayload: true,
};

export const OBSERVATION_TABLE: RawTable = {
  name: 'observation',
  columns: {
    id: 'text',
    environment: 'text',
    stands_for: 'text',
    trace_id: 'text',
    parent_id: 'text',
    type: 'text',
    name: 'text',
    at: 'timestamptz',
    at_text: 'text',
    end_at: 'timestamptz',
    end_text: 'text',
    level: 'text',
    status_message: 'text',
    model: 'text',
    facts: 'jsonb',
    choices: 'jsonb',
    prompt_tokens: 'float8',
    completion_tokens: 'float8',
    total_tokens: 'float8',
    cost_usd: 'float8',
    prompt_name: 'text',
    prompt_version: 'float8',
    version: 'text',
    trace_context: 'jsonb',
    created_at: 'timestamptz',
    created_text: 'text',
    updated_at: 'timestamptz',
    is_clamped: 'boolean',
    content_hash: 'uuid',
  },
  timeColumn: 'at',
  hasUpdatedAt: true,
  // A row that moves to another trace changes both.
  dirty: { table: 'dirty_trace', column: 'trace_id', keys: 'c.trace_id, c.old_trace_id' },
  linkColumns: ['trace_id'],
  hasPayload: true,
};

export const SCORE_TABLE: RawTable = {
  name: 'score',
  columns: {
    id: 'text',
    environment: 'text',
    name: 'text',
    data_type: 'text',
    number_value: 'float8',
    text_value: 'text',
    source: 'text',
    at: 'timestamptz',
    at_text: 'text',
    comment: 'text',
    subject_kind: 'text',
    subject_id: 'text',
    trace_id: 'text',
    updated_at: 'timestamptz',
    is_clamped: 'boolean',
    content_hash: 'uuid',
  },
  timeColumn: 'at',
  hasUpdatedAt: true,
  dirty: null,
  linkColumns: [],
  hasPayload: false,
};

/**
 * Upserts a page; $1 project, $2 rows as a JSON array, $3 when they were asked for. Versions of a row are in one total order (when it
 * was changed, when it was asked for, its content), so the end is the same in whichever order they come; a version of the same content
 * only moves the row's place in that order. Rows are taken in the order of ids, so that two writers do not lock each other. Answers how many rows are new and how many changed.
 */
export function upsertSql(table: RawTable): string {
  const { name, columns, dirty, linkColumns, hasPayload } = table;
  const names = Object.keys(columns);
  const given = names.map((column) => `${column} ${columns[column]}`).join(', ');
  const order = (row: string): string =>
    `(${table.hasUpdatedAt ? `coalesce(${row}.updated_at, '-infinity'), ` : ''}${row}.requested_at, ${row}.content_hash)`;
  const links = linkColumns.map((column) => `, w.${column}, o.${column} AS old_${column}`).join('');
  return `
    WITH given AS MATERIALIZED (
      SELECT * FROM json_to_recordset($2::json) AS u(${given}${hasPayload ? `, ${PAYLOAD}` : ''})
    ), old AS MATERIALIZED (
      SELECT t.* FROM agent_analytics.${name} t WHERE t.project_id = $1 AND t.id IN (SELECT id FROM given)
    ), written AS (
      INSERT INTO agent_analytics.${name} AS t (project_id, requested_at, ${names.join(', ')})
      SELECT $1, $3, ${names.join(', ')} FROM given ORDER BY id
      ON CONFLICT (project_id, id) DO UPDATE SET requested_at = excluded.requested_at, removed_at = NULL,
        ${names
          .filter((column) => column !== 'id')
          .map((column) => `${column} = excluded.${column}`)
          .join(', ')}
      WHERE ${order('t')} < ${order('excluded')} OR t.removed_at IS NOT NULL
      RETURNING t.*
    ), changed AS (
      SELECT w.id, o.id IS NULL AS is_new${links}
      FROM written w LEFT JOIN old o USING (id)
      WHERE o.id IS NULL OR o.content_hash <> w.content_hash OR o.removed_at IS NOT NULL
    )${dirty ? `, marked AS (${markSql(dirty)})` : ''}${hasPayload ? payloadSql(name) : ''}
    SELECT count(*) FILTER (WHERE is_new)::int AS inserted, count(*) FILTER (WHERE NOT is_new)::int AS updated FROM changed`;
}

/** Marks rows as gone; $1 project, $2 their ids. */
export function removeSql({ name, dirty, linkColumns }: RawTable): string {
  const links = linkColumns.map((column) => `, ${column}, ${column} AS old_${column}`).join('');
  return `
    WITH changed AS (
      UPDATE agent_analytics.${name} SET removed_at = now() WHERE project_id = $1 AND id = ANY ($2::text[]) AND removed_at IS NULL
      RETURNING id${links}
    )${dirty ? `, marked AS (${markSql(dirty)})` : ''}
    SELECT count(*)::int AS count FROM changed`;
}

export function countSql({ name, timeColumn }: RawTable): string {
  return `SELECT count(*)::int AS count FROM agent_analytics.${name}
          WHERE project_id = $1 AND ${timeColumn} >= $2 AND ${timeColumn} < $3 AND removed_at IS NULL`;
}

export function keysSql({ name, timeColumn }: RawTable): string {
  return `SELECT id FROM agent_analytics.${name}
          WHERE project_id = $1 AND ${timeColumn} >= $2 AND ${timeColumn} < $3 AND removed_at IS NULL
            AND ($4::text IS NULL OR id COLLATE "C" > $4)
          ORDER BY id COLLATE "C" LIMIT $5`;
}

/**
 * A mark of one's own, whether there is one already or not: that one may be taken by a rebuild at this moment, which does not see these
 * rows yet. Nobody waits for anybody's marks.
 */
function markSql({ table, column, keys }: NonNullable<RawTable['dirty']>): string {
  return `
      INSERT INTO agent_analytics.${table} (project_id, ${column})
      SELECT DISTINCT $1, k.key FROM changed c, unnest(ARRAY[${keys}]) AS k(key) WHERE k.key IS NOT NULL`;
}

/** Texts go with the version that won; a row that has moved to another time, or has none any more, leaves none behind. */
function payloadSql(kind: RawTable['name']): string {
  return `, dropped AS (
      DELETE FROM agent_analytics.payload p USING changed c, given g
      WHERE p.project_id = $1 AND p.kind = '${kind}' AND p.id = c.id AND NOT c.is_new AND g.id = c.id
        AND (p.at <> g.payload_at OR coalesce(g.input, g.output, g.metadata) IS NULL)
    ), kept AS (
      INSERT INTO agent_analytics.payload (project_id, kind, id, at, input, output, metadata)
      SELECT $1, '${kind}', g.id, g.payload_at, g.input, g.output, g.metadata FROM changed c JOIN given g USING (id)
      WHERE coalesce(g.input, g.output, g.metadata) IS NOT NULL
      ON CONFLICT (project_id, kind, id, at) DO UPDATE SET input = excluded.input, output = excluded.output, metadata = excluded.metadata
    )`;
}
