// What a catalyst's history says of its end: the pace and the forecast of each objective that is still to be done, and of all together.
import { type Eta, etaOf, latestEta } from './eta.js';
import type { CatalystStatus, ObjectiveStatus } from './judge-catalyst.js';
import { objectiveKind } from './objective-kind.js';
import { type LastLook, type Pace, type PacePoint, paceOf } from './pace.js';

/** A stored move of an objective. */
export interface Move {
  readonly objectiveHash: number;
  readonly mintedAt: Date;
  readonly progress: number;
  readonly minutesPlayed: number;
}

export interface ObjectiveForecast {
  readonly objectiveHash: number;
  readonly text: string | null;
  /** Units left; null where the target is not known. */
  readonly remaining: number | null;
  readonly pace: Pace;
  readonly eta: Eta;
}

export interface CatalystForecast {
  readonly eta: Eta;
  /** Of those that are still to be done; inserting the catalyst is a matter of a moment and left out. */
  readonly objectives: readonly ObjectiveForecast[];
}

/**
 * @param moves of this catalyst, oldest first
 * @param look the last reading
 */
export function forecastOf(status: CatalystStatus, moves: readonly Move[], look: LastLook): CatalystForecast {
  if (status.state === 'complete') return { eta: { state: 'complete' }, objectives: [] };
  const objectives = status.objectives.filter(isOpen).map((objective) => {
    const { objectiveHash, text } = objective;
    const points = moves.filter((move) => move.objectiveHash === objectiveHash).map(pointOf);
    const pace = paceOf(points, look);
    const remaining = leftOf(objective);
    return { objectiveHash, text, remaining, pace, eta: etaOf(remaining, pace, look) };
  });
  if (objectives.length === 0) return { eta: { state: 'unknown', reason: 'no_history' }, objectives };
  return { eta: latestEta(objectives.map(({ eta }) => eta)), objectives };
}

function isOpen({ isComplete, isVisible, text }: ObjectiveStatus): boolean {
  return isVisible && !isComplete && (text === null || objectiveKind(text) !== 'insert');
}

function leftOf({ progress, target }: ObjectiveStatus): number | null {
  return target === null ? null : Math.max(0, target - Math.max(0, progress ?? 0));
}

function pointOf({ mintedAt, progress, minutesPlayed }: Move): PacePoint {
  return { atMs: mintedAt.getTime(), progress, minutesPlayed };
}
