import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import { type Scope, type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { JobRun } from '../../platform/jobs/job-definition.js';
import { CatalogRepository, type ServerRow } from '../catalog/catalog.repository.js';
import { RollupRequests } from '../rollups/rollup-requests.service.js';
import { batchEvent } from '../ingest/batch-event.js';
import { IngestService, type StoredIds } from '../ingest/ingest.service.js';
import { type ImportPortion, ImportPortions } from './import-portions.service.js';
import { type ImportRow, ImportsRepository } from './imports.repository.js';

/**
 * Applies an import, portion by portion through the same door as live prices; while the database stores one, the next is read. Each
 * portion moves the import's position in the transaction that stores its rows, so a job that dies goes on where it was, and two runs
 * of it cannot both store. Rollups are asked for at the end; during a long import, or after one that was stopped, those of the
 * roll-over every minute find the marked days.
 */
@Injectable()
export class ImportHistoryService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly imports: ImportsRepository,
    private readonly portions: ImportPortions,
    private readonly catalog: CatalogRepository,
    private readonly ingest: IngestService,
    private readonly rollups: RollupRequests,
    private readonly audit: Audit,
  ) {}

  /** @throws whatever stops it; the next try goes on */
  async apply(importId: string, run: JobRun): Promise<void> {
    const scope = { id: run.ownerId };
    const row = await this.uow.run(scope, (tx) => this.imports.findImport(tx, importId));
    if (!row || row.finishedAt !== null) return;
    const server = await this.serverOf(scope, row);
    await this.applyPortions(run, row, server);
    run.progress({ done: row.sizeBytes, total: row.sizeBytes, note: 'all parts applied' });
    await run.once(async (tx) => {
      await this.imports.updateFinished(tx, importId);
      await this.rollups.refresh(tx, [server.id]);
    });
  }

  private async applyPortions(run: JobRun, row: ImportRow, server: ServerRow): Promise<void> {
    const scope = { id: run.ownerId };
    let storing = Promise.resolve();
    try {
      for await (const portion of this.portions.read(scope, row)) {
        await storing;
        run.signal.throwIfAborted();
        storing = this.storePortion(scope, row.id, server, portion).then(() => {
          const note = `part ${Math.min(portion.to.part + 1, row.partCount)} of ${row.partCount}`;
          run.progress({ done: portion.doneBytes, total: row.sizeBytes, note });
        });
        storing.catch(() => undefined); // it is waited for below; until then nobody listens
      }
      await storing;
    } finally {
      await storing.catch(() => undefined); // nothing goes on once the try has failed
    }
  }

  private async storePortion(
    scope: Scope,
    importId: string,
    server: ServerRow,
    { observations, from, to, rejectedCount, faults }: ImportPortion,
  ): Promise<void> {
    const batches = [{ server, observations }];
    const move = async (stored: StoredIds[], tx: Tx, displacedCounts: readonly number[]): Promise<void> => {
      const displacedCount = displacedCounts[0] ?? 0;
      const step = { ...countsOf(stored[0] ?? []), displacedCount, rejectedCount, faults };
      if (!(await this.imports.updatePosition(tx, importId, from, to, step)))
        throw new Error('Another run of this import is ahead');
      await this.audit.record(tx, scope, batchEvent(batches, stored, displacedCounts, { importId }));
    };
    await this.ingest.store(scope, batches, undefined, move, { asksForRollups: false });
  }

  private async serverOf(scope: Scope, row: ImportRow): Promise<ServerRow> {
    const servers = await this.uow.read<ServerRow>(scope, this.catalog.serversStatement());
    return servers.find((server) => server.id === row.serverId)!;
  }
}

function countsOf(stored: StoredIds): { acceptedCount: number; duplicateCount: number } {
  const acceptedCount = stored.filter((id) => id !== null).length;
  return { acceptedCount, duplicateCount: stored.length - acceptedCount };
}
