// Changes of sheets as JSON merge patches (RFC 7396): an object changes what it names, null takes away, anything else takes the place of what was
// there. A proposal keeps beside its patch how those places were, so that it can be told whether somebody else has changed them since.

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** The document after the patch; what was given is not changed. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const merged = new Map<string, Json>(isObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch))
    if (value === null) merged.delete(key);
    else merged.set(key, mergePatch(merged.get(key), value));
  return Object.fromEntries(merged);
}

/**
 * How the places that a patch touches are: of the patch's own form, `undefined` leaves left out. `touched(now, patch)` equals what it was
 * when the patch was made exactly where nobody has changed them since.
 */
export function touched(target: Json | undefined, patch: Json): Json | undefined {
  if (!isObject(patch)) return target;
  if (target !== undefined && !isObject(target)) return target; // all of it gives way
  const places: [string, Json][] = [];
  for (const [key, value] of Object.entries(patch)) {
    const known = target !== undefined && Object.hasOwn(target, key) ? target[key] : undefined;
    const place = touched(known, value);
    if (place !== undefined) places.push([key, place]);
  }
  // Nothing there at all is something else than an object of which other places are there.
  return places.length === 0 && target === undefined ? undefined : Object.fromEntries(places);
}

/** The same in PostgreSQL's eyes as in ours: keys in any order. */
export function isSameJson(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other))
    return (
      one.length === other.length &&
      one.every((value, index) => isSameJson(value as Json, other[index] as Json))
    );
  if (!isObject(one) || !isObject(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSameJson(one[key], other[key]))
  );
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
