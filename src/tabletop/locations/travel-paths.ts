// The shortest way between two places over the ways that the caller sees: Dijkstra's algorithm (Numerische Mathematik 1, 1959) with a binary
// heap. A way without the measure that is asked for cannot be compared and is not taken; nothing is guessed for it.

export const PATH_MEASURES = ['distance', 'time'] as const;
export type PathMeasure = (typeof PATH_MEASURES)[number];

export interface TravelWay {
  readonly id: string;
  readonly fromId: string;
  readonly toId: string;
  /** One way only, from `fromId` to `toId`. */
  readonly isDirected: boolean;
  /** Metres, at least 0; null = not told. */
  readonly distanceM: number | null;
  /** Seconds, at least 0; null = not told. */
  readonly travelTimeS: number | null;
}

export interface TravelStep {
  readonly wayId: string;
  readonly fromId: string;
  readonly toId: string;
}

export interface TravelPath {
  readonly steps: readonly TravelStep[];
  /** In the unit of the measure: metres or seconds. */
  readonly cost: number;
}

interface Arrival extends TravelStep {
  readonly cost: number;
}

const NOWHERE: Arrival = { wayId: '', fromId: '', toId: '', cost: 0 };

/** @returns no steps from a place to itself; null where no measured way leads there */
export function shortestPath(
  ways: Iterable<TravelWay>,
  from: string,
  to: string,
  by: PathMeasure,
): TravelPath | null {
  const leaving = departures(ways, by);
  const best = new Map<string, Arrival>([[from, NOWHERE]]);
  const settled = new Set<string>();
  const heap = new CheapestFirst();
  heap.push({ ...NOWHERE, toId: from });
  for (let next = heap.pop(); next !== undefined; next = heap.pop()) {
    if (next.toId === to) return { steps: stepsTo(to, from, best), cost: next.cost };
    if (settled.has(next.toId)) continue;
    settled.add(next.toId);
    for (const { wayId, fromId, toId, cost } of leaving.get(next.toId) ?? []) {
      const arrival = { wayId, fromId, toId, cost: next.cost + cost };
      const known = best.get(toId);
      if (known !== undefined && known.cost <= arrival.cost) continue;
      best.set(toId, arrival);
      heap.push(arrival);
    }
  }
  return null;
}

function departures(ways: Iterable<TravelWay>, by: PathMeasure): Map<string, Arrival[]> {
  const leaving = new Map<string, Arrival[]>();
  const add = (wayId: string, fromId: string, toId: string, cost: number): void => {
    const list = leaving.get(fromId);
    if (list === undefined) leaving.set(fromId, [{ wayId, fromId, toId, cost }]);
    else list.push({ wayId, fromId, toId, cost });
  };
  for (const way of ways) {
    const cost = by === 'distance' ? way.distanceM : way.travelTimeS;
    if (cost === null || !(cost >= 0)) continue;
    add(way.id, way.fromId, way.toId, cost);
    if (!way.isDirected) add(way.id, way.toId, way.fromId, cost);
  }
  return leaving;
}

function stepsTo(to: string, from: string, best: ReadonlyMap<string, Arrival>): TravelStep[] {
  const steps: TravelStep[] = [];
  for (let at = to; at !== from;) {
    const { wayId, fromId, toId } = best.get(at)!;
    steps.push({ wayId, fromId, toId });
    at = fromId;
  }
  return steps.reverse();
}

/** A binary heap of arrivals. */
class CheapestFirst {
  private readonly items: Arrival[] = [];

  push(item: Arrival): void {
    const { items } = this;
    let at = items.push(item) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (items[above]!.cost <= item.cost) break;
      items[at] = items[above]!;
      at = above;
    }
    items[at] = item;
  }

  pop(): Arrival | undefined {
    const { items } = this;
    const top = items[0];
    const last = items.pop();
    if (top === undefined || last === undefined || items.length === 0) return top;
    let at = 0;
    for (let below = 1; below < items.length; below = 2 * at + 1) {
      if (below + 1 < items.length && items[below + 1]!.cost < items[below]!.cost) below++;
      if (items[below]!.cost >= last.cost) break;
      items[at] = items[below]!;
      at = below;
    }
    items[at] = last;
    return top;
  }
}
