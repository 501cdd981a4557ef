// Reads JSON as Swift's JSONDecoder does, strictly: a key that is missing or null where a value is needed, and a value of another type, are
// failures; unknown keys are passed over. Numbers have one type in JSON: an `Int` takes none with a fraction.

export class DecodingError extends Error {
  override readonly name = 'DecodingError';
}

export type Decode<T> = (value: unknown, path: string) => T;

const fail = (path: string, wanted: string, value: unknown): never => {
  throw new DecodingError(
    `${path}: ${wanted} expected, found ${JSON.stringify(value)?.slice(0, 60) ?? 'nothing'}`,
  );
};

export const string: Decode<string> = (value, path) =>
  typeof value === 'string' ? value : fail(path, 'String', value);
export const bool: Decode<boolean> = (value, path) =>
  typeof value === 'boolean' ? value : fail(path, 'Bool', value);
export const double: Decode<number> = (value, path) =>
  typeof value === 'number' && Number.isFinite(value) ? value : fail(path, 'Double', value);
export const int: Decode<number> = (value, path) =>
  Number.isSafeInteger(value) ? (value as number) : fail(path, 'Int', value);
export const uuid: Decode<string> = (value, path) =>
  typeof value === 'string' && /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i.test(value)
    ? value
    : fail(path, 'UUID', value);
/** The strategy `.iso8601`: no fractions of a second. */
export const date: Decode<Date> = (value, path) =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)$/.test(value)
    ? new Date(value)
    : fail(path, 'Date', value);

export const oneOf =
  <T extends string>(...raw: T[]): Decode<T> =>
  (value, path) =>
    raw.includes(value as T) ? (value as T) : fail(path, raw.join(' | '), value);

export const array =
  <T>(decode: Decode<T>): Decode<T[]> =>
  (value, path) =>
    Array.isArray(value)
      ? value.map((one, index) => decode(one, `${path}[${index}]`))
      : fail(path, 'Array', value);

/** `decodeIfPresent`: missing and null are nil, anything else has to decode. */
export const optional =
  <T>(decode: Decode<T>): Decode<T | null> =>
  (value, path) =>
    value === undefined || value === null ? null : decode(value, path);

export const object =
  <Shape extends Record<string, Decode<unknown>>>(
    shape: Shape,
  ): Decode<{ [Key in keyof Shape]: ReturnType<Shape[Key]> }> =>
  (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return fail(path, 'Object', value);
    const entries = Object.entries(shape).map(([key, decode]) => [
      key,
      decode((value as Record<string, unknown>)[key], `${path}.${key}`),
    ]);
    return Object.fromEntries(entries) as never;
  };

/**
 * Stricter than any client: every key has to be there, if with null, and no key beside them. What is served is known by this to be what is
 * written down, so that nothing slips in or gets lost unnoticed.
 */
export const only =
  <Shape extends Record<string, Decode<unknown>>>(
    shape: Shape,
  ): Decode<{ [Key in keyof Shape]: ReturnType<Shape[Key]> }> =>
  (value, path) => {
    const decoded = object(shape)(value, path);
    const found = Object.keys(value as object);
    const [surplus] = found.filter((key) => !(key in shape));
    if (surplus !== undefined) fail(path, 'no such key', surplus);
    const [missing] = Object.keys(shape).filter((key) => !found.includes(key));
    if (missing !== undefined) fail(`${path}.${missing}`, 'a key', undefined);
    return decoded;
  };
