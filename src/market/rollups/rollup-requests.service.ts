import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { REFRESH_FIGURES } from '../analytics/figures.jobs.js';
import { DirtyDaysRepository } from './dirty-days.repository.js';
import { REFRESH_ROLLUPS, ROLL_OVER } from './rollups.jobs.js';

/** Batches of so long are derived together: shorter costs more work, longer makes readers wait. */
const GATHER_MS = 250;

/** Figures follow several refreshes of rollups at once. */
const FOLLOW_MS = 500;

/** Asks for rollups in the transaction of what makes them necessary. */
@Injectable()
export class RollupRequests {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly jobs: Jobs,
    private readonly dirtyDays: DirtyDaysRepository,
  ) {}

  /**
   * Raw rows have been added, changed or deleted in this transaction: their days are to be derived anew.
   * @param itemIds of the rows, parallel to their instants (Unix times in milliseconds)
   */
  async markRows(
    tx: Tx,
    serverId: number,
    rows: { itemIds: Int32Array; capturedAtMs: Float64Array },
  ): Promise<void> {
    await this.dirtyDays.insertDirtyDays(tx, serverId, rows.itemIds, rows.capturedAtMs);
    await this.refresh(tx, [serverId]);
  }

  /** The statement that stored the rows has marked their days itself. */
  async refresh(tx: Tx, serverIds: readonly number[], delayMs = GATHER_MS): Promise<void> {
    const payloads = serverIds.map((serverId) => ({ serverId }));
    await this.jobs.enqueueShared(tx, REFRESH_ROLLUPS, payloads, { delayMs });
  }

  /** Days of these servers have changed: the figures made of them follow. */
  async followWithFigures(tx: Tx, serverIds: readonly number[]): Promise<void> {
    const payloads = serverIds.map((serverId) => ({ serverId }));
    await this.jobs.enqueueShared(tx, REFRESH_FIGURES, payloads, { delayMs: FOLLOW_MS });
  }

  /** Whatever has been left undone, on any server: after a start, which may follow days without a worker, or a simulation. */
  async catchUp(): Promise<void> {
    await this.system.run(SYSTEM_SCOPE, (tx) => this.jobs.enqueueShared(tx, ROLL_OVER, [{}]));
  }
}
