import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import { type Scope, type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { JobRun } from '../../platform/jobs/job-definition.js';
import { runInTurns } from '../../platform/lifecycle/in-turns.js';
import { Storage } from '../../platform/storage/storage.service.js';
import type { RefusedActivity } from './activity-collector.js';
import { type DigestedReading, readActivityFile } from './activity-file.reader.js';
import { ImportRefusal } from './import-refusal.js';
import { type ImportSource, ImportSources } from './import-sources.service.js';
import { ImportedRuns } from './imported-runs.service.js';
import { type ImportedActivity, packActivity } from './pack-activity.js';
import { READ_LIMITS } from './read-limits.js';
import { type RunImportItemRow, type RunImportRow, RunImportsRepository } from './run-imports.repository.js';

const DAY_MS = 86_400_000;

type Entry = ImportSource['entries'][number];
/** What a file holds, ready to be stored. */
interface PackedFile {
  /** In the file's order. */
  readonly runs: readonly (ImportedActivity | (RefusedActivity & { readonly startedAtMs: number }))[];
  readonly refused: readonly RefusedActivity[];
}

type NewItem = Omit<RunImportItemRow, 'userId' | 'importId' | 'entry' | 'name'>;

/**
 * Works through an import, file by file. What came of a file, its runs and the position are one transaction, so a job that dies goes on with the
 * next file and none is taken twice; two tries at once cannot both store. The file itself goes with the end of the job.
 */
@Injectable()
export class ImportRuns {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly imports: RunImportsRepository,
    private readonly sources: ImportSources,
    private readonly runs: ImportedRuns,
    private readonly storage: Storage,
    private readonly audit: Audit,
  ) {}

  /** @throws whatever stops it; the next try goes on */
  async work(importId: string, run: JobRun): Promise<void> {
    const scope = { id: run.ownerId };
    const row = await this.uow.run(scope, (tx) => this.imports.findImport(tx, importId));
    if (!row || row.finishedAt !== null || row.fileId === null) return;
    let refusal: ImportRefusal | null = null;
    try {
      await this.takeAll(scope, row, row.fileId, run);
    } catch (error) {
      if (!(error instanceof ImportRefusal)) throw error;
      refusal = error;
    }
    await run.once((tx) => this.finish(tx, scope, row, refusal));
  }

  private async takeAll(scope: Scope, row: RunImportRow, fileId: string, run: JobRun): Promise<void> {
    const source = await this.sources.open(fileId, row.kind, run.signal);
    try {
      const total = source.entries.length;
      await this.uow.run(scope, (tx) => this.imports.updateEntryCount(tx, row.id, total));
      for (const [entry, file] of source.entries.entries()) {
        if (entry < row.nextEntry) continue;
        run.signal.throwIfAborted();
        run.progress({ done: entry, total, ...(file.name !== null && { note: file.name }) });
        await this.takeOne(scope, row.id, entry, file, run.signal);
      }
      run.progress({ done: total, total, note: 'all files read' });
    } finally {
      await source.close();
    }
  }

  private async takeOne(
    scope: Scope,
    importId: string,
    entry: number,
    file: Entry,
    signal: AbortSignal,
  ): Promise<void> {
    // What takes time is done before the transaction, which holds the lock of the runner's changes.
    const packed = await this.pack(scope.id, file, signal);
    await this.uow.run(scope, async (tx) => {
      const items =
        packed instanceof ImportRefusal
          ? [refusedItem(0, { name: null, refusal: packed })]
          : await this.storeAll(tx, packed);
      const count = (outcome: NewItem['outcome']): number =>
        items.filter((item) => item.outcome === outcome).length;
      const step = { imported: count('imported'), duplicate: count('duplicate'), refused: count('refused') };
      if (!(await this.imports.updatePosition(tx, importId, entry, step)))
        throw new Error('Another try of this import is ahead');
      await this.imports.insertItems(
        tx,
        items.map((item) => ({ ...item, userId: scope.id, importId, entry, name: file.name })),
      );
    });
  }

  private async pack(userId: string, file: Entry, signal: AbortSignal): Promise<PackedFile | ImportRefusal> {
    if (file.refusal) return file.refusal;
    try {
      const reading = await readActivityFile(file.open(), READ_LIMITS, signal);
      return await this.packAll(userId, reading, signal);
    } catch (error) {
      if (error instanceof ImportRefusal) return error;
      throw error;
    }
  }

  private async packAll(
    userId: string,
    { activities, refused, digest }: DigestedReading,
    signal: AbortSignal,
  ): Promise<PackedFile> {
    const runs: PackedFile['runs'][number][] = [];
    for (const [index, activity] of activities.entries()) {
      const { startedAtMs, name } = activity;
      const externalId = index === 0 ? digest : `${digest}:${index}`;
      if (startedAtMs > Date.now() + DAY_MS)
        runs.push({ startedAtMs, name, refusal: new ImportRefusal('in-the-future') });
      else runs.push(await runInTurns(packActivity(userId, externalId, activity), signal));
    }
    return { runs, refused };
  }

  private async storeAll(tx: Tx, { runs, refused }: PackedFile): Promise<NewItem[]> {
    const items: NewItem[] = [];
    for (const [activity, run] of runs.entries()) {
      const startedAt = new Date(run.startedAtMs);
      if ('refusal' in run) items.push({ ...refusedItem(activity, run), startedAt });
      else items.push({ activity, ...(await this.runs.take(tx, run)), detail: null, startedAt });
    }
    return [...items, ...refused.map((one, index) => refusedItem(runs.length + index, one))];
  }

  private async finish(
    tx: Tx,
    scope: Scope,
    row: RunImportRow,
    refusal: ImportRefusal | null,
  ): Promise<void> {
    await this.imports.updateFinished(tx, row.id, refusal?.code ?? null);
    if (row.fileId !== null) await this.storage.forget(tx, row.fileId);
    const after = await this.imports.findImport(tx, row.id);
    if (!after) return; // erased meanwhile
    const { importedCount, duplicateCount, refusedCount, refusalCode } = after;
    await this.audit.record(tx, scope, {
      action: 'running.runs-imported',
      object: { type: 'running.import', id: row.id },
      after: { importedCount, duplicateCount, refusedCount, refusalCode },
    });
  }
}

function refusedItem(activity: number, { refusal }: RefusedActivity): NewItem {
  return {
    activity,
    outcome: 'refused',
    code: refusal.code,
    detail: refusal.message,
    runId: null,
    startedAt: null,
  };
}
