// What a race is. A race against ghosts is one runner's; a group race is run by several on one route, that of its first ghost, each in
// their own time or together. States of a live race are those of ghost-race.ts; here is what lasts.

export const RACE_MODES = ['ghosts', 'group'] as const;
export type RaceMode = (typeof RACE_MODES)[number];

/** Which clock counts: `elapsed` runs on in pauses, `moving` does not. */
export const RACE_CLOCKS = ['elapsed', 'moving'] as const;
export type RaceClock = (typeof RACE_CLOCKS)[number];

/** `planned` until somebody starts, `finished` when everybody who started has ended. */
export const RACE_STATUSES = ['planned', 'racing', 'finished', 'cancelled'] as const;
export type RaceStatus = (typeof RACE_STATUSES)[number];

/** `joined` has no run yet; `racing` has one that is being recorded or is not judged yet; `left` has withdrawn. */
export const PARTICIPANT_STATES = ['joined', 'racing', 'finished', 'abandoned', 'left'] as const;
export type ParticipantState = (typeof PARTICIPANT_STATES)[number];

/** `not_started`: the start line was never crossed as the ghost crosses it. */
export const RESULT_STATUSES = ['won', 'lost', 'tied', 'abandoned', 'not_started'] as const;
export type ResultStatus = (typeof RESULT_STATUSES)[number];

/** Ghosts of one race. */
export const MOST_RACE_GHOSTS = 10;
export const MOST_PARTICIPANTS = 200;
/** Races of an account that are planned or under way. */
export const MOST_OPEN_RACES = 100;

/** A split of an official result; times in seconds since the start line, differences positive where the runner was slower. */
export interface RaceSplit {
  /** Where it ends, metres from the start line. */
  readonly distanceM: number;
  readonly userTimeS: number;
  readonly ghostTimeS: number;
  /** Of this split alone. */
  readonly differenceS: number;
  readonly cumulativeDifferenceS: number;
}

export interface HeartRatePair {
  /** Seconds since the start line. */
  readonly timeS: number;
  readonly userBpm: number;
  readonly ghostBpm: number;
}

/** Something that a run with wheels or a changed file would show. It marks a result and decides nothing. */
export interface PlausibilityMark {
  readonly code: string;
  readonly detail: string;
}
