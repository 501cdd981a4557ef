import { isClosed, type WayShape } from './route-shape.js';
import { type SharedWay, sharedWay } from './shared-stretches.js';

// What kind of way a route is: laps, a way there and back, a loop or a way from one place to another. Read off how it runs along itself.

export const ROUTE_KINDS = ['laps', 'out_and_back', 'loop', 'point_to_point'] as const;
export type RouteKind = (typeof ROUTE_KINDS)[number];

export interface RouteForm {
  readonly kind: RouteKind;
  /** Full turns of `laps`; 1 for all others. */
  readonly lapCount: number;
  /** Metres of one of them; the whole for all others. */
  readonly lapDistanceM: number;
  /** Share of the way that is run in both directions: 0..1. */
  readonly retraced: number;
}

const RETRACED_OF_OUT_AND_BACK = 0.7;
/** All but the last lap is run again; so much of it has to be found. */
const LEAST_LAPS_SHARE = 0.8;
const LEAST_LAP_M = 100;
/** The last lap counts when so little of it is missing. */
const TURN_SLACK = 0.1;

export function formOf(shape: WayShape): RouteForm {
  const { stretches } = sharedWay(shape, shape);
  const retraced = Math.min(1, coveredM(stretches.filter(({ sign }) => sign === -1)) / shape.distanceM);
  const whole = { lapCount: 1, lapDistanceM: shape.distanceM, retraced };
  if (retraced >= RETRACED_OF_OUT_AND_BACK) return { ...whole, kind: 'out_and_back' };
  const lapM = lapDistance(shape, stretches);
  if (lapM !== null)
    return { kind: 'laps', lapCount: fullTurns(shape.distanceM, lapM), lapDistanceM: lapM, retraced };
  return { ...whole, kind: isClosed(shape) ? 'loop' : 'point_to_point' };
}

type Stretches = SharedWay['stretches'];

/** The shift by which the way lies on itself: after one lap all but the last one is run again. */
function lapDistance({ distanceM }: WayShape, stretches: Stretches): number | null {
  const again = stretches
    .filter(({ sign, fromM, otherFromM }) => sign === 1 && otherFromM - fromM > LEAST_LAP_M)
    .sort((a, b) => a.otherFromM - a.fromM - (b.otherFromM - b.fromM));
  for (const { fromM, toM, otherFromM, otherToM } of again) {
    const lapM = (otherFromM - fromM + (otherToM - toM)) / 2;
    const isAllOfIt = toM - fromM >= LEAST_LAPS_SHARE * (distanceM - lapM);
    if (isAllOfIt && fullTurns(distanceM, lapM) >= 2) return lapM;
  }
  return null;
}

function fullTurns(distanceM: number, lapM: number): number {
  return Math.floor(distanceM / lapM + TURN_SLACK);
}

/** Metres of the walked way in the stretches, what lies in several counted once. */
function coveredM(stretches: Stretches): number {
  let [sumM, reachedM] = [0, 0];
  for (const { fromM, toM } of stretches) {
    sumM += Math.max(0, toM - Math.max(fromM, reachedM));
    reachedM = Math.max(reachedM, toM);
  }
  return sumM;
}
