import { Inject, Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { SyncDesk } from '../../platform/sync/sync-desk.service.js';
import { SyncStarter } from '../../platform/sync/sync-starter.service.js';
import { LANGFUSE_DOMAIN } from '../langfuse/langfuse.source.js';
import type { CompatSyncStartedDto, CompatSyncStatusDto } from './compat.dto.js';
import { toSyncStatus } from './compat.mapper.js';

/** What the original's page sees of synchronisation, and its button. */
@Injectable()
export class CompatSync {
  private readonly sourceId: string | null;

  constructor(
    @Inject(ENV) private readonly env: Env,
    private readonly uow: UnitOfWork,
    private readonly desk: SyncDesk,
    private readonly starter: SyncStarter,
    private readonly audit: Audit,
  ) {
    const [first] = env.langfuse;
    this.sourceId = first === undefined ? null : `langfuse:${first.name}`;
  }

  async status(caller: Principal): Promise<CompatSyncStatusDto> {
    const sources = await this.desk.listSources(caller, LANGFUSE_DOMAIN);
    return toSyncStatus(
      sources.find(({ id }) => id === this.sourceId),
      this.env.syncIntervalMs,
    );
  }

  /** Answers the same whether a run begins, one is active already, or no project is configured: the page then asks for the status. */
  async trigger(caller: Principal): Promise<CompatSyncStartedDto> {
    const { sourceId } = this;
    await this.uow.run(caller, async (tx) => {
      const outcome =
        sourceId === null
          ? 'no-source'
          : await this.starter.start(tx, { sourceId, kind: 'incremental', trigger: 'request', range: null });
      await this.audit.record(tx, caller, {
        action: 'agent-analytics.sync-requested',
        object: { type: 'sync-source', id: sourceId ?? 'none' },
        after:
          typeof outcome === 'string' ? { outcome } : { runId: outcome.run.id, isJoined: outcome.isJoined },
      });
    });
    return { status: 'started', message: 'Sync job started - fetching from Langfuse API' };
  }
}
