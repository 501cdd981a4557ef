import type { Range } from './range.js';

// Words that several statements on derived rows share, so that they mean the same in each: constants of the program, never input.

/** Rows of a range; $1 project, $2 from, $3 to, $4 environment, as `rangeValues` gives them. */
export function inRange(row: string, column: string): string {
  return `${row}.project_id = $1 AND ($2::timestamptz IS NULL OR ${row}.${column} >= $2)
    AND ($3::timestamptz IS NULL OR ${row}.${column} < $3) AND ($4::text IS NULL OR ${row}.environment = $4)`;
}

export function rangeValues(projectId: string, { from, to, environment }: Range): unknown[] {
  return [projectId, from, to, environment];
}

/** Of rows of `session_figure`; the same rule as `sessionState`. @param settledBefore a parameter, see the function of that name */
export function isActive(row: string, settledBefore: string): string {
  return `(NOT ${row}.is_complete AND coalesce(${row}.ended_at, ${row}.created_at) > ${settledBefore}::timestamptz)`;
}

/** Likewise: not complete, and nobody will come back. */
export function isAbandoned(row: string, settledBefore: string): string {
  return `(NOT ${row}.is_complete AND coalesce(${row}.ended_at, ${row}.created_at) <= ${settledBefore}::timestamptz)`;
}

/** `Maya & Noah`; null until both are known. */
export function pairOf(row: string): string {
  return `${row}.mortal || ' & ' || ${row}.match`;
}

/** A pattern of whatever holds the text: nothing in it is a wildcard. */
export function likePattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

/** What each model took part in, one row for each; of rows that have `models`, see model-costs.ts. */
export function modelsOf(row: string): string {
  return `jsonb_to_recordset(${row}.models) AS m(model text, count int, "costUsd" float8, "totalTokens" float8)`;
}
