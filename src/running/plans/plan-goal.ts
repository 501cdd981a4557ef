import type { GoalSplit } from '../ghosts/ghost-kinds.js';
import type { PacingPlan } from './pacing-plan.js';

/**
 * A plan as splits of a goal: its pieces, neighbours put together until there are no more than `most`. Length and time stay the plan's.
 * @param most at least 1
 */
export function goalOf({ curve }: PacingPlan, most: number): GoalSplit[] {
  const { distanceM, elapsedMs } = curve;
  const pieces = distanceM.length - 1;
  const count = Math.min(pieces, most);
  return Array.from({ length: count }, (_, index) => {
    const [from, to] = [Math.floor((index * pieces) / count), Math.floor(((index + 1) * pieces) / count)];
    const lengthM = distanceM[to]! - distanceM[from]!;
    return { distanceM: lengthM, paceSPerKm: (elapsedMs[to]! - elapsedMs[from]!) / lengthM };
  });
}
