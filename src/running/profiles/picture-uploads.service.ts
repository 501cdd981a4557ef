import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { assertBytes, fileRefused } from '../../platform/operations/files/file-refusals.js';
import { FileRefusedError } from '../../platform/storage/storage.errors.js';
import { Storage } from '../../platform/storage/storage.service.js';
import type { StoredFileRow } from '../../platform/storage/stored-files.repository.js';
import type { RunnerProfileDto } from './profiles.dto.js';
import { RUNNER_PICTURE } from './runner-picture.js';
import { type ProfileRow, RunnerProfilesRepository } from './runner-profiles.repository.js';
import { RunnerProfiles } from './runner-profiles.service.js';

/** The picture of a profile comes and goes; the one before goes with it. */
@Injectable()
export class PictureUploads {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly profiles: RunnerProfilesRepository,
    private readonly own: RunnerProfiles,
    private readonly storage: Storage,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError that says why the bytes are not taken */
  async put(caller: Principal, source: Readable): Promise<RunnerProfileDto> {
    assertBytes(source);
    try {
      let row: ProfileRow | undefined;
      await this.storage.receive(caller, RUNNER_PICTURE, source, async (tx, stored) => {
        row = await this.change(tx, caller, stored);
      });
      return this.own.show(row!);
    } catch (error) {
      throw error instanceof FileRefusedError ? fileRefused(error.reason) : error;
    }
  }

  /** Safe to repeat. */
  async remove(caller: Principal): Promise<RunnerProfileDto> {
    return this.own.show(await this.uow.run(caller, (tx) => this.change(tx, caller, null)));
  }

  private async change(tx: Tx, caller: Principal, stored: StoredFileRow | null): Promise<ProfileRow> {
    const before = await this.own.lockOwn(tx, caller.id);
    if (stored === null && before.pictureFileId === null) return before;
    const after = await this.profiles.updatePicture(tx, caller.id, stored?.id ?? null);
    if (before.pictureFileId !== null) await this.storage.forget(tx, before.pictureFileId);
    await this.audit.record(tx, caller, {
      action: stored ? 'running.profile-picture-stored' : 'running.profile-picture-removed',
      object: { type: 'running.profile', id: caller.id },
      before: { fileId: before.pictureFileId },
      after: stored ? { fileId: stored.id, sizeBytes: stored.sizeBytes } : { fileId: null },
    });
    return after;
  }
}
