// Queries of the original, refused as FastAPI refuses them: 422 with a list of faults, each with its place.

export type CompatQuery = Readonly<Record<string, unknown>>;

export interface CompatFault {
  readonly type: string;
  readonly loc: readonly string[];
  readonly msg: string;
  readonly input: unknown;
  readonly ctx?: Readonly<Record<string, unknown>>;
}

export const TIME_RANGES = ['24h', '7d', '30d', 'all'] as const;
export type TimeRange = (typeof TIME_RANGES)[number];
export const STATUSES = ['complete', 'incomplete', 'all'] as const;
export type StatusFilter = (typeof STATUSES)[number];

export interface SessionsQuery {
  readonly range: TimeRange;
  readonly status: StatusFilter;
  /** null = everything. */
  readonly search: string | null;
  readonly page: number;
  readonly limit: number;
}

const HOUR_MS = 3_600_000;
const RANGE_MS: Readonly<Record<TimeRange, number | null>> = {
  '24h': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
  '30d': 30 * 24 * HOUR_MS,
  all: null,
};
const MOST_LIMIT = 100;

/** Inclusive; null = from the beginning. */
export function cutOff(range: TimeRange, nowMs: number): Date | null {
  const spanMs = RANGE_MS[range];
  return spanMs === null ? null : new Date(nowMs - spanMs);
}

export function parseRange(query: CompatQuery): TimeRange | CompatFault[] {
  const faults: CompatFault[] = [];
  const range = choice(query, 'time_range', TIME_RANGES, 'all', faults);
  return faults.length > 0 ? faults : range;
}

export function parseSessions(query: CompatQuery): SessionsQuery | CompatFault[] {
  const faults: CompatFault[] = [];
  const search = last(query['search']);
  const parsed: SessionsQuery = {
    range: choice(query, 'time_range', TIME_RANGES, 'all', faults),
    status: choice(query, 'status', STATUSES, 'all', faults),
    search: search === undefined || search === '' ? null : search,
    page: count(query, 'page', 1, Number.MAX_SAFE_INTEGER, 1, faults),
    limit: count(query, 'limit', 50, MOST_LIMIT, 1, faults),
  };
  return faults.length > 0 ? faults : parsed;
}

function choice<T extends string>(
  query: CompatQuery,
  name: string,
  choices: readonly T[],
  otherwise: T,
  faults: CompatFault[],
): T {
  const given = last(query[name]);
  if (given === undefined) return otherwise;
  const found = choices.find((known) => known === given);
  if (found !== undefined) return found;
  const quoted = choices.map((known) => `'${known}'`);
  const expected = `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)!}`;
  const msg = `Input should be ${expected}`;
  faults.push({ type: 'literal_error', loc: ['query', name], msg, input: given, ctx: { expected } });
  return otherwise;
}

function count(
  query: CompatQuery,
  name: string,
  otherwise: number,
  most: number,
  least: number,
  faults: CompatFault[],
): number {
  const given = last(query[name]);
  if (given === undefined) return otherwise;
  const fault = (type: string, msg: string, ctx?: CompatFault['ctx']): number => {
    faults.push({ type, loc: ['query', name], msg, input: given, ...(ctx && { ctx }) });
    return otherwise;
  };
  if (!/^\s*[+-]?\d+\s*$/.test(given))
    return fault('int_parsing', 'Input should be a valid integer, unable to parse string as an integer');
  const number = Number(given);
  if (number < least)
    return fault('greater_than_equal', `Input should be greater than or equal to ${least}`, { ge: least });
  if (number > most && most === MOST_LIMIT)
    return fault('less_than_equal', `Input should be less than or equal to ${most}`, { le: most });
  return Math.min(number, most);
}

/** Of a name that comes twice the last counts. */
function last(value: unknown): string | undefined {
  if (Array.isArray(value)) return last(value.at(-1));
  return typeof value === 'string' ? value : undefined;
}
