import { Injectable } from '@nestjs/common';
import { type Scope, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Profiler } from '../../platform/profiling/profiler.service.js';
import { CatalogDirectory } from './catalog-directory.service.js';
import { CatalystStatusesRepository } from './catalyst-statuses.repository.js';
import { type ActiveRow, type OwnCatalysts, ownCatalystsOf } from './own-catalysts.js';

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
      return ownCatalystsOf(row, this.catalog.current(), nowMs);
    });
  }
}
