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
export const RESULT_STATUSES = ['won', 'lost', 'abandoned', 'not_started'] as const;
export type ResultStatus = (typeof RESULT_STATUSES)[number];

/** Ghosts of one race. */
export const MOST_RACE_GHOSTS = 10;
export const MOST_PARTICIPANTS = 200;
/** Races of an account that are planned or under way. */
export const MOST_OPEN_RACES = 100;

/** A split of an official result, as it is stored; differences are positive where the runner was slower. */
export interface StoredSplit {
  /** Where it ends, metres from the start line. */
  readonly distanceM: number;
  /** Seconds for this piece alone. */
  readonly userTimeS: number;
  readonly ghostTimeS: number;
  readonly differenceS: number;
  readonly cumulativeDifferenceS: number;
}

export interface HeartRatePair {
  /** Where the piece ends that they are the means of, metres from the start line. */
  readonly distanceM: number;
  readonly userBpm: number;
  readonly ghostBpm: number;
}

/** What plausibility.ts finds, and stretches of the route that were not run. */
export const MARK_CODES = [
  'teleport',
  'faster_than_records',
  'vehicle',
  'acceleration',
  'step_length',
  'too_regular',
  'left_route',
] as const;
export type MarkCode = (typeof MARK_CODES)[number];

/** `note`: an ordinary fault of a receiver; `doubt`: somebody should look; `impossible`: nobody ran this. */
export const MARK_WEIGHTS = ['note', 'doubt', 'impossible'] as const;
export type MarkWeight = (typeof MARK_WEIGHTS)[number];

/** Something that a run with wheels or a changed file would show. It marks a result and decides nothing. */
export interface PlausibilityMark {
  readonly code: MarkCode;
  readonly weight: MarkWeight;
  readonly detail: string;
}
