import { foldName } from '../catalog/fold-name.js';
import { integerOf, priceOf, type RawQuery, textOf } from './compat-query.js';

export const BANK_CRAFT_ORDERS = ['completeness_desc', 'margin_desc', 'roi_desc'] as const;
export type BankCraftOrder = (typeof BANK_CRAFT_ORDERS)[number];

export interface BankCraftsQuery {
  maxMissing: number;
  minLevel: number;
  maxLevel: number;
  /** The game's own id. */
  jobId: number | null;
  minRoi: number | null;
  /** Folded part of the result's name; empty for any. */
  search: string;
  order: BankCraftOrder;
  limit: number;
  offset: number;
}

const MAX_LEVEL = 200;
const MAX_MISSING = 100;
const MAX_ROWS = 10_000;
const MAX_OFFSET = 1_000_000_000;

/** `mode=craft-opportunities`. */
export function bankCraftsQuery(query: RawQuery): BankCraftsQuery {
  const order = textOf(query, 'sort_by');
  return {
    maxMissing: integerOf(query, 'max_missing', 0, 0, MAX_MISSING),
    minLevel: integerOf(query, 'min_level', 0, 0, MAX_LEVEL),
    maxLevel: integerOf(query, 'max_level', MAX_LEVEL, 0, MAX_LEVEL),
    jobId: recipeOrJobId(query, 'job_id'),
    minRoi: priceOf(query, 'min_roi'),
    search: foldName(textOf(query, 'search')),
    order: BANK_CRAFT_ORDERS.find((known) => known === order) ?? 'completeness_desc',
    limit: integerOf(query, 'limit', 50, 1, MAX_ROWS),
    offset: integerOf(query, 'offset', 0, 0, MAX_OFFSET),
  };
}

/** An id in digits, null for anything else. */
export function recipeOrJobId(query: RawQuery, key: string): number | null {
  const text = textOf(query, key);
  return /^\d{1,9}$/.test(text) && Number(text) > 0 ? Number(text) : null;
}
