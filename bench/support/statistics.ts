export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The smallest value that so large a share of them does not exceed. @param share above 0, at most 1 */
export function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.ceil(values.length * share) - 1]!;
}

/** Distance of the extremes, relative to the median. */
export function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / median(values);
}

/**
 * Runs all variants in turn, round after round, so that whatever disturbs the machine meets each of them.
 * @returns per variant what each round measured
 */
export async function interleave<Name extends string, Measured>(
  rounds: number,
  variants: Record<Name, (round: number) => Promise<Measured>>,
): Promise<Record<Name, Measured[]>> {
  const names = Object.keys(variants) as Name[];
  const measured = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Measured[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) measured[name].push(await variants[name](round));
  }
  return measured;
}

/** Ratios of the two sides of each round, which were measured one after the other. */
export function ratios(ours: readonly number[], reference: readonly number[]): number[] {
  return ours.map((value, round) => value / reference[round]!);
}

/** Prints median and spread of one variant, and every round. */
export function printVariant(title: string, unit: string, values: readonly number[]): void {
  const rounds = values.map((value) => value.toPrecision(3)).join(' ');
  console.log(
    `  ${title.padEnd(44)} ${median(values).toPrecision(4).padStart(9)} ${unit.padEnd(12)} spread ${spread(values).toFixed(2)}  [${rounds}]`,
  );
}
