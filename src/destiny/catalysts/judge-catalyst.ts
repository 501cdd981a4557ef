// How far a player is with one catalyst, from the record (component 900) and never from the plug, whose numbers are wrong
// (Bungie-net/api issue 1128). The original summed progress over targets without a bound and showed 63 of 102 objectives above 100 %.
//
// Rules (specs/destiny.md 2.2, 2.3): the record's state and each objective's `complete` are trusted before any number, since targets
// change after people are done (one real record is complete at 968 of 1000) and progress runs past them. Each objective counts at
// most once; the percentage is the mean over the visible ones. A record that no component holds is unknown, not zero.
//
// Invariant: 0 <= pct <= 100, and pct is 100 exactly when the state is `complete`.
import type { ObjectiveSnapshot, ProfileSnapshot, RecordSnapshot } from '../bungie/profile-snapshot.js';
import type { CatalystFacts, CatalystObjectiveFacts } from './catalog.js';

/** `not_found`: the game obscures the record. `unavailable`: an expansion is not owned. `unknown`: Bungie's answer holds no record. */
export const CATALYST_STATES = [
  'complete',
  'in_progress',
  'not_found',
  'unavailable',
  'hidden',
  'unknown',
] as const;
export type CatalystState = (typeof CATALYST_STATES)[number];

export interface CatalystStatus {
  readonly recordHash: number;
  readonly state: CatalystState;
  /** 0..100 in tenths, rounded down; 0 while unknown. */
  readonly pct: number;
  /** In the record's order; empty where Bungie names none, as it does for most that are not found. */
  readonly objectives: readonly ObjectiveStatus[];
}

export interface ObjectiveStatus {
  readonly objectiveHash: number;
  /** Null where the catalog does not know it. */
  readonly text: string | null;
  /** As Bungie counts: may stand above the target, or be missing. */
  readonly progress: number | null;
  /** Of the player's own record, else of the definition; null where neither is known. */
  readonly target: number | null;
  /** 0..1. */
  readonly ratio: number;
  readonly isComplete: boolean;
  readonly isVisible: boolean;
}

export type RecordsOfProfile = Pick<ProfileSnapshot, 'records' | 'profileRecords' | 'characterRecords'>;

/** Bits of Destiny.DestinyRecordState. Others are ignored: Bungie adds some. */
const REDEEMED = 1;
const OBJECTIVE_NOT_COMPLETED = 4;
const OBSCURED = 8;
const INVISIBLE = 16;
const ENTITLEMENT_UNOWNED = 32;

const COMPLETE_PCT = 100;
/** What is shown of a record that is not complete although each of its visible objectives is full. */
const MOST_INCOMPLETE_PCT = 99.9;

/** The profile's own record counts; where it has none, that of the character who is furthest. */
export function judgeCatalyst(snapshot: RecordsOfProfile, facts: CatalystFacts): CatalystStatus {
  const ofProfile = snapshot.profileRecords.get(facts.recordHash);
  if (ofProfile) return judgeRecord(ofProfile, facts);
  let furthest: CatalystStatus | undefined;
  for (const characterId of [...snapshot.characterRecords.keys()].sort()) {
    const record = snapshot.characterRecords.get(characterId)!.get(facts.recordHash);
    if (!record) continue;
    const status = judgeRecord(record, facts);
    if (!furthest || isFurther(status, furthest)) furthest = status;
  }
  return furthest ?? { recordHash: facts.recordHash, state: 'unknown', pct: 0, objectives: [] };
}

function judgeRecord(record: RecordSnapshot, facts: CatalystFacts): CatalystStatus {
  const objectives = record.objectives.map((objective, index) =>
    judgeObjective(objective, factsOf(objective, index, record, facts)),
  );
  const state = stateOf(record);
  return { recordHash: facts.recordHash, state, pct: pctOf(state, objectives), objectives };
}

function stateOf({ state, objectives }: RecordSnapshot): CatalystState {
  const has = (bit: number): boolean => (state & bit) !== 0;
  const isDone = objectives.length > 0 && objectives.every(({ isComplete }) => isComplete);
  if (has(REDEEMED) || !has(OBJECTIVE_NOT_COMPLETED) || isDone) return 'complete';
  if (has(ENTITLEMENT_UNOWNED)) return 'unavailable';
  if (has(INVISIBLE)) return 'hidden';
  return has(OBSCURED) ? 'not_found' : 'in_progress';
}

function judgeObjective(
  objective: ObjectiveSnapshot,
  facts: CatalystObjectiveFacts | undefined,
): ObjectiveStatus {
  const { objectiveHash, progress, isComplete, isVisible } = objective;
  const target = objective.completionValue ?? facts?.target ?? null;
  return {
    objectiveHash,
    text: facts?.text ?? null,
    progress,
    target,
    ratio: isComplete ? 1 : ratioOf(progress, target),
    isComplete,
    isVisible,
  };
}

function ratioOf(progress: number | null, target: number | null): number {
  if (progress === null || target === null || target <= 0) return 0;
  return Math.min(1, Math.max(0, progress / target));
}

/** By hash where the catalog knows hashes, else by place, and that only where both know equally many. */
function factsOf(
  { objectiveHash }: ObjectiveSnapshot,
  index: number,
  record: RecordSnapshot,
  { objectives }: CatalystFacts,
): CatalystObjectiveFacts | undefined {
  const byHash = objectives.find((known) => known.objectiveHash === objectiveHash);
  if (byHash || objectives.length !== record.objectives.length) return byHash;
  const byPlace = objectives[index];
  return byPlace?.objectiveHash === null ? byPlace : undefined;
}

function pctOf(state: CatalystState, objectives: readonly ObjectiveStatus[]): number {
  if (state === 'complete') return COMPLETE_PCT;
  const visible = objectives.filter(({ isVisible }) => isVisible);
  if (visible.length === 0) return 0;
  const mean = visible.reduce((sum, { ratio }) => sum + ratio, 0) / visible.length;
  // A tenth that only floating point took away is given back before rounding down.
  return Math.min(MOST_INCOMPLETE_PCT, Math.floor(mean * 1_000 + 1e-9) / 10);
}

function isFurther(a: CatalystStatus, b: CatalystStatus): boolean {
  const rank = ({ state }: CatalystStatus): number => CATALYST_STATES.indexOf(state);
  return rank(a) === rank(b) ? a.pct > b.pct : rank(a) < rank(b);
}
