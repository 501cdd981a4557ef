// Riegel ("Athletic Records and Human Endurance", American Scientist 69, 1981): time grows with distance to the power 1.06, for efforts of
// 3.5 minutes to about four hours. By groups of runners he found exponents from 1.05 to 1.08: the range of a prediction.

export const RIEGEL_EXPONENT = 1.06;
export const RIEGEL_EXPONENTS = { low: 1.05, high: 1.08 } as const;
export const RIEGEL_VALID_S = { from: 210, to: 14_400 } as const;

/** Seconds for `distanceM` by an effort over `knownM` in `knownS`; all above 0. */
export function riegelTimeS(
  knownM: number,
  knownS: number,
  distanceM: number,
  exponent: number = RIEGEL_EXPONENT,
): number {
  return knownS * (distanceM / knownM) ** exponent;
}
