// What is written down of a player's progress: a row per objective that changed, and nothing else, so that two years of looking every
// few minutes stay small. The caller refuses snapshots that Bungie minted before the last one; what comes here is newer.
//
// Invariant: replaying the events over an empty state gives the newest status' objectives; the same status twice gives no event.
import type { CatalystStatus } from './judge-catalyst.js';

/** What is known of an objective before: its last row. */
export interface StoredObjective {
  readonly recordHash: number;
  readonly objectiveHash: number;
  readonly progress: number | null;
  readonly isComplete: boolean;
}

export interface ProgressEvent extends StoredObjective {
  readonly target: number | null;
  /** How much more than before; null at the first sight or where one of the two is missing. Below zero where Bungie took some back. */
  readonly gained: number | null;
}

/**
 * @param before of one player, in any order
 * @returns in the order of the statuses; a status that is unknown says nothing, rather than that all was lost
 */
export function progressEvents(
  before: readonly StoredObjective[],
  statuses: readonly CatalystStatus[],
): ProgressEvent[] {
  const known = new Map(before.map((each) => [keyOf(each.recordHash, each.objectiveHash), each]));
  const events: ProgressEvent[] = [];
  for (const { recordHash, objectives } of statuses) {
    for (const { objectiveHash, progress, target, isComplete } of objectives) {
      const last = known.get(keyOf(recordHash, objectiveHash));
      if (last && last.progress === progress && last.isComplete === isComplete) continue;
      const gained =
        last === undefined || last.progress === null || progress === null ? null : progress - last.progress;
      const event = { recordHash, objectiveHash, progress, isComplete, target, gained };
      known.set(keyOf(recordHash, objectiveHash), event); // a record that names an objective twice writes it once
      events.push(event);
    }
  }
  return events;
}

/** An objective can belong to several records. */
function keyOf(recordHash: number, objectiveHash: number): string {
  return `${recordHash}/${objectiveHash}`;
}
