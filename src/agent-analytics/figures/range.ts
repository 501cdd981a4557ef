// Of when things began: from inclusive, to exclusive.

export interface Range {
  /** null = from the beginning. */
  readonly from: Date | null;
  /** null = until now. */
  readonly to: Date | null;
  /** null = all. */
  readonly environment: string | null;
}

/** Of a question that reads every row of its range and does not say where that begins. */
const USUAL_MS = 30 * 86_400_000;

export interface AskedRange {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly environment?: string | undefined;
}

/** @param asked ISO 8601 with a zone @returns the field that is wrong and why, where one is */
export function readRange({
  from,
  to,
  environment,
}: AskedRange): Range | { field: 'from' | 'to'; fault: string } {
  const [first, last] = [instantOf(from), instantOf(to)];
  if (first === 'none') return { field: 'from', fault: 'is no instant that there is' };
  if (last === 'none') return { field: 'to', fault: 'is no instant that there is' };
  if (first !== null && last !== null && first >= last) return { field: 'to', fault: 'must be after from' };
  return { from: first, to: last, environment: environment ?? null };
}

/** @returns the range with a beginning: 30 days before its end where it has none */
export function recent(range: Range, nowMs: number): Range & { readonly from: Date } {
  return { ...range, from: range.from ?? new Date((range.to?.getTime() ?? nowMs) - USUAL_MS) };
}

function instantOf(text: string | undefined): Date | null | 'none' {
  if (text === undefined) return null;
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? 'none' : at;
}
