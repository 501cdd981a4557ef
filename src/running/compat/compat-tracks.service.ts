import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { FixStore } from '../recordings/fix-store.service.js';
import type { Fix } from '../recordings/fix.js';
import { FixesRepository } from '../recordings/fixes.repository.js';
import { RunFolder } from '../recordings/run-folder.service.js';
import { routeKnown, unknownRun } from '../running.errors.js';
import { FIRST_SEQ } from './compat-fixes.js';

/** Puts what the original's clients send of a run's way where recordings keep theirs. */
@Injectable()
export class CompatTracks {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly fixes: FixesRepository,
    private readonly store: FixStore,
    private readonly folder: RunFolder,
  ) {}

  /**
   * All of them or none. The track is made before this returns, and once more by the job that the store enqueues, which finds nothing to do:
   * whoever saves a route reads it next. What comes again changes nothing.
   * @throws DomainError unknown run; it was recorded, or was elsewhere at one of these times
   */
  async take(caller: Principal, runId: string, fixes: readonly Fix[]): Promise<void> {
    if (fixes.length === 0) return;
    await this.uow.run(caller, async (tx) => {
      const ranges = await this.fixes.findRanges(tx, caller.id, runId);
      if (ranges.some(([from]) => from < FIRST_SEQ)) throw routeKnown();
      const stored = await this.store.store(tx, [{ runId, userId: caller.id, fixes }]);
      const taken = stored.get(runId);
      if (taken === undefined) throw unknownRun();
      if (taken.conflicts > 0) throw routeKnown();
    });
    await this.system.run(SYSTEM_SCOPE, (tx) => this.fixes.drain(tx));
    await this.system.run(SYSTEM_SCOPE, (tx) => this.folder.fold(tx, runId));
  }
}
