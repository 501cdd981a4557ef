// How a stored catalyst goes on with what was just read of it, and which moves of objectives are worth a row of history. Whoever calls has
// made sure that the reading is not older than what is stored.
//
// The first reading of a catalyst is where its history begins: nobody was told of anything, and nobody knows when it was found. A record
// that is missing from an answer, as happens on Bungie's side, says nothing: it makes the state unknown, and all else stays as it was last
// known, so that its return is no find, no completion and no move.
//
// Invariants: the same status again changes nothing; the last move of each objective is where it stands.
import type { CatalystState, CatalystStatus, ObjectiveStatus } from '../catalysts/judge-catalyst.js';

/** As it is stored. While the state is unknown, percent and objectives are the last that were known. */
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

export interface StatusStep {
  /** What was known before, undefined at the first sight. */
  readonly known: StoredStatus | undefined;
  readonly row: StoredStatus;
  readonly moves: readonly ObjectiveMove[];
}

/** @returns undefined where nothing is another than before */
export function advanceStatus(
  before: StoredStatus | undefined,
  status: CatalystStatus,
  reading: Reading,
): StatusStep | undefined {
  if (status.state === 'unknown') return withoutRecord(before, status);
  if (before !== undefined && isSame(before, status)) return undefined;
  const known = before && lastKnown(before);
  const moves = movesOf(known, status, reading);
  const hasMoved = moves.length > 0;
  const becomes = (is: (state: CatalystState) => boolean): Date | null =>
    known !== undefined && !is(known.state) && is(status.state) ? reading.mintedAt : null;
  const row: StoredStatus = {
    recordHash: status.recordHash,
    state: status.state,
    pct: status.pct,
    objectives: status.objectives,
    foundAt: before?.foundAt ?? becomes(isFound),
    completedAt: before?.completedAt ?? becomes((state) => state === 'complete'),
    progressedAt: hasMoved ? reading.mintedAt : (before?.progressedAt ?? null),
    progressedMinutes: hasMoved ? reading.minutesPlayed : (before?.progressedMinutes ?? null),
  };
  return { known, row, moves };
}

export function isFound(state: CatalystState): boolean {
  return state === 'complete' || state === 'in_progress';
}

function withoutRecord(
  before: StoredStatus | undefined,
  { recordHash }: CatalystStatus,
): StatusStep | undefined {
  if (before?.state === 'unknown') return undefined;
  const nothing = { pct: 0, objectives: [], foundAt: null, completedAt: null };
  const last = before ?? { recordHash, ...nothing, progressedAt: null, progressedMinutes: null };
  return { known: before, row: { ...last, state: 'unknown' }, moves: [] };
}

/** With the state that it had before its record went missing; undefined where there never was one, or it left no trace. */
function lastKnown(before: StoredStatus): StoredStatus | undefined {
  const { state, pct, objectives, progressedAt } = before;
  if (state !== 'unknown') return before;
  if (pct === 100) return { ...before, state: 'complete' };
  if (progressedAt !== null) return { ...before, state: 'in_progress' };
  return objectives.length > 0 ? { ...before, state: 'not_found' } : undefined;
}

function isSame(before: StoredStatus, status: CatalystStatus): boolean {
  return (
    before.state === status.state &&
    sameTenth(before.pct, status.pct) &&
    isSameText(before.objectives, status.objectives)
  );
}

/** Of what was complete at the first reading there is nothing to tell; whatever is found begins with where each objective stands. */
function movesOf(
  known: StoredStatus | undefined,
  { recordHash, state, objectives }: CatalystStatus,
  { mintedAt, minutesPlayed }: Reading,
): ObjectiveMove[] {
  if (known === undefined && state !== 'in_progress') return [];
  const isBeginning = state === 'in_progress' && (known?.progressedAt ?? null) === null;
  const seen = new Set<number>();
  return objectives.flatMap((objective) => {
    const { objectiveHash } = objective;
    const now = placeOf(objective);
    if (now === null || seen.has(objectiveHash)) return [];
    seen.add(objectiveHash);
    const last = known?.objectives.find((each) => each.objectiveHash === objectiveHash);
    const then = last === undefined ? null : placeOf(last);
    const hasMoved =
      isBeginning ||
      then === null ||
      then.progress !== now.progress ||
      then.target !== now.target ||
      then.isComplete !== now.isComplete;
    return hasMoved ? [{ recordHash, objectiveHash, mintedAt, minutesPlayed, ...now }] : [];
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
