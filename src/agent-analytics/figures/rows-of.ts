/**
 * Rows of a project ($1) by the first column of their key beside it ($2, many), each looked up by itself: a planner without statistics, as
 * within a first copy, takes a project for a few rows and would read all that it has once per portion.
 * Only for who holds the figures' lock, since a row that somebody else moves meanwhile is missed.
 */
export function rowsOf(table: string, key: 'trace_id' | 'session_id'): string {
  return `ctid = ANY (ARRAY(SELECT found.at FROM unnest($2::text[]) AS asked(id) CROSS JOIN LATERAL (
    SELECT ctid AS at FROM agent_analytics.${table} WHERE project_id = $1 AND ${key} = asked.id OFFSET 0) AS found))`;
}
