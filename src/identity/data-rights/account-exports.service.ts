import { rm } from 'node:fs/promises';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { assertProved } from '../../platform/auth/step-up.js';
import { DataHandlers } from '../../platform/data-rights/data-handlers.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { JobRun } from '../../platform/jobs/job-definition.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { ACCOUNT_EXPORT } from '../../platform/storage/file-purposes.js';
import { Storage } from '../../platform/storage/storage.service.js';
import { exportWaits } from '../identity.errors.js';
import { EXPORT_ACCOUNT } from './data-rights.jobs.js';
import { ExportArchive } from './export-archive.service.js';

/** An export that was asked for. */
export interface RequestedExport {
  jobId: string;
  /** Of the archive, once the job is done. */
  fileId: string;
}

/** All that an account has here, as one archive: a JSON file per table, and the account's files. */
@Injectable()
export class AccountExports {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly handlers: DataHandlers,
    private readonly storage: Storage,
    private readonly jobs: Jobs,
    private readonly audit: Audit,
  ) {}

  /** @throws AuthError without a fresh proof; DomainError while another export waits for its start */
  async request(caller: Principal): Promise<RequestedExport> {
    assertProved(caller, Date.now());
    const fileId = uuidv7();
    const jobId = await this.uow.run(caller, async (tx) => {
      const id = await this.jobs.enqueue(tx, caller, EXPORT_ACCOUNT, { accountId: caller.id, fileId });
      if (id === undefined) throw exportWaits();
      await this.audit.record(tx, caller, {
        action: 'identity.export-requested',
        object: { type: 'identity.account', id: caller.id },
      });
      return id;
    });
    return { jobId, fileId };
  }

  /** Safe to repeat: the archive is made anew under the same name. It takes the place of those before it. */
  async make(accountId: string, fileId: string, run: JobRun): Promise<void> {
    const path = await this.storage.incomingPath(`${fileId}.zip`);
    try {
      await this.write(accountId, path, run);
      const made = await this.storage.adopt(fileId, path);
      await run.once(async (tx) => {
        const file = { id: fileId, userId: accountId, purpose: ACCOUNT_EXPORT, mediaType: 'application/zip' };
        await this.storage.record(tx, { ...file, ...made });
        await this.storage.eraseOwned(tx, accountId, ACCOUNT_EXPORT, fileId);
      });
    } finally {
      await rm(path, { force: true });
      await this.storage.dropUnknown([fileId]); // the account may have been erased meanwhile
    }
  }

  private async write(accountId: string, path: string, run: JobRun): Promise<void> {
    const archive = new ExportArchive(path);
    const names = this.handlers.names();
    for (const [done, name] of names.entries()) {
      run.signal.throwIfAborted();
      run.progress({ done, total: names.length, note: name });
      const handler = this.handlers.get(name);
      await this.system.run(SYSTEM_SCOPE, (tx) => handler.export(tx, accountId, archive));
      await archive.copyFiles(run.signal);
    }
    await archive.end();
    run.progress({ done: names.length, total: names.length });
  }
}
