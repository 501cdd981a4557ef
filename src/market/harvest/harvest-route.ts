// Routes over maps that lie on a grid: a move leads to one of the four neighbours, so maps are as far apart as their coordinates
// differ (Manhattan). A route begins at a start that need not be a map of its own, visits each map once and ends anywhere;
// it may cross as many maps as its budget has moves. This is the rule of the original: always on to the nearest map left, until
// the budget does not reach it.

export interface RouteNode {
  x: number;
  y: number;
  /** What a visit brings, in the coin of the market; 0 or more. */
  value: number;
}

export interface Point {
  x: number;
  y: number;
}

/** Indexes of nodes in the order of the visit. */
export type Route = readonly number[];

export interface RouteFigures {
  moves: number;
  value: number;
}

export const distance = (from: Point, to: Point): number => Math.abs(from.x - to.x) + Math.abs(from.y - to.y);

/** The original's route. Of maps that are equally near, the first of the list is next. */
export function nearestNeighbour(nodes: readonly RouteNode[], start: Point, maxMoves: number): number[] {
  const left = nodes.map((_node, index) => index);
  const route: number[] = [];
  let here = start;
  let moves = 0;
  while (left.length > 0) {
    let best = 0;
    let nearest = Infinity;
    for (let at = 0; at < left.length; at += 1) {
      const away = distance(here, nodes[left[at]!]!);
      if (away >= nearest) continue;
      best = at;
      nearest = away;
    }
    moves += nearest;
    if (!(moves <= maxMoves)) break;
    const [next] = left.splice(best, 1);
    route.push(next!);
    here = nodes[next!]!;
  }
  return route;
}

/** What a route costs and brings. */
export function figuresOf(nodes: readonly RouteNode[], start: Point, route: Route): RouteFigures {
  let here = start;
  let moves = 0;
  let value = 0;
  for (const index of route) {
    const node = nodes[index]!;
    moves += distance(here, node);
    value += node.value;
    here = node;
  }
  return { moves, value };
}

/** More value is better; of equal ones the shorter. Sums of another order differ in their last bits, which decide nothing. */
export function isBetter(one: RouteFigures, other: RouteFigures): boolean {
  const slack = 1e-9 * Math.max(one.value, other.value);
  if (Math.abs(one.value - other.value) > slack) return one.value > other.value;
  return one.moves < other.moves;
}
