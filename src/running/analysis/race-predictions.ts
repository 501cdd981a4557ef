// What somebody could race, from their best recent effort. Two formulas that disagree by minutes over a marathon say how sure anybody can
// be, so a prediction is a range: from the fastest to the slowest of VDOT and Riegel with his lowest and highest exponents, and one per
// cent more on both sides, by which a receiver's distances err.
import { RIEGEL_EXPONENTS, RIEGEL_VALID_S, riegelTimeS } from './riegel.js';
import { raceTimeS, VDOT_VALID_S, vdotOf } from './vdot.js';

/** 1,500 m to the marathon, as Daniels' table has them. */
export const RACE_DISTANCES_M = [1500, 1609.344, 3000, 5000, 10_000, 15_000, 21_097.5, 42_195] as const;

const RECEIVER_ERROR = 0.01;
/** Beyond a step of this size in distance a formula guesses endurance that nobody has seen. */
const FAR_FACTOR = 4;

export interface Effort {
  readonly distanceM: number;
  readonly elapsedTimeS: number;
}

export interface RacePrediction {
  readonly distanceM: number;
  /** Between `fastestS` and `slowestS`: the mean of VDOT and Riegel. */
  readonly likelyS: number;
  readonly fastestS: number;
  readonly slowestS: number;
  readonly vdotS: number;
  readonly riegelS: number;
  /** True where the distance is more than four times the effort's (or less than a quarter), or the time beyond what the formulas cover. */
  readonly isFarOff: boolean;
}

/** The effort with the highest VDOT, of those that the formulas cover; null where there is none. */
export function bestEffortByVdot<E extends Effort>(
  efforts: readonly E[],
): { effort: E; vdot: number } | null {
  let best: { effort: E; vdot: number } | null = null;
  for (const effort of efforts) {
    if (!isCovered(effort.elapsedTimeS)) continue;
    const vdot = vdotOf(effort.distanceM, effort.elapsedTimeS);
    if (best === null || vdot > best.vdot) best = { effort, vdot };
  }
  return best;
}

export function predictRace(effort: Effort, distanceM: number): RacePrediction {
  const { distanceM: knownM, elapsedTimeS: knownS } = effort;
  const vdotS = raceTimeS(distanceM, vdotOf(knownM, knownS));
  const riegelS = riegelTimeS(knownM, knownS, distanceM);
  const all = [
    vdotS,
    riegelS,
    riegelTimeS(knownM, knownS, distanceM, RIEGEL_EXPONENTS.low),
    riegelTimeS(knownM, knownS, distanceM, RIEGEL_EXPONENTS.high),
  ];
  const likelyS = (vdotS + riegelS) / 2;
  const factor = distanceM / knownM;
  return {
    distanceM,
    likelyS,
    fastestS: Math.min(...all) * (1 - RECEIVER_ERROR),
    slowestS: Math.max(...all) * (1 + RECEIVER_ERROR),
    vdotS,
    riegelS,
    isFarOff: factor > FAR_FACTOR || factor < 1 / FAR_FACTOR || !isCovered(likelyS),
  };
}

function isCovered(timeS: number): boolean {
  return (
    timeS >= Math.max(VDOT_VALID_S.from, RIEGEL_VALID_S.from) &&
    timeS <= Math.min(VDOT_VALID_S.to, RIEGEL_VALID_S.to)
  );
}
