// Who knows whom: a relation joins its two ends whichever way it points. Plain breadth-first walks, each of which looks at an end once, so
// that circles end. The database answers most questions by the same rules level by level; a long way is looked for here.

/** An edge between two ends. */
export type Pair = readonly [from: string, to: string];

export type Neighbours = ReadonlyMap<string, readonly string[]>;

/** Neighbours of each end, each once and in the order of their ids, so that of equally short ways always the same one is found. */
export function neighboursOf(pairs: Iterable<Pair>): Neighbours {
  const sets = new Map<string, Set<string>>();
  const join = (from: string, to: string): void => {
    const known = sets.get(from);
    if (known === undefined) sets.set(from, new Set([to]));
    else known.add(to);
  };
  for (const [from, to] of pairs) {
    join(from, to);
    join(to, from);
  }
  return new Map([...sets].map(([id, ids]) => [id, [...ids].sort()]));
}

/** How many steps each end within reach is away, the start (0) among them, nearest first. */
export function hopsFrom(graph: Neighbours, start: string, mostHops: number): Map<string, number> {
  const hops = new Map([[start, 0]]);
  let level = [start];
  for (let depth = 1; depth <= mostHops && level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const id of level)
      for (const neighbour of graph.get(id) ?? [])
        if (!hops.has(neighbour)) {
          hops.set(neighbour, depth);
          next.push(neighbour);
        }
    level = next;
  }
  return hops;
}

/** A shortest way with both its ends; null where there is none. */
export function shortestPath(graph: Neighbours, from: string, to: string): string[] | null {
  const cameFrom = new Map<string, string | null>([[from, null]]);
  let level = [from];
  while (level.length > 0 && !cameFrom.has(to)) {
    const next: string[] = [];
    for (const id of level)
      for (const neighbour of graph.get(id) ?? [])
        if (!cameFrom.has(neighbour)) {
          cameFrom.set(neighbour, id);
          next.push(neighbour);
        }
    level = next;
  }
  return cameFrom.has(to) ? walkBack(cameFrom, to) : null;
}

/** From where a search began to `end`. @param cameFrom the end before each; null = the search began here */
export function walkBack(cameFrom: ReadonlyMap<string, string | null>, end: string): string[] {
  const path: string[] = [];
  for (let at: string | null | undefined = end; at !== null && at !== undefined; at = cameFrom.get(at))
    path.push(at);
  return path.reverse();
}
