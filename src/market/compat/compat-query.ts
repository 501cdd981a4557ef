import { foldName } from '../catalog/fold-name.js';

// The original reads its query strings leniently: a number that is none is the default, one that is out of range is moved
// into it, unknown keys (cache busters) are passed over, of a repeated key the first value counts. So nothing here throws.
//
// Deviations, none of which a client can notice: values are decoded once (the original decodes twice and so garbles names
// with `+` or `%`), an unknown `sortOrder` is ascending (there: descending), `limit` ends at 10,000 (there: silently at 1,000).

export type RawQuery = Readonly<Record<string, unknown>>;

export type RowOrder = 'name-asc' | 'name-desc' | 'price-asc' | 'price-desc' | 'rank';

/** Which rows of (item, server) are meant. What is absent does not filter. */
export interface RowFilter {
  /** Display name of the server; empty for all. */
  server: string;
  /** Folded part of the name; empty for any. */
  search: string;
  category: string | null;
  /** Bounds of the newest price, inclusive, kamas for one unit. */
  minPrice: number | null;
  maxPrice: number | null;
  /** Exact names of items. */
  labels: string[] | null;
}

/** Whether every row of the server passes. */
export function isOpenFilter({ search, category, minPrice, maxPrice, labels }: RowFilter): boolean {
  return search === '' && [category, minPrice, maxPrice, labels].every((bound) => bound === null);
}

export interface RowsQuery {
  filter: RowFilter;
  order: RowOrder;
  limit: number;
  offset: number;
}

export interface PageQuery extends RowsQuery {
  page: number;
}

const MAX_ROWS = 10_000;
const MAX_OFFSET = 1_000_000_000;
const MAX_PAGE = 10_000_000;

/** The text under `key`; empty when it is absent. */
export function textOf(query: RawQuery, key: string): string {
  const value = query[key];
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : '';
}

/** `resource=items` without mode. Of a search, the first page is ranked and the others go by name, as in the original. */
export function rowsQuery(query: RawQuery): RowsQuery {
  const search = foldName(textOf(query, 'search'));
  const offset = integerOf(query, 'offset', 0, 0, MAX_OFFSET);
  return {
    filter: {
      server: textOf(query, 'server'),
      search,
      category: textOf(query, 'category') || null,
      minPrice: null,
      maxPrice: null,
      labels: null,
    },
    order: search !== '' && offset === 0 ? 'rank' : orderOf(query),
    limit: integerOf(query, 'limit', 200, 1, MAX_ROWS),
    offset,
  };
}

/** `resource=items&mode=market`. */
export function pageQuery(query: RawQuery): PageQuery {
  const page = integerOf(query, 'page', 1, 1, MAX_PAGE);
  const limit = integerOf(query, 'pageSize', 50, 1, 100);
  return {
    filter: {
      server: textOf(query, 'server'),
      search: foldName(textOf(query, 'search')),
      category: textOf(query, 'category') || null,
      minPrice: priceOf(query, 'minPrice'),
      maxPrice: priceOf(query, 'maxPrice'),
      labels: namesOf(query, 'filterItems'),
    },
    order: orderOf(query),
    limit,
    offset: (page - 1) * limit,
    page,
  };
}

/** `resource=items&mode=search`. */
export function matchesQuery(query: RawQuery): { search: string; limit: number } {
  return { search: foldName(textOf(query, 'search')), limit: integerOf(query, 'limit', 10, 1, 100) };
}

function orderOf(query: RawQuery): RowOrder {
  const isDescending = textOf(query, 'sortOrder') === 'desc';
  if (textOf(query, 'sortBy') === 'price') return isDescending ? 'price-desc' : 'price-asc';
  return isDescending ? 'name-desc' : 'name-asc';
}

export function integerOf(
  query: RawQuery,
  key: string,
  fallback: number,
  least: number,
  most: number,
): number {
  const number = Number.parseInt(textOf(query, key), 10);
  return Number.isNaN(number) ? fallback : Math.min(most, Math.max(least, number));
}

export function priceOf(query: RawQuery, key: string): number | null {
  const price = Number.parseFloat(textOf(query, key));
  return Number.isNaN(price) ? null : price;
}

/** Names separated by commas; a name that holds one cannot be asked for. */
export function namesOf(query: RawQuery, key: string): string[] | null {
  const names = textOf(query, key)
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names.length === 0 ? null : names;
}

/** A number, as `Number` reads it; null when it is absent or none. */
export function numberOf(query: RawQuery, key: string): number | null {
  const text = textOf(query, key);
  const number = Number(text);
  return text === '' || !Number.isFinite(number) ? null : number;
}

/** Numbers separated by commas, of each time that the key is there; what is none is passed over. Null when there is none. */
export function numbersOf(query: RawQuery, key: string): number[] | null {
  const values = [query[key]]
    .flat()
    .filter((value): value is string => typeof value === 'string' && value !== '');
  const numbers = values.flatMap((value) => value.split(',')).map(Number);
  const finite = numbers.filter((number) => Number.isFinite(number));
  return finite.length === 0 ? null : finite;
}
