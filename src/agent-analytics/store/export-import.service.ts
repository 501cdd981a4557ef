import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { Figures } from '../figures/figures.service.js';
import { type ExportBatch, readExport, type RefusedLine } from '../langfuse/langfuse-export.reader.js';
import type { StreamStore } from '../langfuse/langfuse.source.js';
import { LangfuseTables } from './langfuse-tables.service.js';

export interface ImportReport {
  /** Lines with empty ones. */
  lines: number;
  inserted: number;
  updated: number;
  unchanged: number;
  refusedCount: number;
  /** The first of them. */
  refused: RefusedLine[];
}

export interface ImportWatch {
  readonly signal?: AbortSignal;
  readonly onProgress?: (lines: number) => void;
}

const BATCH_ROWS = 500;
const MOST_REFUSED = 20;

/** Files of Langfuse's blob export, for what is too much to be asked for page by page. Safe to repeat: the newer version of a row wins. */
@Injectable()
export class ExportImport {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly tables: LangfuseTables,
    private readonly figures: Figures,
  ) {}

  /**
   * @param writtenAt when the file was written: of two versions of a row with the same mark of change, what was read later is newer
   * @throws ExportFileError; what came before is kept, and in the figures too: a project may never have another occasion
   */
  async importFile(
    projectId: string,
    file: Readable,
    writtenAt: Date,
    { signal = new AbortController().signal, onProgress = () => undefined }: ImportWatch = {},
  ): Promise<ImportReport> {
    const report: ImportReport = {
      lines: 0,
      inserted: 0,
      updated: 0,
      unchanged: 0,
      refusedCount: 0,
      refused: [],
    };
    try {
      await this.storeFile(projectId, file, writtenAt, report, { signal, onProgress });
    } finally {
      // Who was told to stop stops at once; the next try or run makes the figures.
      if (!signal.aborted) await this.figures.rebuildDirty(projectId, signal);
    }
    return report;
  }

  private async storeFile(
    projectId: string,
    file: Readable,
    writtenAt: Date,
    report: ImportReport,
    { signal, onProgress }: Required<ImportWatch>,
  ): Promise<void> {
    for await (const batch of readExport(file, { projectId, batchRows: BATCH_ROWS })) {
      signal.throwIfAborted();
      await this.storeBatch(projectId, batch, writtenAt, report);
      report.lines = batch.lines;
      report.refusedCount += batch.refused.length;
      report.refused.push(...batch.refused.slice(0, MOST_REFUSED - report.refused.length));
      onProgress(batch.lines);
    }
  }

  /** Each table in a transaction of its own, as pages are: two of them would take the locks of months and erasures crosswise. */
  private async storeBatch(
    projectId: string,
    { rows }: ExportBatch,
    requestedAt: Date,
    report: ImportReport,
  ): Promise<void> {
    const tables = this.tables.storeOf(projectId);
    const store = async <Row extends { id: string }>(
      table: StreamStore<Row>,
      found: readonly Row[],
    ): Promise<void> => {
      if (found.length === 0) return;
      const outcome = await this.system.run(SYSTEM_SCOPE, (tx) =>
        table.store(tx, lastOfEach(found), { runId: 'import', requestedAt }),
      );
      report.inserted += outcome.inserted;
      report.updated += outcome.updated;
      report.unchanged += outcome.unchanged;
    };
    await store(
      tables.traces,
      rows.flatMap((one) => (one.kind === 'traces' ? [one.row] : [])),
    );
    await store(
      tables.observations,
      rows.flatMap((one) => (one.kind === 'observations' ? [one.row] : [])),
    );
    await store(
      tables.scores,
      rows.flatMap((one) => (one.kind === 'scores' ? [one.row] : [])),
    );
  }
}

/** What an operator is told at the end. */
export function importNote(report: ImportReport): string {
  const { lines, inserted, updated, unchanged, refusedCount, refused } = report;
  const first =
    refused.length === 0
      ? ''
      : ` (${refused.map(({ line, reason }) => `line ${line}: ${reason}`).join('; ')})`;
  return `${lines} lines, ${inserted} rows new, ${updated} changed, ${unchanged} known, ${refusedCount} refused${first}`;
}

/** One upsert statement cannot meet a row twice. */
function lastOfEach<Row extends { id: string }>(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}
