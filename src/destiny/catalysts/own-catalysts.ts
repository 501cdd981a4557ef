// A player's catalysts as they are read together: the facts of the catalog, and to each how the player stands.
//
// Invariant: an entry for every catalyst that there is, in the catalog's order; one that was never read is `unknown`.
import type { ComponentState } from '../bungie/profile-snapshot.js';
import { isStale } from '../profiles/refresh-interval.js';
import type { Catalog } from './catalog.js';
import type { CatalystEntry } from './catalyst-list.js';
import type { CatalystState, ObjectiveStatus } from './judge-catalyst.js';

/** A status as the one statement gives it. */
type StatusTuple = [
  recordHash: number,
  state: CatalystState,
  pct: number,
  objectives: ObjectiveStatus[],
  foundAt: string | null,
  completedAt: string | null,
  progressedAt: string | null,
];

/** The one row of the caller's active membership. */
export interface ActiveRow {
  version: number;
  mintedAt: Date | null;
  recordsMintedAt: Date | null;
  recordsState: ComponentState;
  lastPlayedAt: Date | null;
  minutesPlayed: number;
  membershipId: string;
  statuses: StatusTuple[];
  tracked: number[];
}

export interface OwnCatalyst extends CatalystEntry {
  readonly isTracked: boolean;
  readonly foundAt: string | null;
  readonly completedAt: string | null;
  readonly progressedAt: string | null;
}

/** A player's catalysts with what is known of how old that is. */
export interface OwnCatalysts {
  /** Of every catalyst that there is, in the catalog's order. */
  readonly entries: readonly OwnCatalyst[];
  /** Null where the account has no Destiny account connected, or none was read yet. */
  readonly membershipId: string | null;
  readonly version: number;
  readonly recordsState: ComponentState;
  /** When Bungie made the records. */
  readonly asOf: Date | null;
  readonly isStale: boolean;
  readonly lastPlayedAt: Date | null;
  readonly minutesPlayed: number;
}

const NOTHING = {
  membershipId: null,
  version: 0,
  recordsState: 'absent',
  recordsMintedAt: null,
  lastPlayedAt: null,
  minutesPlayed: 0,
  statuses: [],
  tracked: [],
} as const;

/** @param row undefined where the account has no Destiny account connected, or none was read yet */
export function ownCatalystsOf(row: ActiveRow | undefined, catalog: Catalog, nowMs: number): OwnCatalysts {
  const known = row ?? NOTHING;
  const { membershipId, version, recordsState, recordsMintedAt, lastPlayedAt, minutesPlayed } = known;
  const byRecord = new Map<number, StatusTuple>(known.statuses.map((status) => [status[0], status]));
  const tracked = new Set<number>(known.tracked);
  return {
    entries: catalog.catalysts.map((facts) => {
      const { recordHash } = facts;
      const [, state, knownPct, knownObjectives, foundAt, completedAt, progressedAt] =
        byRecord.get(recordHash) ?? unread(recordHash);
      // Of a record that is missing from the last answer the row keeps what was known.
      const [pct, objectives] = state === 'unknown' ? [0, []] : [knownPct, knownObjectives];
      return {
        facts,
        status: { recordHash, state, pct, objectives },
        isTracked: tracked.has(recordHash),
        foundAt,
        completedAt,
        progressedAt,
      };
    }),
    membershipId,
    version,
    recordsState,
    asOf: recordsMintedAt,
    isStale: isStale(recordsMintedAt?.getTime() ?? null, lastPlayedAt?.getTime() ?? null, nowMs),
    lastPlayedAt,
    minutesPlayed,
  };
}

function unread(recordHash: number): StatusTuple {
  return [recordHash, 'unknown', 0, [], null, null, null];
}
