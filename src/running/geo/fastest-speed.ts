// Speeds that nobody exceeds: on foot 9 m/s over a step of GPS, at which the world record over 400 m is run; then racing cyclists; then cars.

const FASTEST_MPS: Readonly<Record<string, number>> = { run: 9, walk: 9, hike: 9, ride: 28, other: 70 };

export const FASTEST_ON_FOOT_MPS = 9;

/** @param sport of a run; unknown ones count as `other` @returns m/s */
export function fastestMpsOf(sport: string): number {
  return FASTEST_MPS[sport] ?? FASTEST_MPS['other']!;
}
