import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { type Scope, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { importWaiting, manifestUnreachable } from '../destiny.errors.js';
import { BUILT_IN_VERSION } from './built-in-definitions.js';
import { BungieManifestSource } from './bungie-manifest.source.js';
import { CurrentManifests } from './current-manifests.service.js';
import type { ManifestDto, ManifestImportDto } from './manifest.dto.js';
import { IMPORT_MANIFEST } from './manifest.jobs.js';
import { toManifestVersionDto } from './manifest.mapper.js';
import { ManifestVersionsRepository, type VersionRow } from './manifest-versions.repository.js';

const SHOWN_VERSIONS = 50;

/** The manifest as operators and clients see it. */
@Injectable()
export class ManifestDesk {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly versions: ManifestVersionsRepository,
    private readonly current: CurrentManifests,
    private readonly source: BungieManifestSource,
    private readonly jobs: Jobs,
    private readonly audit: Audit,
  ) {}

  async show(scope: Scope): Promise<ManifestDto> {
    const rows = await this.uow.read<VersionRow>(scope, this.versions.newestStatement(SHOWN_VERSIONS));
    const { defaultLanguage } = this.current;
    const found = rows.find(({ isCurrent, language }) => isCurrent && language === defaultLanguage);
    return {
      defaultLanguage,
      version: found?.version ?? BUILT_IN_VERSION,
      isConfigured: this.source.isConfigured,
      items: rows.map(toManifestVersionDto),
    };
  }

  /** One import at a time: whoever asks while one is alive is told of that. @throws DomainError without a key, or while one waits */
  requestImport(caller: Principal): Promise<ManifestImportDto> {
    if (!this.source.isConfigured) throw manifestUnreachable();
    return this.uow.run(caller, async (tx) => {
      await this.versions.lockRequests(tx);
      const active = await this.versions.findActiveJob(tx);
      if (active !== undefined) return { jobId: active, isNew: false };
      const jobId = await this.jobs.enqueue(tx, caller, IMPORT_MANIFEST, {});
      if (jobId === undefined) throw importWaiting();
      await this.audit.record(tx, caller, {
        action: 'destiny.manifest-import-requested',
        object: { type: 'destiny.manifest', id: 'newest' },
        after: { jobId },
      });
      return { jobId, isNew: true };
    });
  }
}
