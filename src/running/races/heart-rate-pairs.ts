import { stretchOf } from '../geo/columns.js';
import type { Track } from '../geo/track.js';
import type { HeartRatePair } from './race-kinds.js';

// Hearts at the same places: of each piece of the course the mean of both. Health data of somebody else is never among it; whoever calls
// sees to that.

/** When somebody was where: milliseconds of their own track at ascending metres of the course. */
export interface PlaceTimes {
  readonly alongM: Float64Array;
  readonly tMs: Float64Array;
}

const PLAUSIBLE_BPM = { above: 25, upTo: 240 };

/** @param endsM where the pieces end, ascending; pieces that either heart does not tell of are left out */
export function heartRatePairs(
  endsM: readonly number[],
  user: { track: Track; places: PlaceTimes },
  ghost: { track: Track; places: PlaceTimes },
): HeartRatePair[] {
  const pairs: HeartRatePair[] = [];
  let fromM = 0;
  for (const distanceM of endsM) {
    const [userBpm, ghostBpm] = [user, ghost].map(({ track, places }) =>
      meanBetween(track, timeAt(places, fromM), timeAt(places, distanceM)),
    );
    if (userBpm !== null && ghostBpm !== null && userBpm !== undefined && ghostBpm !== undefined)
      pairs.push({ distanceM, userBpm: rounded(userBpm), ghostBpm: rounded(ghostBpm) });
    fromM = distanceM;
  }
  return pairs;
}

function timeAt({ alongM, tMs }: PlaceTimes, metres: number): number {
  if (alongM.length < 2) return Number.NaN;
  const index = stretchOf(alongM, metres);
  const [from, to] = [alongM[index]!, alongM[index + 1]!];
  const share = to > from ? Math.min(1, Math.max(0, (metres - from) / (to - from))) : 0;
  return tMs[index]! + share * (tMs[index + 1]! - tMs[index]!);
}

function meanBetween(track: Track, fromMs: number, toMs: number): number | null {
  const { heartRateBpm } = track;
  if (heartRateBpm === null) return null;
  let sum = 0;
  let count = 0;
  track.tMs.forEach((ms, index) => {
    const bpm = heartRateBpm[index]!;
    if (!(ms >= fromMs && ms <= toMs && bpm > PLAUSIBLE_BPM.above && bpm <= PLAUSIBLE_BPM.upTo)) return;
    sum += bpm;
    count += 1;
  });
  return count === 0 ? null : sum / count;
}

function rounded(bpm: number): number {
  return Math.round(bpm * 10) / 10;
}
