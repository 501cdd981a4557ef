import { Injectable } from '@nestjs/common';
import { type Scope, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Profiler } from '../../platform/profiling/profiler.service.js';
import type { ComponentState } from '../bungie/profile-snapshot.js';
import { isStale } from '../profiles/refresh-interval.js';
import { CatalogDirectory } from './catalog-directory.service.js';
import { CatalystStatusesRepository } from './catalyst-statuses.repository.js';
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

interface ActiveRow {
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

/** Reads the catalysts of a caller's active membership: one statement, and the facts from memory. */
@Injectable()
export class CatalystReads {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly statuses: CatalystStatusesRepository,
    private readonly catalog: CatalogDirectory,
    private readonly profiler: Profiler,
  ) {}

  /** @param owner whose they are: the caller, or who shares them */
  read(owner: Scope, nowMs = Date.now()): Promise<OwnCatalysts> {
    return this.profiler.time('catalyst_fetch', async () => {
      const [row] = await this.uow.read<ActiveRow>(owner, this.statuses.findActive());
      return this.owned(row ?? NOTHING, nowMs);
    });
  }

  private owned(row: ActiveRow | typeof NOTHING, nowMs: number): OwnCatalysts {
    const { membershipId, version, recordsState, recordsMintedAt, lastPlayedAt, minutesPlayed } = row;
    const byRecord = new Map<number, StatusTuple>(row.statuses.map((status) => [status[0], status]));
    const tracked = new Set<number>(row.tracked);
    return {
      entries: this.catalog.current().catalysts.map((facts) => {
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
}

function unread(recordHash: number): StatusTuple {
  return [recordHash, 'unknown', 0, [], null, null, null];
}
