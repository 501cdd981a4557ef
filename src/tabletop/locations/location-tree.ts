// Places lie in places, to any depth. What is asked of the tree here ends on every input: on a chain of ten thousand places (no recursion),
// on a parent that nobody knows (the place stands at the top then: whoever may not see a parent sees its children as the top of theirs),
// and on a circle that should not be there (each place is passed once).

export interface TreePlace {
  readonly id: string;
  readonly parentId: string | null;
}

export interface GrownPlace<Place extends TreePlace> {
  readonly place: Place;
  /** 0 = at the top. */
  readonly depth: number;
  /** Of those given; null = it stands at the top of what was given. */
  readonly parentId: string | null;
}

/** From the place itself up to the top of what is known. Empty where the place itself is not. */
export function wayUp<Place extends TreePlace>(id: string, places: ReadonlyMap<string, Place>): Place[] {
  const way: Place[] = [];
  const passed = new Set<string>();
  for (let next = places.get(id); next !== undefined && !passed.has(next.id);) {
    passed.add(next.id);
    way.push(next);
    next = next.parentId === null ? undefined : places.get(next.parentId);
  }
  return way;
}

/**
 * Whether a place would lie within itself.
 * @param waysUp of the place that it shall lie in: that place and all above it
 */
export function wouldHoldItself(id: string, waysUp: readonly string[]): boolean {
  return waysUp.includes(id);
}

/**
 * All that is given as a tree, written down in the order of a walk: each place before those within it, those beside each other in the order
 * given. A list and no nested objects, since whatever nests ten thousand deep no client can read.
 * @param mostDepth places deeper than this are left out, those within them too
 */
export function growTree<Place extends TreePlace>(
  places: readonly Place[],
  mostDepth = Number.POSITIVE_INFINITY,
): GrownPlace<Place>[] {
  const known = new Map(places.map((place) => [place.id, place]));
  const within = new Map<string, Place[]>();
  const tops: Place[] = [];
  for (const place of known.values()) {
    if (place.parentId === null || !known.has(place.parentId)) tops.push(place);
    else pushTo(within, place.parentId, place);
  }
  const grown: GrownPlace<Place>[] = [];
  const passed = new Set<string>();
  const walk = (top: Place): void => {
    const left: [place: Place, depth: number, parentId: string | null][] = [[top, 0, null]];
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const [place, depth, parentId] = next;
      if (passed.has(place.id)) continue;
      passed.add(place.id);
      if (depth <= mostDepth) grown.push({ place, depth, parentId });
      for (const inner of (within.get(place.id) ?? []).toReversed()) left.push([inner, depth + 1, place.id]);
    }
  };
  tops.forEach(walk);
  // A circle has no top: its first place is taken for one.
  for (const place of known.values()) if (!passed.has(place.id)) walk(place);
  return grown;
}

function pushTo<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
