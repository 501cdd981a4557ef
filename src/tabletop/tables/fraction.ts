/** An exact chance: parts of a whole, as few as there are. */
export interface Fraction {
  readonly parts: bigint;
  readonly whole: bigint;
}

export const NEVER: Fraction = { parts: 0n, whole: 1n };
export const ALWAYS: Fraction = { parts: 1n, whole: 1n };

/** @param whole not 0 */
export function fraction(parts: bigint, whole: bigint): Fraction {
  const divisor = commonDivisor(parts < 0n ? -parts : parts, whole);
  return divisor === 0n ? NEVER : { parts: parts / divisor, whole: whole / divisor };
}

export function timesOf(one: Fraction, other: Fraction): Fraction {
  return fraction(one.parts * other.parts, one.whole * other.whole);
}

export function sumOf(one: Fraction, other: Fraction): Fraction {
  return fraction(one.parts * other.whole + other.parts * one.whole, one.whole * other.whole);
}

/** As near as a double comes, also where both numbers are far beyond one. */
export function ratioOf({ parts, whole }: Fraction): number {
  return Number((parts * 1_000_000_000_000_000n) / whole) / 1e15;
}

function commonDivisor(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}
