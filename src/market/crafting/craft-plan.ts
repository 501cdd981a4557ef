import type { BookRecipe, RecipeBook } from './recipe-book.js';

// Which crafts make the most of a bank: recipes share its stock, buy what lacks within a budget, and may use what others of the plan
// make. It is an integer program. With c(r) crafts of a recipe, and of an item h taken from the bank, b bought, s sold:
//
//   maximise   sum net(i) s(i) - value(i) h(i) - price(i) b(i)
//   such that  h(i) + b(i) + made(i) - used(i) - s(i) >= 0,  s(i) <= made(i),  h(i) <= stock(i),  sum price(i) b(i) <= budget
//
// Only the c need be whole: given them, the best h, b and s follow (planOf), so a solver's rounding never reaches an answer. What has
// no price is neither bought nor sold, and where stock counts at the market's price it is not used either: its worth is not known.
// Recipes on a cycle are left out, since a program knows no order and would make planks from their own beams.

/** Recipes that one plan chooses from; more take a solver too long. */
export const MAX_CANDIDATES = 120;

export interface PlanWish {
  stock: ReadonlyMap<number, number>;
  /** For purchases, in the game's coin. */
  budget: number;
  maxPerRecipe: number;
  /** Whether the caller can make it. */
  isAllowed(recipe: BookRecipe): boolean;
  /** The recipes that are meant, and what they are made of; null for all that can use the stock. */
  recipeIds: ReadonlySet<number> | null;
  /** Whether what is taken from the bank counts at what selling it would bring. */
  isStockValued: boolean;
}

export interface PlanMarket {
  book: RecipeBook;
  priceOf(itemId: number): number | undefined;
  /** What a seller keeps of a price; at most the price. */
  netOf(price: number): number;
}

export interface PlanProblem {
  /** Ingredients before results. */
  recipes: readonly BookRecipe[];
  /** Recipes that would have been candidates were there no limit. */
  leftOutCount: number;
  budget: number;
  maxPerRecipe: number;
  items: ReadonlyMap<number, PlanItem>;
}

/** An item that a candidate uses or makes. */
export interface PlanItem {
  /** What may be taken from the bank, and what one of them counts. */
  stock: number;
  value: number;
  /** Null where nobody has seen one. */
  price: number | null;
  /** What selling one brings; 0 without a price. */
  net: number;
}

export interface PlanUse {
  itemId: number;
  fromStock: number;
  fromCrafts: number;
  bought: number;
  sold: number;
}

export interface CraftPlan {
  /** Crafts by recipe, ingredients before results; those that are made. */
  counts: ReadonlyMap<number, number>;
  uses: readonly PlanUse[];
  revenue: number;
  spent: number;
  stockValue: number;
  profit: number;
}

/** Candidates and what they touch. */
export function planProblem(market: PlanMarket, wish: PlanWish): PlanProblem {
  const itemOf = (itemId: number): PlanItem => {
    const known = market.priceOf(itemId) ?? 0;
    const price = known > 0 ? known : null; // 0 was stored by mistake: nobody gives anything away
    const net = price === null ? 0 : market.netOf(price);
    const isUsable = price !== null || !wish.isStockValued;
    return {
      stock: isUsable ? (wish.stock.get(itemId) ?? 0) : 0,
      value: wish.isStockValued ? net : 0,
      price,
      net,
    };
  };
  const makeable = makeableRecipes(market.book, wish, itemOf);
  const chosen = chooseRecipes(market.book, wish, makeable, itemOf);
  const recipes = market.book.recipes.filter(({ id }) => chosen.ids.has(id));
  const items = new Map<number, PlanItem>();
  for (const { resultItemId, ingredients } of recipes)
    for (const itemId of [resultItemId, ...ingredients.map((line) => line.itemId)])
      items.set(itemId, itemOf(itemId));
  const { budget, maxPerRecipe } = wish;
  return { recipes, leftOutCount: chosen.leftOutCount, budget, maxPerRecipe, items };
}

interface Makeable {
  /** The least that one craft can cost, were the stock for it alone. */
  cost: number;
  /** Something in it, at whatever depth, can come from the bank. */
  usesStock: boolean;
}

function makeableRecipes(
  book: RecipeBook,
  wish: PlanWish,
  itemOf: (itemId: number) => PlanItem,
): ReadonlyMap<number, Makeable> {
  const found = new Map<number, Makeable>();
  for (const recipe of book.recipes) {
    if (book.cyclic.has(recipe.id) || recipe.ingredients.length === 0 || !wish.isAllowed(recipe)) continue;
    let [cost, usesStock] = [0, false];
    for (const { itemId, quantity } of recipe.ingredients) {
      const { stock, value, price } = itemOf(itemId);
      const below = found.get(book.byResult.get(itemId)?.id ?? 0);
      const ways = [below?.cost];
      if (stock > 0) ways.push(value);
      if (price !== null && price <= wish.budget) ways.push(price);
      cost += quantity * Math.min(...ways.map((way) => way ?? Number.POSITIVE_INFINITY));
      usesStock ||= stock > 0 || below?.usesStock === true;
    }
    if (Number.isFinite(cost)) found.set(recipe.id, { cost, usesStock });
  }
  return found;
}

/** By what one craft can bring at best; each with all that it may be made of. What can bring nothing is worth no craft. */
function chooseRecipes(
  book: RecipeBook,
  { recipeIds }: PlanWish,
  makeable: ReadonlyMap<number, Makeable>,
  itemOf: (itemId: number) => PlanItem,
): { ids: ReadonlySet<number>; leftOutCount: number } {
  const wanted = book.recipes
    .filter(({ id }) =>
      recipeIds === null ? makeable.get(id)?.usesStock : recipeIds.has(id) && makeable.has(id),
    )
    .map((recipe) => ({ recipe, gain: itemOf(recipe.resultItemId).net - makeable.get(recipe.id)!.cost }))
    .filter(({ gain }) => gain > 0)
    .sort((a, b) => b.gain - a.gain || a.recipe.id - b.recipe.id);
  const ids = new Set<number>();
  let leftOutCount = 0;
  for (const { recipe } of wanted) {
    if (ids.has(recipe.id)) continue;
    const more = new Set<number>();
    const open = [recipe];
    for (let next = open.pop(); next; next = open.pop()) {
      if (ids.has(next.id) || more.has(next.id) || !makeable.has(next.id)) continue;
      more.add(next.id);
      for (const { itemId } of next.ingredients) {
        const below = book.byResult.get(itemId);
        if (below) open.push(below);
      }
    }
    if (ids.size + more.size > MAX_CANDIDATES) leftOutCount += 1;
    else for (const id of more) ids.add(id);
  }
  return { ids, leftOutCount };
}

/**
 * The program in CPLEX's LP format; `c0` is how often the first recipe is made. Money is counted in the dearest price where even that
 * is below 1: the solver's tolerances are absolute, and fractions of a coin would be lost in them.
 */
export function programOf({ recipes, items, budget, maxPerRecipe }: PlanProblem): string {
  const unit = Math.min(1, Math.max(...Array.from(items.values(), ({ price }) => price ?? 0)) || 1);
  const goal: string[] = [];
  const rows: string[] = [];
  const bounds = recipes.map((_, at) => `0 <= c${at} <= ${maxPerRecipe}`);
  const spending: string[] = [];
  for (const [itemId, { stock, ...money }] of items) {
    const [value, net] = [money.value / unit, money.net / unit];
    const price = money.price === null ? null : money.price / unit;
    const terms = [`h${itemId}`];
    let mostUsed = 0;
    let maker = '';
    recipes.forEach(({ resultItemId, ingredients }, at) => {
      const used = ingredients.find((line) => line.itemId === itemId)?.quantity ?? 0;
      mostUsed += used * maxPerRecipe;
      if (used > 0) terms.push(`- ${used} c${at}`);
      if (resultItemId !== itemId) return;
      terms.push(`+ c${at}`);
      maker = `c${at}`;
    });
    bounds.push(`0 <= h${itemId} <= ${Math.min(stock, mostUsed)}`);
    if (value > 0) goal.push(`- ${value} h${itemId}`);
    if (price !== null && budget > 0 && mostUsed > 0) {
      terms.push(`+ b${itemId}`);
      bounds.push(`0 <= b${itemId} <= ${mostUsed}`);
      goal.push(`- ${price} b${itemId}`);
      spending.push(`+ ${price} b${itemId}`);
    }
    if (maker !== '' && net > 0) {
      terms.push(`- s${itemId}`);
      goal.push(`+ ${net} s${itemId}`);
      rows.push(`s${itemId} - ${maker} <= 0`);
    }
    rows.push(`${terms.join('\n ')} >= 0`);
  }
  if (spending.length > 0) rows.push(`${spending.join('\n ')} <= ${budget / unit}`);
  const whole = recipes.map((_, at) => ` c${at}`).join('\n');
  return [
    `Maximize\n goal: ${goal.join('\n ')}`,
    `Subject To\n${rows.map((row, at) => ` r${at}: ${row}`).join('\n')}`,
    `Bounds\n ${bounds.join('\n ')}`,
    `Generals\n${whole}`,
    'End',
  ].join('\n');
}

/**
 * What so many crafts come to: the bank is used first, then what is made, and the rest is bought; what is left of what is made is
 * sold. Null where that cannot be: something without a price would have to be bought, or more than the budget.
 * @param counts by place among the problem's recipes; whole numbers
 */
export function planOf({ recipes, items, budget }: PlanProblem, counts: readonly number[]): CraftPlan | null {
  const [made, used] = [new Map<number, number>(), new Map<number, number>()];
  const add = (sums: Map<number, number>, itemId: number, more: number): unknown =>
    sums.set(itemId, (sums.get(itemId) ?? 0) + more);
  recipes.forEach(({ resultItemId, ingredients }, at) => {
    const count = counts[at]!;
    if (count === 0) return;
    add(made, resultItemId, count);
    for (const { itemId, quantity } of ingredients) add(used, itemId, quantity * count);
  });
  let [revenue, spent, stockValue] = [0, 0, 0];
  const uses: PlanUse[] = [];
  for (const [itemId, { stock, value, price, net }] of items) {
    const [need, crafted] = [used.get(itemId) ?? 0, made.get(itemId) ?? 0];
    if (need + crafted === 0) continue;
    const fromStock = Math.min(stock, need);
    const fromCrafts = Math.min(crafted, need - fromStock);
    const bought = need - fromStock - fromCrafts;
    if (bought > 0 && price === null) return null;
    const sold = price === null ? 0 : crafted - fromCrafts;
    revenue += sold * net;
    spent += bought * (price ?? 0);
    stockValue += fromStock * value;
    uses.push({ itemId, fromStock, fromCrafts, bought, sold });
  }
  if (spent > budget) return null;
  const crafts = recipes.flatMap(({ id }, at): [number, number][] =>
    counts[at]! > 0 ? [[id, counts[at]!]] : [],
  );
  return { counts: new Map(crafts), uses, revenue, spent, stockValue, profit: revenue - spent - stockValue };
}

/** Recipe by recipe, the dearest profit first, as long as one more craft pays: what a solver's answer must reach. */
export function greedyCounts({ recipes, items, budget, maxPerRecipe }: PlanProblem): number[] {
  const left = new Map([...items].map(([itemId, { stock }]) => [itemId, stock]));
  let money = budget;
  const oneMore = ({ resultItemId, ingredients }: BookRecipe): { gain: number; spent: number } => {
    let [gain, spent] = [items.get(resultItemId)!.net, 0];
    for (const { itemId, quantity } of ingredients) {
      const { price, value } = items.get(itemId)!;
      const fromStock = Math.min(quantity, left.get(itemId)!);
      gain -= fromStock * value;
      if (quantity > fromStock) spent += (quantity - fromStock) * (price ?? Number.POSITIVE_INFINITY);
    }
    return { gain: gain - spent, spent };
  };
  const counts = recipes.map(() => 0);
  const order = recipes
    .map((recipe, at) => ({ recipe, at, gain: oneMore(recipe).gain }))
    .sort((a, b) => b.gain - a.gain || a.at - b.at);
  for (const { recipe, at } of order)
    while (counts[at]! < maxPerRecipe) {
      const { gain, spent } = oneMore(recipe);
      if (!(gain > 0 && spent <= money)) break;
      counts[at]! += 1;
      money -= spent;
      for (const { itemId, quantity } of recipe.ingredients)
        left.set(itemId, Math.max(0, left.get(itemId)! - quantity));
    }
  return counts;
}

/** The better of a solver's counts, which may be none or not hold, and the greedy ones. */
export function bestPlan(problem: PlanProblem, solved: readonly number[] | null): CraftPlan {
  const nothing = planOf(
    problem,
    problem.recipes.map(() => 0),
  )!;
  return [planOf(problem, greedyCounts(problem)), solved && planOf(problem, solved)].reduce<CraftPlan>(
    (best, plan) => (plan && plan.profit > best.profit ? plan : best),
    nothing,
  );
}
