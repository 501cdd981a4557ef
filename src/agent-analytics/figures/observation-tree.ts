// The observations of a trace as a tree. Parents may be missing (not arrived yet) and may run in a circle (nobody checks them): a step is
// then a root, or its ancestors end where they would repeat. Every walk is bounded by the number of steps.

export interface TreeNode {
  readonly id: string;
  readonly parentId: string | null;
}

export class ObservationTree<Node extends TreeNode> {
  private readonly byId: ReadonlyMap<string, Node>;
  private readonly children = new Map<string, Node[]>();

  constructor(readonly nodes: readonly Node[]) {
    this.byId = new Map(nodes.map((node) => [node.id, node]));
    for (const node of nodes) {
      if (node.parentId === null || node.parentId === node.id) continue;
      const siblings = this.children.get(node.parentId);
      if (siblings === undefined) this.children.set(node.parentId, [node]);
      else siblings.push(node);
    }
  }

  /** The nearest first; without the step itself. */
  *ancestors(node: Node): Generator<Node> {
    const met = new Set([node.id]);
    for (let at = this.parentOf(node); at !== undefined && !met.has(at.id); at = this.parentOf(at)) {
      met.add(at.id);
      yield at;
    }
  }

  /** The step itself and everything below it, each once. */
  subtree(root: Node): Node[] {
    const met = new Set([root.id]);
    const found = [root];
    for (let next = 0; next < found.length; next += 1) {
      for (const child of this.children.get(found[next]!.id) ?? []) {
        if (met.has(child.id)) continue;
        met.add(child.id);
        found.push(child);
      }
    }
    return found;
  }

  parentOf({ parentId }: Node): Node | undefined {
    return parentId === null ? undefined : this.byId.get(parentId);
  }
}
