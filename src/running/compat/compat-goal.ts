import type { GoalWish } from '../ghosts/goal-splits.js';
import type { GoalBody } from './compat-ghost-bodies.js';

// A goal in the original's words names its splits by where they end, and beside them a distance and a time that need not agree with them. Here
// splits follow each other, and distance and time follow from them.

const M_PER_KM = 1_000;

export interface GoalBodyFault {
  readonly field: keyof GoalBody;
  readonly detail: string;
}

/**
 * Splits say all; where they end before the distance does, the rest is run so that the time comes out, or else at the pace of the last one.
 * Of a distance alone either time or pace counts; of both the time, of which the app works out the pace.
 */
export function goalOf(body: GoalBody): GoalWish | GoalBodyFault {
  const {
    target_distance: distanceM,
    target_duration: durationS,
    target_pace: paceSPerKm,
    custom_splits,
  } = body;
  if (custom_splits == null || custom_splits.length === 0) {
    if (distanceM == null) return { field: 'target_distance', detail: 'is missing: how far it is' };
    if (durationS != null) return { distanceM, durationS };
    if (paceSPerKm != null) return { distanceM, paceSPerKm };
    return { field: 'target_duration', detail: 'is missing: how long it takes' };
  }
  const splits: { distanceM: number; paceSPerKm: number }[] = [];
  let [alongM, elapsedS] = [0, 0];
  for (const { distance, target_pace } of custom_splits) {
    const lengthM = distance - alongM;
    if (!(lengthM >= 1)) return { field: 'custom_splits', detail: 'do not ascend: each says where it ends' };
    splits.push({ distanceM: lengthM, paceSPerKm: target_pace });
    alongM = distance;
    elapsedS += (lengthM / M_PER_KM) * target_pace;
  }
  const restM = (distanceM ?? alongM) - alongM;
  if (restM < 0) return { field: 'custom_splits', detail: 'go on after target_distance' };
  if (restM >= 1) {
    const restS = durationS == null ? null : durationS - elapsedS;
    const pace = restS === null ? splits.at(-1)!.paceSPerKm : (restS / restM) * M_PER_KM;
    if (!(pace > 0)) return { field: 'target_duration', detail: 'is over before the splits are' };
    splits.push({ distanceM: restM, paceSPerKm: pace });
  }
  return { splits };
}

export function isGoalGiven(body: GoalBody): boolean {
  return [body.target_distance, body.target_duration, body.target_pace, body.custom_splits].some(
    (value) => value != null,
  );
}
