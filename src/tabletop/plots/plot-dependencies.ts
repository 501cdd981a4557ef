// Threads of a story wait for each other. What waits for itself, over however many others, could never begin: such a dependency is refused.
// Everything here ends on circles too, and needs no recursion.

export interface PlotDependency {
  /** The one that waits. */
  readonly fromId: string;
  /** The one that it waits for. */
  readonly toId: string;
}

export const PLOT_STATUSES = ['planned', 'active', 'dormant', 'resolved', 'abandoned'] as const;
export type PlotStatus = (typeof PLOT_STATUSES)[number];

/** Whether `from` would wait for itself if it waited for `to`. */
export function closesCircle(dependencies: readonly PlotDependency[], from: string, to: string): boolean {
  return from === to || allBehind(dependencies, to).has(from);
}

/** All that a thread waits for, directly or over others. */
export function allBehind(dependencies: readonly PlotDependency[], id: string): Set<string> {
  const waits = waitsOf(dependencies);
  const found = new Set<string>();
  const left = [...(waits.get(id) ?? [])];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    left.push(...(waits.get(next) ?? []));
  }
  return found;
}

/** Those it waits for directly that are neither resolved nor given up. */
export function openPrerequisites(
  dependencies: readonly PlotDependency[],
  id: string,
  statusOf: ReadonlyMap<string, PlotStatus>,
): string[] {
  return dependencies
    .filter(({ fromId, toId }) => fromId === id && isOpen(statusOf.get(toId)))
    .map(({ toId }) => toId);
}

/** Threads so that each comes after those it waits for (Kahn 1962); those of a circle come last, in the order given. */
export function inOrder(ids: readonly string[], dependencies: readonly PlotDependency[]): string[] {
  const asked = new Set(ids);
  const waits = waitsOf(dependencies.filter(({ fromId, toId }) => asked.has(fromId) && asked.has(toId)));
  const waiting = new Map([...asked].map((id) => [id, waits.get(id)?.size ?? 0]));
  const waiters = new Map<string, string[]>();
  for (const [from, tos] of waits)
    for (const to of tos) {
      const known = waiters.get(to);
      if (known === undefined) waiters.set(to, [from]);
      else known.push(from);
    }
  const ordered = [...asked].filter((id) => waiting.get(id) === 0);
  for (const id of ordered)
    for (const waiter of waiters.get(id) ?? []) {
      const count = waiting.get(waiter)! - 1;
      waiting.set(waiter, count);
      if (count === 0) ordered.push(waiter);
    }
  const placed = new Set(ordered);
  return [...ordered, ...[...asked].filter((id) => !placed.has(id))];
}

function isOpen(status: PlotStatus | undefined): boolean {
  return status !== undefined && status !== 'resolved' && status !== 'abandoned';
}

function waitsOf(dependencies: readonly PlotDependency[]): Map<string, Set<string>> {
  const waits = new Map<string, Set<string>>();
  for (const { fromId, toId } of dependencies) {
    const known = waits.get(fromId);
    if (known === undefined) waits.set(fromId, new Set([toId]));
    else known.add(toId);
  }
  return waits;
}
