import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { JobRun } from '../../platform/jobs/job-definition.js';
import { CatalogRepository, type ServerRow } from '../catalog/catalog.repository.js';
import { RollupRequests } from '../rollups/rollup-requests.service.js';
import { batchEvent } from '../ingest/batch-event.js';
import { IngestService, type StoredIds } from '../ingest/ingest.service.js';
import { judgeBatch, type JudgedBatch } from '../ingest/judge-batch.js';
import { nativeObservationSchema } from '../ingest/observation.js';
import type { ImportFault } from './history-import.entity.js';
import { readCsv, readHeader, readNdjson } from './import-rows.reader.js';
import { type ImportPosition, type ImportRow, ImportsRepository, MAX_FAULTS } from './imports.repository.js';

/** Rows per transaction: as long as a lane may be held, some 50 ms, without a live batch noticing. */
const ROWS = 5_000;

/**
 * Applies an import, portion by portion through the same door as live prices. Each portion moves the import's position in the
 * transaction that stores its rows, so a job that dies goes on where it was, and two runs of it cannot both store. Rollups are asked
 * for at the end; during a long import, or after one that was stopped, those of the roll-over every minute find the marked days.
 */
@Injectable()
export class ImportHistoryService {
  private readonly schema = nativeObservationSchema(Date.now);

  constructor(
    private readonly uow: UnitOfWork,
    private readonly imports: ImportsRepository,
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
    const server = await this.serverOf(run.ownerId, row);
    const parts = await this.uow.run(scope, (tx) => this.imports.listParts(tx, importId));
    const total = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
    const columns = await this.columnsOf(run.ownerId, row);
    let done = 0;
    for (const { part, sizeBytes } of parts) {
      if (part >= row.nextPart) {
        const body = await this.uow.run(scope, (tx) => this.imports.getPart(tx, importId, part));
        const rows = columns === undefined ? readNdjson(body) : readCsv(body, columns, part === 0);
        const from = part === row.nextPart ? row.nextRow : 0;
        await this.applyPart(run, importId, server, part, rows, from, (ratio) =>
          run.progress({
            done: Math.round(done + ratio * sizeBytes),
            total,
            note: `part ${part + 1} of ${parts.length}`,
          }),
        );
      }
      done += sizeBytes;
    }
    run.progress({ done: total, total, note: 'all parts applied' });
    await run.once(async (tx) => {
      await this.imports.updateFinished(tx, importId);
      await this.rollups.refresh(tx, [server.id]);
    });
  }

  private async applyPart(
    run: JobRun,
    importId: string,
    server: ServerRow,
    part: number,
    rows: readonly unknown[],
    from: number,
    report: (ratio: number) => void,
  ): Promise<void> {
    let at: ImportPosition = { part, row: from };
    do {
      run.signal.throwIfAborted();
      const end = Math.min(at.row + ROWS, rows.length);
      const judged = judgeBatch(rows.slice(at.row, end), this.schema);
      const to = end >= rows.length ? { part: part + 1, row: 0 } : { part, row: end };
      await this.storePortion(run, importId, server, judged, at, to);
      report(rows.length === 0 ? 1 : end / rows.length);
      at = to;
    } while (at.part === part);
  }

  private async storePortion(
    run: JobRun,
    importId: string,
    server: ServerRow,
    judged: JudgedBatch,
    from: ImportPosition,
    to: ImportPosition,
  ): Promise<void> {
    const scope = { id: run.ownerId };
    const batches = [{ server, observations: judged.valid }];
    const move = async (stored: StoredIds[], tx: Tx): Promise<void> => {
      const step = {
        ...countsOf(stored[0] ?? []),
        rejectedCount: judged.faults.size,
        faults: faultsOf(judged, from),
      };
      if (!(await this.imports.updatePosition(tx, importId, from, to, step)))
        throw new Error('Another run of this import is ahead');
      await this.audit.record(tx, scope, batchEvent(batches, stored, { importId }));
    };
    await this.ingest.store(scope, batches, undefined, move, { asksForRollups: false });
  }

  private async serverOf(userId: string, row: ImportRow): Promise<ServerRow> {
    const servers = await this.uow.read<ServerRow>({ id: userId }, this.catalog.serversStatement());
    return servers.find((server) => server.id === row.serverId)!;
  }

  /** Columns of a CSV file; undefined for NDJSON. */
  private async columnsOf(userId: string, row: ImportRow): Promise<string[] | undefined> {
    if (row.format === 'ndjson') return undefined;
    const header = readHeader(
      await this.uow.run({ id: userId }, (tx) => this.imports.getPart(tx, row.id, 0)),
    );
    if ('fault' in header) throw new Error(header.fault);
    return header.columns;
  }
}

function countsOf(stored: StoredIds): { acceptedCount: number; duplicateCount: number } {
  const acceptedCount = stored.filter((id) => id !== null).length;
  return { acceptedCount, duplicateCount: stored.length - acceptedCount };
}

function faultsOf(judged: JudgedBatch, from: ImportPosition): ImportFault[] {
  return [...judged.faults].slice(0, MAX_FAULTS).map(([index, fault]) => ({
    part: from.part,
    row: from.row + index,
    pointer: fault.pointer.replace(/^\/\d+/, ''),
    code: fault.code,
    detail: fault.detail,
  }));
}
