// Where everybody stands in a picture of relations: the one it is about in the middle, whoever is n steps away on the n-th ring, near those
// through whom they are known. Each gets as much of the ring as the people behind them need, so that branches do not cross each other. The same
// graph gives the same picture.
import type { Pair } from './graph.js';

export interface LaidNode {
  readonly id: string;
  /** Steps from the middle, 0 for it alone. */
  readonly hops: number;
}

/** Of a disc of radius 1 around 0/0. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** @param nodes the middle among them; everybody else has a neighbour one step nearer @param pairs of their ids */
export function radialLayout(nodes: readonly LaidNode[], pairs: readonly Pair[]): Map<string, Place> {
  const hops = new Map(nodes.map((node) => [node.id, node.hops]));
  const children = childrenOf(nodes, pairs, hops);
  const rings = Math.max(1, ...hops.values());
  const weights = weightsOf(nodes, children);
  const places = new Map<string, Place>();
  const left: { id: string; from: number; to: number }[] = nodes
    .filter((node) => node.hops === 0)
    .map(({ id }) => ({ id, from: -Math.PI / 2, to: (3 * Math.PI) / 2 }));
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { id, from, to } = next;
    const radius = hops.get(id)! / rings;
    const angle = (from + to) / 2;
    places.set(id, { x: radius * Math.cos(angle), y: radius * Math.sin(angle) });
    const below = children.get(id) ?? [];
    const whole = below.reduce((sum, child) => sum + weights.get(child)!, 0);
    let begin = from;
    for (const child of below) {
      const end = begin + ((to - from) * weights.get(child)!) / whole;
      left.push({ id: child, from: begin, to: end });
      begin = end;
    }
  }
  return places;
}

/** Each behind one of those a step nearer: the one with the smallest id. */
function childrenOf(
  nodes: readonly LaidNode[],
  pairs: readonly Pair[],
  hops: ReadonlyMap<string, number>,
): Map<string, string[]> {
  const parents = new Map<string, string>();
  const consider = (child: string, parent: string): void => {
    if (hops.get(child) !== (hops.get(parent) ?? Number.NaN) + 1) return;
    const known = parents.get(child);
    if (known === undefined || parent < known) parents.set(child, parent);
  };
  for (const [from, to] of pairs) {
    consider(from, to);
    consider(to, from);
  }
  const children = new Map<string, string[]>();
  for (const { id } of [...nodes].sort((one, other) => (one.id < other.id ? -1 : 1))) {
    const parent = parents.get(id);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), id]);
  }
  return children;
}

/** How many ends of branches are behind each, itself at least. */
function weightsOf(
  nodes: readonly LaidNode[],
  children: ReadonlyMap<string, readonly string[]>,
): Map<string, number> {
  const weights = new Map<string, number>();
  for (const { id } of [...nodes].sort((one, other) => other.hops - one.hops)) {
    const below = children.get(id) ?? [];
    weights.set(
      id,
      Math.max(
        1,
        below.reduce((sum, child) => sum + weights.get(child)!, 0),
      ),
    );
  }
  return weights;
}
