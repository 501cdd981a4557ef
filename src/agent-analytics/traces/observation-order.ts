import type { TreeNode } from '../figures/observation-tree.js';

// The observations of a trace from the top down, each once: a list with depths, which is a tree for whoever wants one and has no depth that
// a reader could stumble over. Nobody checks parents: one that is missing (not arrived yet, or another trace's) leaves its child at the top
// with a mark, and where parents run in a circle the first of it stands at the top, likewise.

export const PLACES = ['root', 'child', 'orphan', 'loop'] as const;
export type Place = (typeof PLACES)[number];

export interface PlacedNode<Node> {
  readonly node: Node;
  /** 0 = at the top. */
  readonly depth: number;
  readonly place: Place;
}

/** @param nodes in the order in which siblings are to stand */
export function fromTopDown<Node extends TreeNode>(nodes: readonly Node[]): PlacedNode<Node>[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const below = new Map<string, Node[]>();
  for (const node of nodes) {
    if (node.parentId === null) continue;
    const siblings = below.get(node.parentId);
    if (siblings === undefined) below.set(node.parentId, [node]);
    else siblings.push(node);
  }
  const placed: PlacedNode<Node>[] = [];
  const met = new Set<string>();
  const placeAll = (top: Node, topPlace: Place): void => {
    const left = [{ node: top, depth: 0, place: topPlace }];
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const { node, depth } = next;
      if (met.has(node.id)) continue;
      met.add(node.id);
      placed.push(next);
      // The last one is taken first.
      for (const child of [...(below.get(node.id) ?? [])].reverse())
        left.push({ node: child, depth: depth + 1, place: 'child' });
    }
  };
  for (const node of nodes) {
    if (node.parentId === null) placeAll(node, 'root');
    else if (!byId.has(node.parentId)) placeAll(node, 'orphan');
  }
  // Whatever is left hangs below a circle.
  for (const node of nodes) if (!met.has(node.id)) placeAll(firstOfLoop(node, byId, nodes), 'loop');
  return placed;
}

/** @param node whose ancestors never end */
function firstOfLoop<Node extends TreeNode>(
  node: Node,
  byId: ReadonlyMap<string, Node>,
  nodes: readonly Node[],
): Node {
  const parentOf = ({ parentId }: Node): Node => byId.get(parentId!)!;
  const met = new Set<string>();
  let at = node;
  for (; !met.has(at.id); at = parentOf(at)) met.add(at.id);
  const loop = new Set<string>();
  for (; !loop.has(at.id); at = parentOf(at)) loop.add(at.id);
  return nodes.find(({ id }) => loop.has(id))!;
}
