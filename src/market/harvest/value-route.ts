import {
  distance,
  isBetter,
  nearestNeighbour,
  type Point,
  type Route,
  type RouteFigures,
  type RouteNode,
} from './harvest-route.js';

// The route that brings most within a budget of moves (an orienteering problem, hard in general). Several first routes (the nearest
// neighbour's, one grown from the start, some by way of rich regions) are improved until nothing helps any more: 2-opt and
// moved stretches make room (`shorten`), the best maps by value per extra move fill it (`fill`), a dearer map takes the place of
// a cheaper one (`exchange`), and taking out a stretch and filling anew leaves dead ends (`rebuild`).
//
// Its measure is the value within the budget, then fewer moves: value per move alone would always end on the first map. It never
// falls behind the nearest neighbour, which is among the first routes and only ever improved. Work is counted in looks at an edge, not
// in time, so equal input gives equal routes on any machine; `maxSteps` bounds it.

/** Some tenths of a second of work at most; a budget of 50 moves is through much earlier. */
export const MAX_STEPS = 20_000_000;
/** Rich regions that a first route leads to, and the side of one, in maps. */
const REGIONS = 4;
const REGION_SIDE = 8;
/** Stretches of so many maps are moved elsewhere as they are. */
const MOVED_STRETCH = 3;
const REBUILT_STRETCH = 8;

/** Yields where others may have their turn. @returns indexes of nodes; worthless ones are left out */
export function* valueRoute(
  nodes: readonly RouteNode[],
  start: Point,
  maxMoves: number,
  maxSteps = MAX_STEPS,
): Generator<void, number[]> {
  const within = (index: number): boolean => distance(start, nodes[index]!) <= maxMoves;
  const kept = nodes.map((_node, index) => index).filter((i) => nodes[i]!.value > 0 && within(i));
  const search = new RouteSearch(
    kept.map((index) => nodes[index]!),
    start,
    maxMoves,
    maxSteps,
  );
  const place = new Map(kept.map((index, at) => [index, at]));
  const nearest = nearestNeighbour(nodes, start, maxMoves).flatMap((index) => place.get(index) ?? []);
  return (yield* search.best(nearest)).map((at) => kept[at]!);
}

class RouteSearch {
  private stepsLeft: number;
  private readonly count: number;
  /** Coordinates of the nodes; those of the start stand last, as if it were a node. */
  private readonly x: Int32Array;
  private readonly y: Int32Array;
  private readonly value: Float64Array;
  /** Of each node that is not on the route: the node before its cheapest place, and what that costs in moves. */
  private readonly before: Int32Array;
  private readonly extra: Int32Array;
  /** The node behind a node of the route or behind the start, -1 at the end. */
  private readonly next: Int32Array;
  private readonly isTaken: Uint8Array;

  constructor(
    nodes: readonly RouteNode[],
    start: Point,
    private readonly budget: number,
    maxSteps: number,
  ) {
    this.stepsLeft = maxSteps;
    this.count = nodes.length;
    this.x = Int32Array.from([...nodes, start], (point) => point.x);
    this.y = Int32Array.from([...nodes, start], (point) => point.y);
    this.value = Float64Array.from(nodes, (node) => node.value);
    this.before = new Int32Array(this.count);
    this.extra = new Int32Array(this.count);
    this.next = new Int32Array(this.count + 1);
    this.isTaken = new Uint8Array(this.count);
  }

  *best(nearest: Route): Generator<void, number[]> {
    let best = [...nearest];
    for (const first of [[], nearest, ...this.richRegions().map((index) => [index])]) {
      if (this.stepsLeft <= 0) break;
      // Half of what is left at most: a long way through many maps takes the first of them long enough.
      const route = yield* this.improve([...first], Math.floor(this.stepsLeft / 2));
      if (this.isBetter(route, best)) best = route;
    }
    return yield* this.rebuild(best);
  }

  /** Until nothing helps, or only `reserve` steps are left. Never makes a route worse. */
  private *improve(route: number[], reserve: number): Generator<void, number[]> {
    let current = route;
    for (;;) {
      const improved = [...current];
      yield* this.shorten(improved, reserve);
      const filled = this.exchange(yield* this.fill(improved, reserve), reserve);
      if (!this.isBetter(filled, current)) return current;
      current = filled;
      if (this.stepsLeft <= reserve) return current;
    }
  }

  /** Takes out each stretch of one to eight nodes in turn and fills the gap with the best that is left. */
  private *rebuild(route: number[]): Generator<void, number[]> {
    let best = route;
    for (let length = 1; length <= REBUILT_STRETCH; length += 1) {
      for (let from = 0; from + length <= best.length && this.stepsLeft > 0; from += 1) {
        // The first of them stays out for now, or all would come back as it was.
        const tried = yield* this.fill([...best.slice(0, from), ...best.slice(from + length)], 0, best[from]);
        yield* this.shorten(tried, 0);
        const filled = yield* this.fill(tried, 0);
        if (this.isBetter(filled, best)) best = yield* this.improve(filled, 0);
      }
    }
    return best;
  }

  private figures(route: Route): RouteFigures {
    let moves = 0;
    let value = 0;
    for (let place = 0; place < route.length; place += 1) {
      moves += this.distance(this.at(route, place - 1), route[place]!);
      value += this.value[route[place]!]!;
    }
    return { moves, value };
  }

  private isBetter(one: Route, other: Route): boolean {
    return isBetter(this.figures(one), this.figures(other));
  }

  private distance(from: number, to: number): number {
    return Math.abs(this.x[from]! - this.x[to]!) + Math.abs(this.y[from]! - this.y[to]!);
  }

  /** The node at a place of the route; the start before the first. */
  private at(route: Route, place: number): number {
    return place < 0 ? this.count : route[place]!;
  }

  /** From a node to the one at a place; 0 behind the end, where nothing follows. */
  private edge(route: Route, from: number, to: number): number {
    return to >= route.length ? 0 : this.distance(from, this.at(route, to));
  }

  /** 2-opt and moved stretches, in place, as long as they save moves. */
  private *shorten(route: number[], reserve: number): Generator<void, void> {
    while (this.stepsLeft > reserve && (this.reverseOne(route) || this.moveOne(route))) yield;
  }

  /** Turns round the first stretch that is better turned round. */
  private reverseOne(route: number[]): boolean {
    for (let from = 0; from < route.length; from += 1) {
      this.stepsLeft -= route.length - from;
      const [before, first] = [this.at(route, from - 1), this.at(route, from)];
      const entry = this.distance(before, first);
      for (let to = from + 1; to < route.length; to += 1) {
        const last = route[to]!;
        const turned = this.distance(before, last) + this.edge(route, first, to + 1);
        if (turned >= entry + this.edge(route, last, to + 1)) continue;
        route.splice(from, to - from + 1, ...route.slice(from, to + 1).reverse());
        return true;
      }
    }
    return false;
  }

  /** Moves the first stretch that is better elsewhere, as it is or turned round. */
  private moveOne(route: number[]): boolean {
    for (let length = 1; length <= MOVED_STRETCH; length += 1)
      for (let from = 0; from + length <= route.length; from += 1) {
        const stretch = route.slice(from, from + length);
        const rest = [...route.slice(0, from), ...route.slice(from + length)];
        const [before, first, last] = [this.at(rest, from - 1), stretch[0]!, stretch[length - 1]!];
        const saved =
          this.distance(before, first) + this.edge(rest, last, from) - this.edge(rest, before, from);
        this.stepsLeft -= rest.length + 1;
        for (let to = 0; to <= rest.length; to += 1) {
          const left = this.at(rest, to - 1);
          const gap = this.edge(rest, left, to);
          const straight = this.distance(left, first) + this.edge(rest, last, to) - gap;
          const turned = this.distance(left, last) + this.edge(rest, first, to) - gap;
          if (Math.min(straight, turned) >= saved) continue;
          rest.splice(to, 0, ...(straight <= turned ? stretch : stretch.reverse()));
          route.splice(0, route.length, ...rest);
          return true;
        }
      }
    return false;
  }

  /**
   * Puts in the node of most value per extra move until none fits; a node on the way costs nothing and comes first. What each would
   * cost is kept from one to the next: a new node changes one edge only.
   * @param barred a node that stays out
   */
  private *fill(route: Route, reserve: number, barred?: number): Generator<void, number[]> {
    const { next, isTaken, extra, before, value, count } = this;
    this.thread(route);
    if (barred !== undefined) isTaken[barred] = 1;
    let spare = this.budget - this.figures(route).moves;
    for (let index = 0; index < count; index += 1) if (isTaken[index] === 0) this.look(index);
    for (;;) {
      let best = -1;
      let ratio = 0;
      for (let index = 0; index < count; index += 1) {
        if (isTaken[index] === 1 || extra[index]! > spare) continue;
        const worth = extra[index] === 0 ? Infinity : value[index]! / extra[index]!;
        if (worth <= ratio) continue;
        best = index;
        ratio = worth;
      }
      this.stepsLeft -= count;
      if (best < 0 || this.stepsLeft <= reserve) return this.read();
      spare -= extra[best]!;
      const left = before[best]!;
      isTaken[best] = 1;
      next[best] = next[left]!;
      next[left] = best;
      for (let index = 0; index < count; index += 1) {
        if (isTaken[index] === 1) continue;
        if (before[index] === left) this.look(index);
        else this.lookAt(index, best);
      }
      yield;
    }
  }

  /** Lays a route into `next`. */
  private thread(route: Route): void {
    this.isTaken.fill(0);
    let last = this.count;
    for (const index of route) {
      this.isTaken[index] = 1;
      this.next[last] = index;
      last = index;
    }
    this.next[last] = -1;
  }

  private read(): number[] {
    const route: number[] = [];
    for (let at = this.next[this.count]!; at >= 0; at = this.next[at]!) route.push(at);
    return route;
  }

  /** Finds the cheapest place of a node on the whole route. */
  private look(index: number): void {
    this.extra[index] = 0x7fffffff;
    for (let at = this.count; at >= 0; at = this.next[at]!) this.lookAt(index, at);
  }

  /** Takes the place behind a node of the route when it is cheaper. */
  private lookAt(index: number, at: number): void {
    this.stepsLeft -= 1;
    const to = this.next[at]!;
    let price = this.distance(at, index);
    if (to >= 0) price += this.distance(index, to) - this.distance(at, to);
    if (price >= this.extra[index]!) return;
    this.extra[index] = price;
    this.before[index] = at;
  }

  /** Puts dearer nodes in the places of cheaper ones, where the budget allows it. */
  private exchange(route: number[], reserve: number): number[] {
    const taken = new Set(route);
    const byValue = Array.from(this.value.keys()).sort((a, b) => this.value[b]! - this.value[a]! || a - b);
    let { moves } = this.figures(route);
    for (const index of byValue) {
      if (taken.has(index)) continue;
      if (this.stepsLeft <= reserve) break;
      let best = -1;
      let bestGain = 0;
      this.stepsLeft -= route.length;
      for (let place = 0; place < route.length; place += 1) {
        const gain = this.value[index]! - this.value[route[place]!]!;
        if (gain <= bestGain || moves + this.replaced(route, place, index) > this.budget) continue;
        best = place;
        bestGain = gain;
      }
      if (best < 0) continue;
      moves += this.replaced(route, best, index);
      taken.delete(route[best]!);
      taken.add(index);
      route[best] = index;
    }
    return route;
  }

  /** Moves more (or fewer) with another node in a place. */
  private replaced(route: Route, place: number, node: number): number {
    const [before, old] = [this.at(route, place - 1), route[place]!];
    const now = this.distance(before, old) + this.edge(route, old, place + 1);
    return this.distance(before, node) + this.edge(route, node, place + 1) - now;
  }

  /** The nearest node of each of the richest regions, richest for their distance first. */
  private richRegions(): number[] {
    const regions = new Map<string, { value: number; nearest: number; away: number }>();
    this.value.forEach((value, index) => {
      const key = `${Math.floor(this.x[index]! / REGION_SIDE)},${Math.floor(this.y[index]! / REGION_SIDE)}`;
      const away = this.distance(this.count, index);
      const region = regions.get(key) ?? { value: 0, nearest: index, away };
      region.value += value;
      if (away < region.away) [region.nearest, region.away] = [index, away];
      regions.set(key, region);
    });
    const worth = ({ value, away }: { value: number; away: number }): number => value / (away + REGION_SIDE);
    return [...regions.values()]
      .sort((one, other) => worth(other) - worth(one) || one.nearest - other.nearest)
      .slice(0, REGIONS)
      .map(({ nearest }) => nearest);
  }
}
