/**
 * Freezes plain JSON to the bottom, in place; what is frozen already is walked all the same.
 * @throws TypeError for what JSON cannot carry, since it would come out of Redis as something else: dates, maps, class instances,
 * bytes, functions, bigints, NaN and infinite numbers
 */
export function freezeDeep(root: unknown): void {
  const walked = new Set<object>();
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (!isObject(value)) assertPlain(value);
    else if (!walked.has(value)) {
      assertPlainObject(value);
      walked.add(value);
      Object.freeze(value);
      for (const inner of Object.values(value)) open.push(inner);
    }
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function assertPlain(value: unknown): void {
  const isPlain =
    value === null ||
    ['string', 'boolean', 'undefined'].includes(typeof value) ||
    (typeof value === 'number' && Number.isFinite(value));
  if (!isPlain) throw new TypeError(`A cache keeps plain JSON, no ${typeof value} like this`);
}

function assertPlainObject(value: object): void {
  if (Array.isArray(value)) return;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw new TypeError(`A cache keeps plain JSON, no ${value.constructor.name}`);
}
