import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { DomainError } from '../../platform/http/domain-error.js';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { IMPORT_OBJECTS } from './campaign-import.jobs.js';
import { type CampaignImportRow, CampaignImportsRepository } from './campaign-imports.repository.js';
import type { ImportProgress } from './import-outcome.js';
import { ImportRefusal } from './import-refusal.js';
import { ImportSeals } from './import-seals.service.js';
import { ImportedObjects } from './imported-objects.service.js';
import { readCsvList, readJsonList, type ReadObjects } from './object-list.reader.js';
import { readObsidianVault } from './obsidian-vault.reader.js';

const PORTION = 50;

/** Works in the name of whoever brought the file: their role at the table is asked anew for every portion. */
@Injectable()
@HandlesJob(IMPORT_OBJECTS)
export class ImportObjectsHandler implements JobHandler<{ importId: string }> {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly imports: CampaignImportsRepository,
    private readonly seals: ImportSeals,
    private readonly objects: ImportedObjects,
  ) {}

  async handle({ importId }: { importId: string }, run: JobRun): Promise<void> {
    const found = await this.system.run(SYSTEM_SCOPE, async (tx) => ({
      row: await this.imports.findImport(tx, importId),
      file: await this.imports.findFile(tx, importId),
    }));
    if (found.row?.state !== 'waiting' || found.file === null || found.row.importedBy === null) return;
    try {
      await this.work(found.row, found.file, run);
    } catch (error) {
      if (!(error instanceof ImportRefusal) && !(error instanceof DomainError)) throw error;
      await run.once((tx) => this.imports.failImport(tx, importId, error.message));
    }
  }

  private async work(row: CampaignImportRow, sealed: Buffer, run: JobRun): Promise<void> {
    const place = {
      table: 'tabletop.import',
      column: 'file',
      rowId: row.id,
      campaignId: row.campaignId,
    } as const;
    const [bytes] = await this.seals.open([{ ...place, sealed }]);
    const { objects, report } = await read(row, bytes!);
    const caller: Principal = {
      id: row.importedBy!,
      kind: 'account',
      name: 'import',
      permissions: new Set(),
    };
    let { position } = row;
    let progress: ImportProgress = { counts: row.counts, objects: row.objects, conflicts: row.conflicts };
    do {
      run.signal.throwIfAborted();
      run.progress({ done: position, total: objects.length });
      const portion = objects.slice(position, position + PORTION);
      const next = { position, total: objects.length, report, portion };
      const after = await this.objects.bring(caller, row, next, progress);
      if (after === null) return; // another try has come further
      progress = after;
      position += portion.length;
    } while (position < objects.length);
    await run.once(() => Promise.resolve());
  }
}

async function read({ source, kind }: CampaignImportRow, bytes: Buffer): Promise<ReadObjects> {
  if (source === 'csv') return readCsvList(bytes, kind);
  return source === 'obsidian' ? readObsidianVault(bytes, kind) : readJsonList(bytes, kind);
}
