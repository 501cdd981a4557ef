/** In the room of a race is everybody who follows it. */
export const raceRoom = (raceId: string): string => `race:${raceId}`;

/** In that of a run is its runner alone. */
export const runRoom = (runId: string): string => `race-run:${runId}`;
