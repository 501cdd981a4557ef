import { Inject, Injectable } from '@nestjs/common';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { BungieManifestSource } from './bungie-manifest.source.js';
import { ImportManifest } from './import-manifest.service.js';
import { IMPORT_MANIFEST } from './manifest.jobs.js';
import { ManifestSwitch } from './manifest-switch.service.js';

@Injectable()
@HandlesJob(IMPORT_MANIFEST)
export class ImportManifestHandler implements JobHandler<object> {
  constructor(
    private readonly imports: ImportManifest,
    private readonly source: BungieManifestSource,
    private readonly manifests: ManifestSwitch,
    @Inject(ENV) private readonly env: Env,
  ) {}

  async handle(_payload: object, run: JobRun): Promise<void> {
    if (!this.source.isConfigured) return;
    const loaded = await this.imports.load(this.source, this.env.destinyLanguages, {
      jobId: run.id,
      signal: run.signal,
      progress: (progress) => run.progress(progress),
    });
    if (!loaded) return;
    await run.once((tx) => this.manifests.apply(tx, loaded));
    await this.manifests.dropFormer();
  }
}
