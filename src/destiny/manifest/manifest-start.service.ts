import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { type Logger, LOGGER } from '../../platform/logging/logger.js';
import { IMPORT_MANIFEST } from './manifest.jobs.js';

/** A worker that starts looks for a newer manifest: an installation that has just got its key need not wait for the day's turn. */
@Injectable()
export class ManifestStart implements OnApplicationBootstrap {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly jobs: Jobs,
    @Inject(ENV) private readonly env: Env,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    if (this.env.role === 'api' || this.env.bungie === undefined) return;
    void this.system
      .run(SYSTEM_SCOPE, (tx) => this.jobs.enqueueShared(tx, IMPORT_MANIFEST, [{}]))
      .catch((error: unknown) =>
        this.logger.warn({ err: error }, 'the manifest is looked at with the next turn of the day only'),
      );
  }
}
