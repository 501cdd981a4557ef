// How a stored catalyst goes on with what was just read of it, and which moves of objectives are worth a row of history. Whoever calls has
// made sure that the reading is not older than what is stored.
//
// The first reading of a catalyst is where its history begins: nobody was told of anything, and nobody knows when it was found.
import type { CatalystState, CatalystStatus, ObjectiveStatus } from '../catalysts/judge-catalyst.js';

/** As it is stored. */
export interface StoredStatus {
  readonly recordHash: number;
  readonly state: CatalystState;
  readonly pct: number;
  readonly objectives: readonly ObjectiveStatus[];
  readonly foundAt: Date | null;
  readonly completedAt: Date | null;
  readonly progressedAt: Date | null;
  readonly progressedMinutes: number | null;
}

export interface ObjectiveMove {
  readonly recordHash: number;
  readonly objectiveHash: number;
  readonly mintedAt: Date;
  /** Not above the target. */
  readonly progress: number;
  readonly target: number;
  readonly isComplete: boolean;
  readonly minutesPlayed: number;
}

export interface Reading {
  readonly mintedAt: Date;
  /** Of all characters. */
  readonly minutesPlayed: number;
}

/** @returns undefined where nothing is another than before */
export function advanceStatus(
  before: StoredStatus | undefined,
  status: CatalystStatus,
  reading: Reading,
): { readonly row: StoredStatus; readonly moves: readonly ObjectiveMove[] } | undefined {
  const moves = movesOf(before, status, reading);
  const isSame =
    before !== undefined &&
    before.state === status.state &&
    sameTenth(before.pct, status.pct) &&
    isSameText(before.objectives, status.objectives);
  if (isSame) return undefined;
  const hasMoved = moves.length > 0;
  const wasFound = before !== undefined && isFound(before.state);
  const row: StoredStatus = {
    recordHash: status.recordHash,
    state: status.state,
    pct: status.pct,
    objectives: status.objectives,
    foundAt:
      before !== undefined && !wasFound && isFound(status.state)
        ? reading.mintedAt
        : (before?.foundAt ?? null),
    completedAt:
      before !== undefined && before.state !== 'complete' && status.state === 'complete'
        ? reading.mintedAt
        : (before?.completedAt ?? null),
    progressedAt: hasMoved ? reading.mintedAt : (before?.progressedAt ?? null),
    progressedMinutes: hasMoved ? reading.minutesPlayed : (before?.progressedMinutes ?? null),
  };
  return { row, moves };
}

export function isFound(state: CatalystState): boolean {
  return state === 'complete' || state === 'in_progress';
}

/** Of what was complete at the first reading there is nothing to tell. */
function movesOf(
  before: StoredStatus | undefined,
  { recordHash, state, objectives }: CatalystStatus,
  { mintedAt, minutesPlayed }: Reading,
): ObjectiveMove[] {
  if (before === undefined && state !== 'in_progress') return [];
  return objectives.flatMap((objective) => {
    const now = placeOf(objective);
    if (now === null) return [];
    const known = before?.objectives.find(({ objectiveHash }) => objectiveHash === objective.objectiveHash);
    const then = known === undefined ? null : placeOf(known);
    const hasMoved =
      then === null ||
      then.progress !== now.progress ||
      then.target !== now.target ||
      then.isComplete !== now.isComplete;
    return hasMoved
      ? [{ recordHash, objectiveHash: objective.objectiveHash, mintedAt, minutesPlayed, ...now }]
      : [];
  });
}

/** Null where no number is known. */
function placeOf({
  progress,
  target,
  isComplete,
}: ObjectiveStatus): Pick<ObjectiveMove, 'progress' | 'target' | 'isComplete'> | null {
  if (target === null || target <= 0 || (progress === null && !isComplete)) return null;
  const reached = isComplete ? target : Math.min(target, Math.max(0, progress ?? 0));
  return { progress: reached, target, isComplete };
}

/** Stored as a float of four bytes. */
function sameTenth(a: number, b: number): boolean {
  return Math.round(a * 10) === Math.round(b * 10);
}

/** PostgreSQL gives the keys of a document in an order of its own. */
function isSameText(a: readonly ObjectiveStatus[], b: readonly ObjectiveStatus[]): boolean {
  const textOf = (objectives: readonly ObjectiveStatus[]): string =>
    JSON.stringify(
      objectives.map((o) => [o.objectiveHash, o.text, o.progress, o.target, o.isComplete, o.isVisible]),
    );
  return textOf(a) === textOf(b);
}
