import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { PoisonPayloadError } from '../../platform/jobs/job-errors.js';
import { Storage } from '../../platform/storage/storage.service.js';
import { ExportFileError } from '../langfuse/langfuse-export.reader.js';
import { ExportImport, importNote } from '../store/export-import.service.js';
import { IMPORT_EXPORT } from './bulk.jobs.js';

/** The file goes with the end of the job, also where it was damaged. */
@Injectable()
@HandlesJob(IMPORT_EXPORT)
export class ImportExportHandler implements JobHandler<z.output<typeof IMPORT_EXPORT.payload>> {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly storage: Storage,
    private readonly imports: ExportImport,
  ) {}

  async handle(
    { project, fileId, writtenAt }: z.output<typeof IMPORT_EXPORT.payload>,
    run: JobRun,
  ): Promise<void> {
    const file = await this.storage.findAny(fileId);
    if (file === undefined) throw new PoisonPayloadError('The file is no longer there.');
    const bytes = await this.storage.read(file);
    try {
      const report = await this.imports.importFile(project, bytes, new Date(writtenAt), {
        signal: run.signal,
        onProgress: (lines) => run.progress({ done: lines, total: null, note: 'lines' }),
      });
      run.progress({ done: report.lines, total: report.lines, note: importNote(report) });
    } catch (error) {
      if (!(error instanceof ExportFileError)) throw error;
      // It is never read again, and holds what players wrote.
      await this.system.run(SYSTEM_SCOPE, (tx) => this.storage.forget(tx, fileId));
      throw new PoisonPayloadError(`${error.message} What came before is kept.`);
    } finally {
      bytes.destroy();
    }
    await run.once((tx) => this.storage.forget(tx, fileId));
  }
}
