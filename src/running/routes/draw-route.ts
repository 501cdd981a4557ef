import { formOf } from './route-form.js';
import { loopsOf } from './route-loops.js';
import { boundsOf, type WayShape } from './route-shape.js';
import type { RouteFigures } from './routes.repository.js';
import { figuresOf } from './way-figures.js';

/** Everything that a row says of a way. */
export function drawRoute(shape: WayShape): RouteFigures {
  const { kind, lapCount, lapDistanceM, retraced } = formOf(shape);
  return {
    ...figuresOf(shape),
    ...boundsOf(shape),
    kind,
    lapCount,
    lapDistanceM,
    retraced,
    loops: loopsOf(shape),
  };
}
