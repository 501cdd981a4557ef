// Recipes of a game as a graph from ingredients to results, and an order in which every item comes after what it is made of.
// There is at most one recipe per result. Imported and custom recipes may form cycles (plank from beam, beam from plank); such
// recipes, and those that need their results by crafting, are still priced, but their cycle is never gone around: what is made in a
// cycle has the market's price only.

export interface Ingredient {
  itemId: number;
  quantity: number;
}

export interface BookRecipe {
  id: number;
  resultItemId: number;
  jobId: number | null;
  /** Level of the job that it takes; null for a recipe of no job. */
  level: number | null;
  /** Made or changed by somebody here, rather than as shipped with the facts of the game. */
  isCustom: boolean;
  /** Every item once. */
  ingredients: readonly Ingredient[];
}

export interface RecipeBook {
  /** Ingredients before results, as far as there is no cycle; those of cycles last, by id. */
  readonly recipes: readonly BookRecipe[];
  readonly byId: ReadonlyMap<number, BookRecipe>;
  readonly byResult: ReadonlyMap<number, BookRecipe>;
  /** Recipes by the items that they use, by id. */
  readonly uses: ReadonlyMap<number, readonly BookRecipe[]>;
  /** Ids of the recipes that lie on a cycle. */
  readonly cyclic: ReadonlySet<number>;
}

/** @param recipes in any order, one per result */
export function makeRecipeBook(recipes: readonly BookRecipe[]): RecipeBook {
  const ordered = [...recipes].sort((a, b) => a.id - b.id);
  const byResult = new Map(ordered.map((recipe) => [recipe.resultItemId, recipe]));
  const uses = new Map<number, BookRecipe[]>();
  for (const recipe of ordered)
    for (const { itemId } of recipe.ingredients) {
      const users = uses.get(itemId);
      if (users) users.push(recipe);
      else uses.set(itemId, [recipe]);
    }
  const cyclic = findCyclic(ordered, byResult);
  return {
    recipes: orderOf(ordered, byResult, uses, cyclic),
    byId: new Map(ordered.map((recipe) => [recipe.id, recipe])),
    byResult,
    uses,
    cyclic,
  };
}

/** Kahn's order over recipes; a recipe on a cycle counts as no recipe for those that use its result. */
function orderOf(
  recipes: readonly BookRecipe[],
  byResult: ReadonlyMap<number, BookRecipe>,
  uses: ReadonlyMap<number, readonly BookRecipe[]>,
  cyclic: ReadonlySet<number>,
): BookRecipe[] {
  const waitsFor = new Map<BookRecipe, number>();
  for (const recipe of recipes)
    waitsFor.set(
      recipe,
      recipe.ingredients.filter(({ itemId }) => isCrafted(itemId, byResult, cyclic)).length,
    );
  const ordered = recipes.filter((recipe) => waitsFor.get(recipe) === 0 && !cyclic.has(recipe.id));
  for (let next = 0; next < ordered.length; next += 1)
    for (const user of uses.get(ordered[next]!.resultItemId) ?? []) {
      const left = waitsFor.get(user)! - 1;
      waitsFor.set(user, left);
      if (left === 0 && !cyclic.has(user.id)) ordered.push(user);
    }
  return [...ordered, ...recipes.filter(({ id }) => cyclic.has(id))];
}

function isCrafted(
  itemId: number,
  byResult: ReadonlyMap<number, BookRecipe>,
  cyclic: ReadonlySet<number>,
): boolean {
  const recipe = byResult.get(itemId);
  return recipe !== undefined && !cyclic.has(recipe.id);
}

/** Strongly connected components of more than one recipe, and recipes that use their own result (Tarjan, without recursion). */
function findCyclic(
  recipes: readonly BookRecipe[],
  byResult: ReadonlyMap<number, BookRecipe>,
): ReadonlySet<number> {
  const found = new Set<number>();
  const index = new Map<BookRecipe, number>();
  const low = new Map<BookRecipe, number>();
  const open: BookRecipe[] = [];
  const isOpen = new Set<BookRecipe>();
  for (const root of recipes) {
    if (index.has(root)) continue;
    const path: { recipe: BookRecipe; next: number }[] = [];
    const enter = (recipe: BookRecipe): void => {
      index.set(recipe, index.size);
      low.set(recipe, index.get(recipe)!);
      open.push(recipe);
      isOpen.add(recipe);
      path.push({ recipe, next: 0 });
    };
    enter(root);
    while (path.length > 0) {
      const step = path.at(-1)!;
      const { recipe } = step;
      if (step.next < recipe.ingredients.length) {
        const below = byResult.get(recipe.ingredients[step.next]!.itemId);
        step.next += 1;
        if (below === recipe) found.add(recipe.id);
        if (below === undefined) continue;
        if (!index.has(below)) enter(below);
        else if (isOpen.has(below)) low.set(recipe, Math.min(low.get(recipe)!, index.get(below)!));
        continue;
      }
      path.pop();
      const above = path.at(-1)?.recipe;
      if (above) low.set(above, Math.min(low.get(above)!, low.get(recipe)!));
      if (low.get(recipe) !== index.get(recipe)) continue;
      const component = open.splice(open.lastIndexOf(recipe));
      for (const member of component) {
        isOpen.delete(member);
        if (component.length > 1) found.add(member.id);
      }
    }
  }
  return found;
}
