/** The moment of a statement: milliseconds where a test has a clock of its own, else the database's, which all processes share. */
export function nowSql(parameter: number): string {
  return `coalesce(to_timestamp($${parameter}::float8 / 1000), clock_timestamp())`;
}

export const ACTIVE = `('queued', 'running', 'rate_limited')`;
