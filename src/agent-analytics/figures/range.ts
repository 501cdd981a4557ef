// Of when things began: from inclusive, to exclusive.

export interface Range {
  /** null = from the beginning. */
  readonly from: Date | null;
  /** null = until now. */
  readonly to: Date | null;
  /** null = all. */
  readonly environment: string | null;
}

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

function instantOf(text: string | undefined): Date | null | 'none' {
  if (text === undefined) return null;
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? 'none' : at;
}
