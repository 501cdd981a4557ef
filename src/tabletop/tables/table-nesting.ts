/** Who asks whom: the tables that each one names. */
export type Nesting = ReadonlyMap<string, readonly string[]>;

/**
 * Whether a table comes back to itself, or goes deeper than it may. Walks with a stack of its own, each table once, so that ten thousand
 * tables in a ring are an answer and no crash.
 * @param most tables on one way, the first one counted
 * @returns the ring from `from` on, its first table again at the end; `deep` where there is no ring but a way that is too long
 */
export function faultOfNesting(
  nesting: Nesting,
  from: string,
  most: number,
): { ring: string[] } | 'deep' | null {
  /** Tables on the longest way from here. */
  const heights = new Map<string, number>();
  const way: { table: string; next: number }[] = [{ table: from, next: 0 }];
  const onWay = new Set([from]);
  let isDeep = false;
  while (way.length > 0) {
    const step = way.at(-1)!;
    const within = nesting.get(step.table) ?? [];
    const next = within[step.next];
    step.next += 1;
    if (next === undefined) {
      const height = 1 + within.reduce((tallest, table) => Math.max(tallest, heights.get(table) ?? 0), 0);
      heights.set(step.table, height);
      isDeep ||= height > most;
      onWay.delete(step.table);
      way.pop();
    } else if (onWay.has(next)) {
      const begin = way.findIndex(({ table }) => table === next);
      return { ring: [...way.slice(begin).map(({ table }) => table), next] };
    } else if (!heights.has(next)) {
      way.push({ table: next, next: 0 });
      onWay.add(next);
    }
  }
  return isDeep ? 'deep' : null;
}
