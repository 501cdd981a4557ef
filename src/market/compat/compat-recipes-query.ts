import { foldName } from '../catalog/fold-name.js';
import { idIn, integer, type RawBody } from './compat-body.js';
import { integerOf, priceOf, type RawQuery, textOf } from './compat-query.js';

// The original's questions about recipes. As everywhere, numbers that are none fall back to their defaults.

export const RECIPE_ORDERS = [
  'margin_desc',
  'roi_desc',
  'level_desc',
  'level_asc',
  'cost_asc',
  'estimated_margin_desc',
  'estimated_roi_desc',
] as const;
export type RecipeOrder = (typeof RECIPE_ORDERS)[number];

export interface RecipesQuery {
  minLevel: number;
  maxLevel: number;
  /** The game's own id. */
  jobId: number | null;
  minRoi: number | null;
  /** Folded part of the result's name; empty for any. */
  search: string;
  recipeId: number | null;
  resultItemId: number | null;
  order: RecipeOrder;
  limit: number;
  offset: number;
}

const MAX_LEVEL = 200;
const MAX_ROWS = 10_000;
const MAX_OFFSET = 1_000_000_000;
/** More than any recipe of the game has. */
export const MAX_INGREDIENTS = 64;
const MAX_QUANTITY = 1_000_000;

export function recipesQuery(query: RawQuery): RecipesQuery {
  const order = textOf(query, 'sort_by');
  return {
    minLevel: integerOf(query, 'min_level', 0, 0, MAX_LEVEL),
    maxLevel: integerOf(query, 'max_level', MAX_LEVEL, 0, MAX_LEVEL),
    jobId: idOf(query, 'job_id'),
    minRoi: priceOf(query, 'min_roi'),
    search: foldName(textOf(query, 'search')),
    recipeId: idOf(query, 'id'),
    resultItemId: idOf(query, 'item_id'),
    order: RECIPE_ORDERS.find((known) => known === order) ?? 'margin_desc',
    ...rowsOf(query, 50),
  };
}

/** `mode=usage`. */
export function usageQuery(query: RawQuery): { search: string; limit: number; offset: number } {
  return { search: foldName(textOf(query, 'search')), ...rowsOf(query, 20) };
}

/** What a body asks to be made or changed; null where something is missing or no number. */
export interface RecipeBody {
  target: { resultItemId: number } | { recipeId: number };
  /** The game's own id; undefined where it is not said. */
  jobId: number | null | undefined;
  level: number | null | undefined;
  ingredients: { itemId: number; quantity: number }[];
}

/** Both forms of the original; of an ingredient that comes twice the quantities are added. */
export function recipeBody(body: RawBody): RecipeBody | null {
  const [resultItemId, recipeId] = [idIn(body, 'result_item_id'), idIn(body, 'recipe_id')];
  const given = body['ingredients'];
  if ((resultItemId === null && recipeId === null) || !Array.isArray(given)) return null;
  if (given.length === 0 || given.length > MAX_INGREDIENTS) return null;
  const quantities = new Map<number, number>();
  for (const element of given as unknown[]) {
    const itemId = idIn((element ?? {}) as RawBody, 'item_id');
    const quantity = integer((element as RawBody | null)?.['quantity'], 1);
    if (itemId === null || quantity === null) return null;
    quantities.set(itemId, Math.min(MAX_QUANTITY, (quantities.get(itemId) ?? 0) + quantity));
  }
  return {
    target: resultItemId === null ? { recipeId: recipeId! } : { resultItemId },
    jobId: optionalOf(body, 'job_id', () => idIn(body, 'job_id')),
    level: optionalOf(body, 'level', () => Math.min(MAX_LEVEL, integer(body['level'], 1) ?? 1)),
    ingredients: [...quantities].map(([itemId, quantity]) => ({ itemId, quantity })),
  };
}

function optionalOf<T>(body: RawBody, key: string, read: () => T): T | null | undefined {
  if (!Object.hasOwn(body, key)) return undefined;
  return body[key] === null ? null : read();
}

function rowsOf(query: RawQuery, limit: number): { limit: number; offset: number } {
  return {
    limit: integerOf(query, 'limit', limit, 1, MAX_ROWS),
    offset: integerOf(query, 'offset', 0, 0, MAX_OFFSET),
  };
}

function idOf(query: RawQuery, key: string): number | null {
  const text = textOf(query, key);
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}
