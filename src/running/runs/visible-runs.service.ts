import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { isUuid } from '../../platform/database/uuid.js';
import { unknownRun } from '../running.errors.js';
import { RunTracks, type StoredTrack } from './run-tracks.service.js';
import type { RunRow } from './runs.repository.js';
import type { ShownRun } from './shown-runs.repository.js';
import { VisibleRunsRepository } from './visible-runs.repository.js';

/** Runs as whoever may see them sees them. */
@Injectable()
export class VisibleRuns {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly runs: VisibleRunsRepository,
    private readonly tracks: RunTracks,
  ) {}

  /** One's own, or one that is public. @throws DomainError unknown run, for one that is not shown, too */
  async find(caller: Principal, id: string): Promise<ShownRun> {
    const [run] = isUuid(id)
      ? await this.system.read<ShownRun>(SYSTEM_SCOPE, this.runs.findStatement(id, caller.id))
      : [];
    if (run === undefined) throw unknownRun();
    return run;
  }

  /** In its owner's scope, so that no mistake shows another's. @param run of {@link find} @returns null where it has none */
  track({ id, userId }: RunRow): Promise<StoredTrack | null> {
    return this.tracks.read({ id: userId }, id);
  }
}
