// Daniels & Gilbert ("Oxygen Power", 1979): a race's pace costs so much oxygen, its length lets somebody use such a share of the most they
// can; the quotient is VDOT, one number for all distances. Fitted to races of 3.5 minutes to four hours. VDOT is no laboratory VO2max:
// it is the one that would explain the result with an average running economy.

/** Races of this length the curves were fitted to. */
export const VDOT_VALID_S = { from: 210, to: 14_400 } as const;
const FASTEST_M_PER_MIN = 700;
const SLOWEST_M_PER_MIN = 30;

/** Oxygen that running at a speed costs, ml/kg/min. @param speedMPerMin on level ground */
export function oxygenCost(speedMPerMin: number): number {
  return -4.6 + (0.182258 + 0.000104 * speedMPerMin) * speedMPerMin;
}

/** The speed in m/min that costs so much oxygen; the inverse of `oxygenCost` for speeds above 0. */
export function speedForOxygen(mlPerKgMin: number): number {
  return (-0.182258 + Math.sqrt(0.182258 ** 2 + 4 * 0.000104 * (4.6 + mlPerKgMin))) / (2 * 0.000104);
}

/** The share of VO2max that can be held for so long; above 1 for less than some eleven minutes. */
export function sustainableShare(minutes: number): number {
  return 0.8 + 0.1894393 * Math.exp(-0.012778 * minutes) + 0.2989558 * Math.exp(-0.1932605 * minutes);
}

/** @param distanceM, timeS both above 0; meaningful within `VDOT_VALID_S` */
export function vdotOf(distanceM: number, timeS: number): number {
  const minutes = timeS / 60;
  return oxygenCost(distanceM / minutes) / sustainableShare(minutes);
}

/** Seconds that somebody of this VDOT needs: the inverse of `vdotOf`, which falls with time, found by Newton's method within halving bounds. */
export function raceTimeS(distanceM: number, vdot: number): number {
  let low = (distanceM / FASTEST_M_PER_MIN) * 60;
  let high = (distanceM / SLOWEST_M_PER_MIN) * 60;
  let timeS = (distanceM / speedForOxygen(vdot * 0.9)) * 60;
  for (let step = 0; step < 60; step++) {
    const miss = vdotOf(distanceM, timeS) - vdot;
    if (miss > 0) low = timeS;
    else high = timeS;
    const slope = (vdotOf(distanceM, timeS + 0.01) - vdot - miss) / 0.01;
    const next = timeS - miss / slope;
    const isWithin = next > low && next < high;
    const stepS = (isWithin ? next : (low + high) / 2) - timeS;
    timeS += stepS;
    if (Math.abs(stepS) < 1e-6) break;
  }
  return timeS;
}

/** Daniels' threshold pace, held for about an hour: 88 % of VDOT. Metres per second. */
export function thresholdSpeedMps(vdot: number): number {
  return speedForOxygen(0.88 * vdot) / 60;
}
