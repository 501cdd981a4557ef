// A sheet that comes a second time: what has changed over there since the last import is taken, what was changed here stays, and where both
// changed the same field differently, ours stays and the conflict is told. Lists of things with ids are merged thing by thing, so that a
// sword that was drawn there and a rope that was added here do not fight; other lists are one value.
// Laws (tested): nothing changed here -> theirs; nothing changed there -> ours; both the same -> that, without a conflict.

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

export interface MergeConflict {
  /** `/inventory/#a1/quantity`: a thing of a list is named by its id. */
  readonly path: string;
  /** Undefined: not there. */
  readonly before: Json | undefined;
  readonly ours: Json | undefined;
  readonly theirs: Json | undefined;
}

export interface Merge {
  readonly merged: Json;
  readonly conflicts: readonly MergeConflict[];
  /** Paths that were taken over. */
  readonly taken: readonly string[];
}

/** @param before of the last import @param ours as it is here now @param theirs of this import */
export function mergeThreeWays(before: Json, ours: Json, theirs: Json): Merge {
  const conflicts: MergeConflict[] = [];
  const taken: string[] = [];
  const merged = mergeAt('', before, ours, theirs, { conflicts, taken });
  return { merged: merged ?? null, conflicts, taken };
}

interface Sink {
  readonly conflicts: MergeConflict[];
  readonly taken: string[];
}

type Maybe = Json | undefined;

function mergeAt(path: string, before: Maybe, ours: Maybe, theirs: Maybe, sink: Sink): Maybe {
  if (isSame(ours, theirs) || isSame(before, theirs)) return ours;
  if (isSame(before, ours)) {
    sink.taken.push(path);
    return theirs;
  }
  if (isObject(ours) && isObject(theirs))
    return mergeObjects(path, isObject(before) ? before : {}, ours, theirs, sink);
  const [oursById, theirsById] = [byId(ours), byId(theirs)];
  if (oursById && theirsById)
    return mergeLists(path, byId(before) ?? new Map<string, Json>(), oursById, theirsById, sink);
  sink.conflicts.push({ path, before, ours, theirs });
  return ours;
}

function mergeObjects(
  path: string,
  before: JsonObject,
  ours: JsonObject,
  theirs: JsonObject,
  sink: Sink,
): Json {
  const keys = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
  const entries = keys.map((key): [string, Maybe] => [
    key,
    mergeAt(`${path}/${key}`, own(before, key), own(ours, key), own(theirs, key), sink),
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

type ById = ReadonlyMap<string, Json>;

/** In our order, with what is new over there behind it. */
function mergeLists(path: string, before: ById, ours: ById, theirs: ById, sink: Sink): Json {
  const ids = [...new Set([...ours.keys(), ...theirs.keys()])];
  return ids
    .map((id) => mergeAt(`${path}/#${id}`, before.get(id), ours.get(id), theirs.get(id), sink))
    .filter((one) => one !== undefined);
}

/** A list of which every element has an id of its own, or else a name; the empty one is such a list. */
function byId(value: Maybe): ById | undefined {
  if (!Array.isArray(value)) return undefined;
  const elements = new Map<string, Json>();
  for (const element of value as readonly Json[]) {
    const id = isObject(element) ? (own(element, 'id') ?? own(element, 'name')) : undefined;
    if (typeof id !== 'string' || elements.has(id)) return undefined;
    elements.set(id, element);
  }
  return elements;
}

function own(object: JsonObject, key: string): Maybe {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function isObject(value: Maybe): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isSame(a: Maybe, b: Maybe): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((one: Json, index) => isSame(one, b[index] as Json));
  }
  const [left, right] = [a as JsonObject, b as JsonObject];
  const keys = Object.keys(left).filter((key) => left[key] !== undefined);
  const others = Object.keys(right).filter((key) => right[key] !== undefined);
  return (
    keys.length === others.length &&
    keys.every((key) => Object.hasOwn(right, key) && isSame(left[key], right[key]))
  );
}
