// All recipes of a game as arrays of numbers, in an order in which whatever goes into a recipe is settled before it: one pass
// along the arrays then prices everything. Names are not part of it, they are read for what is shown.
//
// Words: a *position* is a recipe's place in the order, a *node* is an item's place among the items that occur. A recipe makes
// one unit of its result, and an item has at most one recipe. Imported data may hold cycles (an item that is needed, by whatever
// detour, to make itself). The order of Tarjan's components finds them: what lies on one is marked, and never crafted on the
// way to something else.

export interface BookRecipe {
  id: number;
  resultItemId: number;
  jobId: number | null;
  /** Level of the job that it takes. */
  level: number | null;
  /** Percent of the usual experience: the item's own or its type's; null where neither has one. */
  xpRatio: number | null;
  /** Made by somebody here, or changed. */
  isCustom: boolean;
  /** Each item once, with so many units, at least 1. */
  itemIds: readonly number[];
  quantities: readonly number[];
}

export interface RecipeBook {
  /** Of the recipes in the database when they were read, or an earlier one. */
  readonly version: number;
  readonly recipeCount: number;
  readonly nodeCount: number;

  // By position.
  readonly recipes: readonly BookRecipe[];
  /** Node of what it makes. */
  readonly resultNodes: Int32Array;
  /** 1 = it lies on a cycle. */
  readonly isInCycle: Uint8Array;
  /** Its ingredients are `linkNodes` and `linkQuantities` from linkStart[position] to before linkStart[position + 1]. */
  readonly linkStart: Int32Array;

  // By link.
  readonly linkNodes: Int32Array;
  readonly linkQuantities: Int32Array;

  // By node.
  readonly itemIds: Int32Array;
  /** Position of the recipe that makes it; -1 = none does. */
  readonly recipeOfNode: Int32Array;
  /** Positions that use it are `usedIn` from usedStart[node] to before usedStart[node + 1]. */
  readonly usedStart: Int32Array;
  readonly usedIn: Int32Array;

  readonly nodeOfItem: ReadonlyMap<number, number>;
  readonly positionOfRecipe: ReadonlyMap<number, number>;
}

/** @param recipes in any order, each result once */
export function buildBook(recipes: readonly BookRecipe[], version: number): RecipeBook {
  const indexOfResult = new Map(recipes.map((recipe, index) => [recipe.resultItemId, index]));
  const { order, cyclic } = settle(recipes, indexOfResult);
  const ordered = order.map((index) => recipes[index]!);
  const nodeOfItem = new Map<number, number>();
  const nodeOf = (itemId: number): number => {
    const known = nodeOfItem.get(itemId);
    if (known !== undefined) return known;
    nodeOfItem.set(itemId, nodeOfItem.size);
    return nodeOfItem.size - 1;
  };
  const linkCount = ordered.reduce((sum, { itemIds }) => sum + itemIds.length, 0);
  const linkStart = new Int32Array(ordered.length + 1);
  const linkNodes = new Int32Array(linkCount);
  const linkQuantities = new Int32Array(linkCount);
  const resultNodes = new Int32Array(ordered.length);
  let link = 0;
  ordered.forEach(({ resultItemId, itemIds, quantities }, position) => {
    itemIds.forEach((itemId, index) => {
      linkNodes[link] = nodeOf(itemId);
      linkQuantities[link] = quantities[index]!;
      link += 1;
    });
    linkStart[position + 1] = link;
    resultNodes[position] = nodeOf(resultItemId);
  });
  const nodeCount = nodeOfItem.size;
  const recipeOfNode = new Int32Array(nodeCount).fill(-1);
  resultNodes.forEach((node, position) => (recipeOfNode[node] = position));
  return {
    version,
    recipeCount: ordered.length,
    nodeCount,
    recipes: ordered,
    resultNodes,
    isInCycle: Uint8Array.from(order, (index) => (cyclic.has(index) ? 1 : 0)),
    linkStart,
    linkNodes,
    linkQuantities,
    itemIds: Int32Array.from(nodeOfItem.keys()),
    recipeOfNode,
    ...usesOf(linkStart, linkNodes, nodeCount),
    nodeOfItem,
    positionOfRecipe: new Map(ordered.map(({ id }, position) => [id, position])),
  };
}

/** Which positions use a node: the links the other way round, by counting. */
function usesOf(
  linkStart: Int32Array,
  linkNodes: Int32Array,
  nodeCount: number,
): Pick<RecipeBook, 'usedStart' | 'usedIn'> {
  const usedStart = new Int32Array(nodeCount + 1);
  for (const node of linkNodes) usedStart[node + 1]! += 1;
  for (let node = 0; node < nodeCount; node += 1) usedStart[node + 1]! += usedStart[node]!;
  const usedIn = new Int32Array(linkNodes.length);
  const next = usedStart.slice();
  for (let position = 0; position + 1 < linkStart.length; position += 1)
    for (let link = linkStart[position]!; link < linkStart[position + 1]!; link += 1) {
      const node = linkNodes[link]!;
      usedIn[next[node]!] = position;
      next[node]! += 1;
    }
  return { usedStart, usedIn };
}

/**
 * Tarjan's strongly connected components over "is needed for", with a stack of its own: imported chains may be deeper than the
 * engine's. A component is done when all that it needs is done, so components come out in the order of a pass.
 * @returns indices of the recipes in that order, and those on a cycle
 */
function settle(
  recipes: readonly BookRecipe[],
  indexOfResult: ReadonlyMap<number, number>,
): { order: number[]; cyclic: Set<number> } {
  const needs = recipes.map(({ itemIds }) =>
    itemIds.flatMap((itemId) => {
      const index = indexOfResult.get(itemId);
      return index === undefined ? [] : [index];
    }),
  );
  const order: number[] = [];
  const cyclic = new Set<number>();
  const foundAt = new Int32Array(recipes.length).fill(-1);
  const lowest = new Int32Array(recipes.length);
  const isOpen = new Uint8Array(recipes.length);
  const open: number[] = [];
  let found = 0;
  const enter = (index: number): { index: number; next: number } => {
    foundAt[index] = lowest[index] = found;
    found += 1;
    open.push(index);
    isOpen[index] = 1;
    return { index, next: 0 };
  };
  const close = (root: number): void => {
    const from = open.lastIndexOf(root);
    const component = open.splice(from);
    for (const index of component) {
      isOpen[index] = 0;
      order.push(index);
      if (component.length > 1 || needs[index]!.includes(index)) cyclic.add(index);
    }
  };
  for (let start = 0; start < recipes.length; start += 1) {
    if (foundAt[start] !== -1) continue;
    const walk = [enter(start)];
    while (walk.length > 0) {
      const step = walk.at(-1)!;
      const needed = needs[step.index]![step.next];
      if (needed === undefined) {
        walk.pop();
        if (lowest[step.index] === foundAt[step.index]) close(step.index);
        const above = walk.at(-1);
        if (above) lowest[above.index] = Math.min(lowest[above.index]!, lowest[step.index]!);
        continue;
      }
      step.next += 1;
      if (foundAt[needed] === -1) walk.push(enter(needed));
      else if (isOpen[needed] === 1)
        lowest[step.index] = Math.min(lowest[step.index]!, foundAt[needed]!);
    }
  }
  return { order, cyclic };
}
