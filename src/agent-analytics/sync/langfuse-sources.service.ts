import { Inject, Injectable } from '@nestjs/common';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { type Logger, LOGGER } from '../../platform/logging/logger.js';
import { Outbound } from '../../platform/outbound/outbound.service.js';
import { ProvidesSources } from '../../platform/sync/provides-sources.js';
import type { SourceProvider, SyncSource } from '../../platform/sync/sync-source.js';
import { withoutSecrets } from '../../platform/sync/without-secrets.js';
import { LangfuseClient } from '../langfuse/langfuse.client.js';
import { LangfuseSource } from '../langfuse/langfuse.source.js';
import { LangfuseTables } from '../store/langfuse-tables.service.js';

/** A source for each project of the settings. */
@Injectable()
@ProvidesSources()
export class LangfuseSources implements SourceProvider {
  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly outbound: Outbound,
    private readonly tables: LangfuseTables,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  sources(): SyncSource[] {
    const { langfuse, syncIntervalMs } = this.env;
    return langfuse.map((project) => {
      const store = this.tables.storeOf(project.name);
      const client = new LangfuseClient(this.outbound, project, ({ message, sunsetAt }) =>
        this.logger.warn(
          { project: project.name, sunsetAt, message: withoutSecrets(message, client.secrets) },
          'Langfuse says that this API ends',
        ),
      );
      return new LangfuseSource(client, syncIntervalMs, store);
    });
  }
}
