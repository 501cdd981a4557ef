import { xpOfLevel } from '../crafting/craft-xp.js';
import {
  addRun,
  hasCost,
  type LevelingPlan,
  type LevelingRecipe,
  type LevelingStep,
  type LevelingTask,
  planOf,
} from './leveling-plan.js';

// The cheapest way from one level to another, at prices that do not rise. What is still to be paid depends on the points alone,
// since they tell the level and with it what each recipe gives: so for every number of points, from the goal backwards,
//   rest(x) = the least over recipes r of: cost(r) + rest(x + xp(r, level of x)),   rest = 0 from the goal on.
// From 1 to 200 there are 398,000 numbers of points. Of recipes that give the same at a level only the cheapest is looked at. No other
// may be left out: fewer points can be worth more, when one craft less stays below the level at which recipes give less.
//
// A generator, so that whoever drives it may let others have their turn between two levels.

interface Option<Recipe> {
  recipe: Recipe & { cost: number };
  xp: number;
  cost: number;
}

/** Of two ways that cost the same but for rounding, the one that goes on with the same recipe. */
const ROUNDING = 1e-12;

/** @returns the cheapest plan to the level asked for, or to the first one from which no recipe leads on */
export function* planExact<Recipe extends LevelingRecipe>(
  task: LevelingTask<Recipe>,
): Generator<void, LevelingPlan<Recipe>> {
  const options: Option<Recipe>[][] = [];
  for (let level = task.fromLevel; level < task.toLevel; level += 1) options.push(optionsAt(task, level));
  let goal = task.toLevel;
  let rest = yield* restOfTheWay(task.fromLevel, goal, options);
  const gap = options.findIndex((choices) => choices.length === 0);
  if (rest[0] === Infinity) {
    // A gap can be jumped over by the last craft below it; where it cannot, the way ends there.
    goal = task.fromLevel + gap;
    rest = yield* restOfTheWay(task.fromLevel, goal, options);
  }
  return planOf(walk(task.fromLevel, goal, options, rest), goal);
}

function optionsAt<Recipe extends LevelingRecipe>(
  task: LevelingTask<Recipe>,
  level: number,
): Option<Recipe>[] {
  const cheapest = new Map<number, Option<Recipe>>();
  for (const recipe of task.recipes) {
    if (recipe.level > level || !hasCost(recipe)) continue;
    const xp = task.xpOfCraft(recipe, level);
    const known = cheapest.get(xp);
    if (xp > 0 && (!known || recipe.cost < known.cost)) cheapest.set(xp, { recipe, xp, cost: recipe.cost });
  }
  return [...cheapest.values()];
}

/** @returns the least cost to the goal by points above the beginning of `fromLevel`; empty when there is no way to go */
function* restOfTheWay<Recipe extends LevelingRecipe>(
  fromLevel: number,
  goal: number,
  options: readonly Option<Recipe>[][],
): Generator<void, Float64Array> {
  const start = xpOfLevel(fromLevel);
  const end = xpOfLevel(goal) - start;
  const rest = new Float64Array(end).fill(Infinity);
  for (let level = goal - 1; level >= fromLevel; level -= 1) {
    const choices = options[level - fromLevel]!;
    const xps = Int32Array.from(choices, ({ xp }) => Math.min(xp, end));
    const costs = Float64Array.from(choices, ({ cost }) => cost);
    const first = xpOfLevel(level) - start;
    for (let x = xpOfLevel(level + 1) - start - 1; x >= first; x -= 1) {
      let least = Infinity;
      for (let index = 0; index < xps.length; index += 1) {
        const next = x + xps[index]!;
        const cost = next >= end ? costs[index]! : costs[index]! + rest[next]!;
        if (cost < least) least = cost;
      }
      rest[x] = least;
    }
    yield;
  }
  return rest;
}

/** Goes the cheapest way forward. */
function walk<Recipe extends LevelingRecipe>(
  fromLevel: number,
  goal: number,
  options: readonly Option<Recipe>[][],
  rest: Float64Array,
): LevelingStep<Recipe>[] {
  const start = xpOfLevel(fromLevel);
  const steps: LevelingStep<Recipe>[] = [];
  for (let x = 0, level = fromLevel; x < rest.length;) {
    const lastId = steps.at(-1)?.recipe.recipeId;
    const costOf = ({ xp, cost }: Option<Recipe>): number => cost + (rest[x + xp] ?? 0);
    const isBest = (option: Option<Recipe>): boolean => costOf(option) <= rest[x]! * (1 + ROUNDING);
    const best = options[level - fromLevel]!.filter(isBest);
    const { recipe, xp, cost } = best.find((option) => option.recipe.recipeId === lastId) ?? best[0]!;
    x += xp;
    const startLevel = level;
    while (level < goal && x >= xpOfLevel(level + 1) - start) level += 1;
    addRun(steps, {
      recipe,
      startLevel,
      endLevel: Math.max(level, startLevel + 1),
      quantity: 1,
      xpPerCraft: xp,
      totalCost: cost,
      totalXp: xp,
    });
  }
  return steps;
}
