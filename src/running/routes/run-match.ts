import { bestPassage, passagesOf } from './route-passages.js';
import type { WayShape } from './route-shape.js';
import { compareShapes, type Similarity } from './route-similarity.js';
import type { RunPath } from './run-path.js';

// What a run is to a route, as it is stored. A run belongs to the route that it is the same as; among several, to the one that it has
// belonged to, else to the one that it covers and is covered by best. Reversed it is a run of another route: hills, and who is in the
// way, are others.

export interface Match {
  readonly similarity: Similarity;
  readonly passageCount: number;
  /** Of the fastest passage, elapsed and without pauses, in seconds; null where the run went over the whole route never. */
  readonly timeS: number | null;
  readonly movingTimeS: number | null;
  /** When it began and ended, in milliseconds since the run's start. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

export function matchRun(path: RunPath, route: WayShape): Match {
  const similarity = compareShapes(path.shape, route);
  const isWhole = similarity.relation === 'same' || similarity.relation === 'contains';
  const passages = isWhole ? passagesOf(path, route, similarity) : [];
  const best = bestPassage(passages);
  return {
    similarity,
    passageCount: passages.length,
    timeS: best?.elapsedTimeS ?? null,
    movingTimeS: best?.movingTimeS ?? null,
    fromMs: best?.fromMs ?? null,
    toMs: best?.toMs ?? null,
  };
}

/** Whether a match says enough of run and route to be kept. */
export function isTelling({ relation, direction }: Similarity): boolean {
  return direction !== null && relation !== 'different' && relation !== 'overlapping';
}

/**
 * The route that a run belongs to: null = a new one.
 * @param current the one that it belongs to so far
 */
export function mainRoute(
  matches: readonly { readonly routeId: string; readonly similarity: Similarity }[],
  current: string | null,
): string | null {
  const same = matches.filter(({ similarity }) => similarity.relation === 'same');
  if (same.some(({ routeId }) => routeId === current)) return current;
  // The same start before another one of the same loop.
  const fit = ({ similarity }: (typeof same)[number]): number =>
    Math.min(similarity.ordered, similarity.otherOrdered) - (similarity.rotationM > 0 ? 1 : 0);
  const [best] = same.sort((a, b) => fit(b) - fit(a) || (a.routeId < b.routeId ? -1 : 1));
  return best?.routeId ?? null;
}
