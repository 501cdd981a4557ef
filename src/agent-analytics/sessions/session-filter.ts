import type { Range } from '../figures/range.js';
import { type SessionState, settledBefore } from '../figures/session-state.js';

// What sessions are narrowed and ordered by.

export interface SessionFilter extends Range {
  readonly state: SessionState | null;
  /** See the function of that name. */
  readonly settledBefore: Date;
  readonly character: string | null;
  readonly minCostUsd: number | null;
  readonly maxCostUsd: number | null;
  /** Seconds. */
  readonly minLatencyS: number | null;
  readonly maxLatencyS: number | null;
}

export interface AskedFilter {
  readonly state?: SessionState | undefined;
  readonly character?: string | undefined;
  readonly minCostUsd?: number | undefined;
  readonly maxCostUsd?: number | undefined;
  readonly minLatencyS?: number | undefined;
  readonly maxLatencyS?: number | undefined;
}

/** @returns the field that is wrong and why, where one is */
export function readSessionFilter(
  asked: AskedFilter,
  range: Range,
  nowMs: number,
): SessionFilter | { field: string; fault: string } {
  const { minCostUsd = null, maxCostUsd = null, minLatencyS = null, maxLatencyS = null } = asked;
  for (const [least, most, field] of [
    [minCostUsd, maxCostUsd, 'maxCostUsd'],
    [minLatencyS, maxLatencyS, 'maxLatencyS'],
  ] as const)
    if (least !== null && most !== null && least > most) return { field, fault: 'is less than the least' };
  return {
    from: range.from,
    to: range.to,
    environment: range.environment,
    state: asked.state ?? null,
    settledBefore: settledBefore(nowMs),
    character: asked.character ?? null,
    minCostUsd,
    maxCostUsd,
    minLatencyS,
    maxLatencyS,
  };
}

export const SESSION_SORTS = [
  'createdAt',
  'lastTraceAt',
  'costUsd',
  'totalTokens',
  'traceCount',
  'meanLatencyS',
  'durationS',
] as const;
export type SessionSort = (typeof SESSION_SORTS)[number];
export const SORT_ORDERS = ['asc', 'desc'] as const;
export type SortOrder = (typeof SORT_ORDERS)[number];

/** The last session of a page: what it is sorted by, and its id where others have the same. */
export interface SessionPlace {
  readonly key: number;
  readonly id: string;
}

/** Instants are in microseconds; beyond this a number is not exact, and PostgreSQL has no such instant. */
const MOST_KEY = 8e15;

/** @param parts of a cursor: sort, order, key, id @returns null where it was made by another list */
export function readPlace(
  parts: readonly [string, string, string, string],
  sort: SessionSort,
  order: SortOrder,
): SessionPlace | null {
  const [ownSort, ownOrder, key, id] = parts;
  const number = /^-?\d[\d.e+-]{0,30}$/.test(key) ? Number(key) : Number.NaN;
  return ownSort === sort && ownOrder === order && Math.abs(number) <= MOST_KEY ? { key: number, id } : null;
}
