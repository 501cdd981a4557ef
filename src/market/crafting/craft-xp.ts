// Experience of jobs in Dofus (specs of the original, utils/job_xp): a craft gives
//   floor(20 * ratio / 100 * recipeLevel / (1 + 0.1 * delta ^ 1.1)),   delta = jobLevel - recipeLevel,
// nothing while the job is below the recipe, and level L takes 10 * L * (L - 1) altogether.

/** What an ordinary item gives, percent; trophies give 300, alloys 30. */
export const STANDARD_XP_RATIO = 100;
export const MAX_JOB_LEVEL = 200;

/** @param xpRatio percent; the item's or its type's, where neither is known (or not positive) the standard */
export function xpPerCraft(jobLevel: number, recipeLevel: number, xpRatio: number | null): number {
  const delta = jobLevel - recipeLevel;
  if (delta < 0) return 0;
  const ratio = xpRatio === null || xpRatio <= 0 ? STANDARD_XP_RATIO : xpRatio;
  // In this order, since the original's rounding decides where the result is a whole number: 600, not 599.
  return Math.floor(20 * (ratio / 100) * recipeLevel * (1 / (1 + 0.1 * delta ** 1.1)));
}

/** Experience at which a job has just reached `level`. */
export function xpOfLevel(level: number): number {
  return 10 * level * (level - 1);
}

/** Experience from `level` to the next. */
export function xpToNextLevel(level: number): number {
  return 20 * level;
}
