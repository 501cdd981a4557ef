import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { assertBytes, fileRefused } from '../../platform/operations/files/file-refusals.js';
import { BULK_IMPORT } from '../../platform/storage/file-purposes.js';
import { FileRefusedError } from '../../platform/storage/storage.errors.js';
import { Storage } from '../../platform/storage/storage.service.js';
import { invalidQuery, rebuildWaiting } from '../agent-analytics.errors.js';
import { Figures } from '../figures/figures.service.js';
import { Projects } from '../sync/projects.service.js';
import type { BulkJobDto, ImportQueryDto } from './bulk.dto.js';
import { IMPORT_EXPORT, REBUILD_FIGURES } from './bulk.jobs.js';

/** What takes long and is asked for by operators: one at a time in the background, with progress, and may be cancelled. */
@Injectable()
export class Bulk {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly projects: Projects,
    private readonly storage: Storage,
    private readonly jobs: Jobs,
    private readonly figures: Figures,
    private readonly audit: Audit,
  ) {}

  /** @param source the file @throws DomainError that says why it is not taken */
  async importFile(
    caller: Principal,
    query: ImportQueryDto,
    source: Readable,
    nowMs = Date.now(),
  ): Promise<BulkJobDto> {
    assertBytes(source);
    const project = this.projects.resolve(query.project);
    const writtenAt = query.writtenAt === undefined ? new Date(nowMs) : new Date(query.writtenAt);
    if (!(writtenAt.getTime() <= nowMs)) throw invalidQuery('writtenAt', 'is not over yet');
    let jobId = '';
    try {
      await this.storage.receive(caller, BULK_IMPORT, source, async (tx, { id, sizeBytes }) => {
        const payload = { project, fileId: id, writtenAt: writtenAt.toISOString() };
        jobId = (await this.jobs.enqueue(tx, caller, IMPORT_EXPORT, payload))!;
        await this.audit.record(tx, caller, {
          action: 'agent-analytics.import-requested',
          object: { type: 'agent-analytics.project', id: project },
          after: { jobId, sizeBytes, writtenAt: payload.writtenAt },
        });
      });
    } catch (error) {
      throw error instanceof FileRefusedError ? fileRefused(error.reason) : error;
    }
    return { project, jobId };
  }

  /** @throws DomainError where one waits for its start */
  rebuild(caller: Principal, projectName: string | undefined): Promise<BulkJobDto> {
    const project = this.projects.resolve(projectName);
    return this.uow.run(caller, async (tx) => {
      const jobId = await this.jobs.enqueue(tx, caller, REBUILD_FIGURES, { project });
      if (jobId === undefined) throw rebuildWaiting();
      await this.figures.requestAll(tx, project);
      await this.audit.record(tx, caller, {
        action: 'agent-analytics.rebuild-requested',
        object: { type: 'agent-analytics.project', id: project },
        after: { jobId },
      });
      return { project, jobId };
    });
  }
}
