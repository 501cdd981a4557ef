import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { RoutesRepository } from '../routes/routes.repository.js';
import { assertSeen, unknownRun } from '../running.errors.js';
import { runEvent } from './run-audit.js';
import { RunsRepository } from './runs.repository.js';

/** Runs go, and with them what says where they went. */
@Injectable()
export class RunRemovals {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly runs: RunsRepository,
    private readonly routes: RoutesRepository,
    private readonly audit: Audit,
  ) {}

  /**
   * With its track and whatever hangs on it, and with the route that it alone has made, unless that has a name; a tombstone stays for 30
   * days. @throws DomainError unknown run; another version by now
   */
  async remove(caller: Principal, id: string, seen: number | undefined): Promise<void> {
    await this.uow.run(caller, async (tx) => {
      await this.runs.lockChanges(tx, caller.id);
      const before = isUuid(id) ? await this.runs.findRun(tx, id) : null;
      if (before === null) throw unknownRun();
      assertSeen(seen, before.version, 'run');
      // Before the run's rows are locked: whoever matches runs holds the library and comes to them afterwards.
      await this.routes.lockLibrary(tx, caller.id);
      await this.runs.deleteRun(tx, id);
      await this.routes.deleteForsaken(tx, caller.id);
      await this.audit.record(tx, caller, runEvent('deleted', id, before, undefined));
    });
  }
}
