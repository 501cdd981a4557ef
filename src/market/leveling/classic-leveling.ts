import { xpToNextLevel } from '../crafting/craft-xp.js';
import {
  addRun,
  hasCost,
  type LevelingPlan,
  type LevelingRecipe,
  type LevelingStep,
  type LevelingTask,
  planOf,
} from './leveling-plan.js';
import { costOfPieces, type Scarcity } from './scarcity.js';

// The original's plan, step for step. Level by level the recipe with the least cost for a point is crafted until the level is
// full; what is gained beyond it counts for the next one. The recipe of before is kept unless another one is better by 5 %. Where
// prices rise, recipes more than 50 levels below are passed over, and one that is taken up is crafted `minBatch` times, but
// at most three times as often as needed, and on the last level no more than needed.
//
// Kept as it is there: greedy, so not the cheapest (exact-leveling.ts is); `maxUse` is looked at before a run and not within it;
// the crafts of a batch all count as those of the level at which it begins, though the last ones may give less.
// Not kept, since no client can want it: where no recipe is left, the plan ends (there, the level is raised for nothing); a recipe with
// an ingredient without a price is none (there, the ingredient is free); of a level that two recipes share, each step counts the
// points that it gives (there, both count the whole level).

/** How much better another recipe has to be. */
const WORTH_A_CHANGE = 0.05;
/** Where prices rise. */
const MOST_LEVELS_BELOW = 50;
const MOST_TIMES_NEEDED = 3;
const LEAST_BATCH = 10;

export interface ClassicLimits {
  scarcity: Scarcity;
  /** Crafts of one recipe in the whole plan; null = any number. */
  maxPerRecipe: number | null;
}

type Priced<Recipe> = Recipe & { cost: number };

interface Choice<Recipe> {
  recipe: Priced<Recipe>;
  xp: number;
  costPerXp: number;
  /** Crafts that the limits leave. */
  left: number;
}

/** A generator, so that whoever drives it may let others have their turn between two runs. */
export function* planClassic<Recipe extends LevelingRecipe>(
  task: LevelingTask<Recipe>,
  limits: ClassicLimits,
): Generator<void, LevelingPlan<Recipe>> {
  const steps: LevelingStep<Recipe>[] = [];
  const book = new Book(task, limits);
  let overflow = 0;
  for (let level = task.fromLevel; level < task.toLevel; level += 1) {
    const needed = xpToNextLevel(level);
    let carried = Math.min(overflow, needed);
    let missing = needed - carried;
    overflow -= carried;
    while (missing > 0) {
      const choice = book.choose(level);
      if (!choice) return endAt(steps, level);
      const quantity = book.quantityOf(choice, missing, level === task.toLevel - 1);
      const gained = quantity * choice.xp;
      addRun(steps, {
        recipe: choice.recipe,
        startLevel: level,
        endLevel: level + 1,
        quantity,
        xpPerCraft: choice.xp,
        totalCost: book.craft(choice, quantity),
        totalXp: carried + Math.min(gained, missing),
      });
      overflow = Math.max(0, gained - missing);
      missing -= gained;
      carried = 0;
      yield;
    }
    const last = steps.at(-1);
    if (last) last.endLevel = level + 1;
  }
  return planOf(steps, task.toLevel);
}

/** The last step leads no further than that. */
function endAt<Recipe extends LevelingRecipe>(
  steps: LevelingStep<Recipe>[],
  level: number,
): LevelingPlan<Recipe> {
  const last = steps.at(-1);
  if (last) last.endLevel = level;
  return planOf(steps, level);
}

/** The recipes, and what has been used of them and of their ingredients so far. */
class Book<Recipe extends LevelingRecipe> {
  private readonly recipes: Priced<Recipe>[];
  private readonly crafted = new Map<number, number>();
  private readonly used = new Map<number, number>();
  private lastRecipeId: number | undefined;

  constructor(
    private readonly task: LevelingTask<Recipe>,
    private readonly limits: ClassicLimits,
  ) {
    this.recipes = task.recipes.filter(hasCost);
  }

  /** The recipe to craft now; undefined when there is none. */
  choose(level: number): Choice<Recipe> | undefined {
    let best: Choice<Recipe> | undefined;
    let kept: Choice<Recipe> | undefined;
    for (const recipe of this.recipes) {
      const choice = this.look(recipe, level);
      if (!choice) continue;
      if (!best || choice.costPerXp < best.costPerXp) best = choice;
      if (recipe.recipeId === this.lastRecipeId) kept = choice;
    }
    if (best && kept && (kept.costPerXp - best.costPerXp) / kept.costPerXp < WORTH_A_CHANGE) best = kept;
    this.lastRecipeId = best?.recipe.recipeId ?? this.lastRecipeId;
    return best;
  }

  /** How often to craft it to gain `missing` points. */
  quantityOf({ xp, left }: Choice<Recipe>, missing: number, isLastLevel: boolean): number {
    const { minBatch } = this.limits.scarcity;
    const needed = Math.ceil(missing / xp);
    const batch = Math.min(minBatch, left, Math.max(needed * MOST_TIMES_NEEDED, LEAST_BATCH));
    const quantity = isLastLevel ? needed : Math.max(needed, batch);
    return this.limits.maxPerRecipe === null ? quantity : Math.min(quantity, left);
  }

  /** Uses up what the crafts take. @returns what they cost */
  craft({ recipe }: Choice<Recipe>, quantity: number): number {
    const cost = this.costOf(recipe, quantity);
    this.crafted.set(recipe.recipeId, (this.crafted.get(recipe.recipeId) ?? 0) + quantity);
    for (const { itemId, quantity: pieces } of recipe.ingredients)
      this.used.set(itemId, (this.used.get(itemId) ?? 0) + pieces * quantity);
    return cost;
  }

  private look(recipe: Priced<Recipe>, level: number): Choice<Recipe> | undefined {
    const { alpha, minBatch } = this.limits.scarcity;
    if (recipe.level > level || (alpha > 0 && level - recipe.level > MOST_LEVELS_BELOW)) return undefined;
    const xp = this.task.xpOfCraft(recipe, level);
    const left = this.left(recipe);
    if (xp <= 0 || left <= 0) return undefined;
    const batch = Math.max(1, Math.min(minBatch, left));
    const cost = alpha > 0 ? this.costOf(recipe, batch) / batch : recipe.cost;
    return { recipe, xp, left, costPerXp: cost / xp };
  }

  private left(recipe: Priced<Recipe>): number {
    const { maxPerRecipe, scarcity } = this.limits;
    const crafts = maxPerRecipe === null ? Infinity : maxPerRecipe - (this.crafted.get(recipe.recipeId) ?? 0);
    if (scarcity.alpha === 0) return crafts;
    return recipe.ingredients.reduce((least, { itemId, quantity }) => {
      const pieces = scarcity.maxUse - (this.used.get(itemId) ?? 0);
      return Math.min(least, Math.floor(pieces / quantity));
    }, crafts);
  }

  private costOf(recipe: Priced<Recipe>, quantity: number): number {
    const { scarcity } = this.limits;
    if (scarcity.alpha === 0 || recipe.ingredients.length === 0) return recipe.cost * quantity;
    return recipe.ingredients.reduce(
      (sum, { itemId, quantity: pieces, price }) =>
        sum + costOfPieces(price ?? 0, pieces * quantity, this.used.get(itemId) ?? 0, scarcity),
      0,
    );
  }
}
