import { GHOST_TYPES, type GhostType } from '../ghosts/ghost-kinds.js';
import { RESULT_STATUSES, type ResultStatus } from '../races/race-kinds.js';

// The original's words for kinds of ghosts and results, which its app may know no others of.

export const GHOST_KINDS = ['personal_record', 'strava_friend', 'custom_goal', 'past_run'] as const;
export type GhostKind = (typeof GHOST_KINDS)[number];

export const RESULT_KINDS = ['won', 'lost', 'abandoned', 'in_progress'] as const;
export type ResultKind = (typeof RESULT_KINDS)[number];

/** What was taken over or composed is somebody's past run to the app; `strava_friend` would show a badge that is not ours to show. */
export function ghostKindOf(type: GhostType): GhostKind {
  return type === 'shared' || type === 'composite' ? 'past_run' : type;
}

/** None for `strava_friend`. */
export function ghostTypesOf(kind: GhostKind): GhostType[] {
  return GHOST_TYPES.filter((type) => ghostKindOf(type) === kind);
}

export function resultKindOf(status: ResultStatus): ResultKind {
  return status === 'not_started' ? 'abandoned' : status;
}

/** None for `in_progress`: what is not judged yet has no result. */
export function resultStatusesOf(kind: ResultKind): ResultStatus[] {
  return RESULT_STATUSES.filter((status) => resultKindOf(status) === kind);
}
