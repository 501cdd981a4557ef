// What a catalyst's moves and forecast come to in a picture.
import type { CatalystForecast } from '../catalysts/forecast.js';
import type { CatalystStatus } from '../catalysts/judge-catalyst.js';
import type { ObjectiveCourse } from './progress-chart.js';

export interface PicturedMove {
  readonly objectiveHash: number;
  readonly mintedAt: Date;
  readonly progress: number;
  readonly target: number;
  readonly isComplete: boolean;
}

/** In the record's order, those that nothing is known of left out. @param moves oldest first */
export function coursesOf(
  status: CatalystStatus,
  moves: readonly PicturedMove[],
  forecast: CatalystForecast,
): ObjectiveCourse[] {
  return status.objectives
    .filter(({ isVisible }) => isVisible)
    .map(({ objectiveHash, text }, index) => {
      const eta = forecast.objectives.find((each) => each.objectiveHash === objectiveHash)?.eta;
      return {
        name: text ?? `Objective ${index + 1}`,
        points: moves.filter((move) => move.objectiveHash === objectiveHash).map(pointOf),
        finishAtMs: eta?.state === 'estimated' ? eta.finishAtMs : null,
      };
    });
}

function pointOf({ mintedAt, progress, target, isComplete }: PicturedMove): { atMs: number; pct: number } {
  const ratio = isComplete ? 1 : target <= 0 ? 0 : Math.min(1, Math.max(0, progress / target));
  return { atMs: mintedAt.getTime(), pct: ratio * 100 };
}

/** What is said of its end below the name. */
export function forecastWords({ eta }: CatalystForecast): string {
  if (eta.state === 'complete') return 'complete';
  if (eta.state === 'stalled') return `no progress since ${dayOf(eta.sinceMs)}`;
  if (eta.state === 'unknown') return 'too little is known for a forecast';
  const { low, mid, high } = eta.finishAtMs;
  return `done about ${dayOf(mid)}, between ${dayOf(low)} and ${dayOf(high)}`;
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
