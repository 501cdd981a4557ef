// VO2max without a laboratory, two ways. From a race or a hard effort: VDOT. From any steady run: the oxygen that its level speed costs, set
// against the share of the heart rate reserve it took; shares of the heart rate reserve and of the oxygen uptake reserve are equal
// (Swain & Leutholtz 1997), with 3.5 ml/kg/min at rest. One run's figure is rough (heat, tiredness, a cold strap): ten days' middle counts.
import type { SteadyState } from './steady-state.js';
import { oxygenCost } from './vdot.js';

const AT_REST = 3.5;
/** Below half of the reserve the relation is loose, near the top heart rate lags. */
const SHARES = { from: 0.5, to: 0.95 } as const;

/** ml/kg/min; null where the run was too easy or too hard to tell. */
export function submaximalVo2max(
  { speedMps, heartRateBpm }: SteadyState,
  heart: { readonly maxBpm: number; readonly restingBpm: number },
): number | null {
  const share = (heartRateBpm - heart.restingBpm) / (heart.maxBpm - heart.restingBpm);
  if (!(share >= SHARES.from && share <= SHARES.to)) return null;
  const cost = oxygenCost(speedMps * 60);
  return cost > AT_REST ? AT_REST + (cost - AT_REST) / share : null;
}

/** The middle one; of an even number the mean of both in the middle. Null of none. */
export function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
