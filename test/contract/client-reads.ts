/**
 * What a client of the original reads from an answer: a name of a type, with `?` where its code gets by without the value. Arrays
 * have one element, which stands for all. Fields that no client reads may be there as well, except where `exact` says otherwise.
 */
export type Reading =
  | 'number'
  | 'string'
  | 'boolean'
  | 'instant'
  | 'number?'
  | 'string?'
  | 'boolean?'
  | 'instant?'
  | readonly [Reading]
  | { readonly [field: string]: Reading };

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}(\d{3})?)?\+00:00$/;

/** Where an answer is not what the client takes it for, as JSON pointers; empty when all is well. */
export function misreadings(value: unknown, reading: Reading, at = ''): string[] {
  if (typeof reading === 'string') return misreadValue(value, reading, at);
  if (Array.isArray(reading)) {
    if (!Array.isArray(value)) return [`${at}: no array`];
    return value.flatMap((element, index) => misreadings(element, reading[0] as Reading, `${at}/${index}`));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at}: no object`];
  return Object.entries(reading).flatMap(([field, inner]) =>
    misreadings((value as Record<string, unknown>)[field], inner, `${at}/${field}`),
  );
}

function misreadValue(value: unknown, reading: string, at: string): string[] {
  const type = reading.replace('?', '');
  if (value === null || value === undefined) return reading.endsWith('?') ? [] : [`${at}: ${String(value)}`];
  if (type === 'instant')
    return typeof value === 'string' && INSTANT.test(value) && !Number.isNaN(Date.parse(value))
      ? []
      : [`${at}: no instant`];
  if (typeof value !== type) return [`${at}: ${typeof value} for ${type}`];
  return typeof value === 'number' && !Number.isFinite(value) ? [`${at}: not finite`] : [];
}
