import pg from 'pg';

/**
 * Everything that migrations decide, as sorted lines of text: columns, constraints, indexes, policies, grants, functions,
 * sequences and comments of our schemas. Two databases with equal lines have equal schemas.
 */
export async function schemaFingerprint(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ line: string }>(FINGERPRINT);
    return rows.map((row) => row.line);
  } finally {
    await client.end();
  }
}

const FINGERPRINT = `
  WITH ours AS (
    SELECT c.*, c.oid::regclass::text AS place FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('platform', 'market', 'agent_analytics') AND NOT c.relispartition
  )
  SELECT concat_ws(' | ', 'column', place, attname, format_type(atttypid, atttypmod), attnotnull, attidentity, attcollation,
      pg_get_expr(adbin, adrelid)) AS line
    FROM ours JOIN pg_attribute a ON a.attrelid = ours.oid AND attnum > 0 AND NOT attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = ours.oid AND d.adnum = attnum WHERE relkind IN ('r', 'p')
  UNION ALL
  SELECT concat_ws(' | ', 'relation', place, relkind, relrowsecurity, relforcerowsecurity, reloptions, relacl::text[],
      relowner::regrole, obj_description(oid, 'pg_class')) FROM ours
  UNION ALL
  SELECT concat_ws(' | ', 'constraint', place, conname, pg_get_constraintdef(k.oid)) FROM ours JOIN pg_constraint k ON k.conrelid = ours.oid
  UNION ALL
  SELECT concat_ws(' | ', 'index', place, pg_get_indexdef(i.indexrelid)) FROM ours JOIN pg_index i ON i.indrelid = ours.oid
  UNION ALL
  SELECT concat_ws(' | ', 'policy', place, polname, polcmd, polroles::regrole[], pg_get_expr(polqual, polrelid),
      pg_get_expr(polwithcheck, polrelid)) FROM ours JOIN pg_policy p ON p.polrelid = ours.oid
  UNION ALL
  SELECT concat_ws(' | ', 'function', p.oid::regprocedure, pg_get_functiondef(p.oid), p.proacl::text[])
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('platform', 'market', 'agent_analytics')
  UNION ALL
  SELECT concat_ws(' | ', 'schema', nspname, nspowner::regrole, nspacl::text[], obj_description(oid, 'pg_namespace'))
    FROM pg_namespace WHERE nspname IN ('platform', 'market', 'agent_analytics')
  UNION ALL
  SELECT concat_ws(' | ', 'extension', extname) FROM pg_extension
  ORDER BY 1`;
