import { SeededRandom } from '../../src/market/simulation/random.js';

/** A stream of numbers of its own for each purpose. */
export function randomOf(seed: number, purpose: number): SeededRandom {
  return new SeededRandom(seed, Math.floor(seed / 2 ** 32), purpose);
}

export function pick<T>(values: readonly T[], random: SeededRandom): T {
  return values[Math.floor(random.uniform() * values.length)]!;
}

/** Puts the values into another order, in place. */
export function shuffle<T>(values: T[], random: SeededRandom): T[] {
  for (let last = values.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random.uniform() * (last + 1));
    [values[last], values[other]] = [values[other]!, values[last]!];
  }
  return values;
}
