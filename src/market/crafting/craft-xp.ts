// Experience of a craft, as the game has computed it since 2.70 (players measured it): a recipe gives the most at its own level
// and less and less beyond. Levels of a job begin at 1. Nobody but the game knows levels above the highest; callers end there.

/** Ratio of an item whose type has none of its own, in percent. */
export const STANDARD_XP_RATIO = 100;

/** The first of the ratios that says something: an item's own, else its type's, else the standard. Percent; 0 and less say nothing. */
export function xpRatioOf(...ratios: readonly (number | null)[]): number {
  return ratios.find((ratio) => ratio !== null && ratio > 0) ?? STANDARD_XP_RATIO;
}

/**
 * Experience of one craft, a whole number.
 * @param ratioPct of the item, percent; what is not above 0 is the standard
 */
export function craftXp(jobLevel: number, recipeLevel: number, ratioPct: number | null): number {
  if (jobLevel < recipeLevel) return 0;
  const perLevel = 20 * (xpRatioOf(ratioPct) / 100);
  const distance = jobLevel - recipeLevel;
  return Math.floor(perLevel * recipeLevel * (1 / (1 + 0.1 * distance ** 1.1)));
}

/** Experience from `level` to the next one. */
export function xpOfLevel(level: number): number {
  return 20 * level;
}

/** Experience that a job has in all when it reaches `level`; 0 at the first. */
export function xpAtLevel(level: number): number {
  return level <= 1 ? 0 : 10 * level * (level - 1);
}
