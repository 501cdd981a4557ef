// How the original answers: an envelope, instants without fractions of a second (Swift's `.iso8601` refuses those), and figures in the units
// that the app shows.

export interface Envelope<T> {
  readonly data: T;
  readonly timestamp: string;
  readonly request_id: string;
}

export function envelope<T>(data: T, requestId: string, now: Date): Envelope<T> {
  return { data, timestamp: swiftInstant(now), request_id: requestId };
}

/** `2026-05-02T06:30:00Z`. */
export function swiftInstant(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}

/** Rounded to so many digits; the original's columns have two. */
export function rounded(value: number, digits = 2): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor + 0; // + 0: no minus zero
}

export function roundedOrNull(value: number | null, digits = 2): number | null {
  return value === null ? null : rounded(value, digits);
}

export interface CompatPage {
  readonly page: number;
  readonly limit: number;
}

export interface CompatPagination extends CompatPage {
  readonly total: number;
  readonly has_next: boolean;
  readonly has_previous: boolean;
}

export function paginationOf({ page, limit }: CompatPage, total: number): CompatPagination {
  return { page, limit, total, has_next: page * limit < total, has_previous: page > 1 };
}
