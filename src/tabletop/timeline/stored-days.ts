// Details are JSON that several rooms, imports among them, have written: what is no whole number or no date there is not told, instead of
// ending the statement.

/** SQL: a whole number of JSON, or NULL. @param json SQL of a jsonb, such as `o.details->'day'` */
export function storedInt(json: string): string {
  const number = `(${json})::numeric`;
  // One within the other: of two conditions joined by AND, the second one may be asked first.
  return `CASE WHEN jsonb_typeof(${json}) = 'number' THEN CASE WHEN abs(${number}) <= 100000000000 THEN trunc(${number})::bigint END END`;
}

/** SQL: a date as text, YYYY-MM-DD, or NULL. */
export function storedDate(json: string): string {
  return `CASE WHEN ${json} #>> '{}' ~ '^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$' THEN ${json} #>> '{}' END`;
}
