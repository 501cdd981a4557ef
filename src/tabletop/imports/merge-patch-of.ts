import { isSame, type Json, type JsonObject } from './three-way-merge.js';

/** The merge patch (RFC 7396) that makes one document of another; undefined where they are the same. Lists are exchanged whole. */
export function mergePatchOf(from: Json | undefined, to: Json | undefined): Json | undefined {
  if (to === undefined) return from === undefined ? undefined : null;
  if (from !== undefined && isSame(from, to)) return undefined;
  if (!isObject(from) || !isObject(to)) return to;
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  const entries = keys
    .map((key): [string, Json | undefined] => [key, mergePatchOf(from[key], to[key])])
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
