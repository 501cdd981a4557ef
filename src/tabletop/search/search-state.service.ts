import { Injectable, type OnModuleInit } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { DependencyStates, type DependencyState } from '../../platform/dependencies/dependency-states.js';
import { SearchIndexes } from '../search-index/search-indexes.service.js';
import { SearchServer } from '../search-index/search-server.client.js';
import { NameModelReader } from './name-model.reader.js';
import { NameRowsRepository } from './name-rows.repository.js';

/** Of no campaign: the question is whether there is an answer. */
const NOBODYS = '00000000-0000-0000-0000-000000000000';

/** Whether searches are answered: what names are compared by can be read, and PostgreSQL says what has changed. A search server is looked at by itself: without it nothing is missing. */
@Injectable()
export class SearchState implements OnModuleInit {
  constructor(
    private readonly states: DependencyStates,
    private readonly system: SystemUnitOfWork,
    private readonly rows: NameRowsRepository,
    private readonly models: NameModelReader,
    private readonly server: SearchServer,
    private readonly indexes: SearchIndexes,
  ) {}

  onModuleInit(): void {
    this.states.register('search', () => this.look());
    if (this.server.isOn) this.states.register('search-server', () => this.lookAtServer());
  }

  /** @throws Error where either fails */
  private async look(): Promise<DependencyState> {
    await this.models.read();
    return timed(() => this.system.read(SYSTEM_SCOPE, this.rows.listChanged(NOBODYS, '0', 1)));
  }

  /** @throws OutboundError where it does not answer: PostgreSQL does then */
  private async lookAtServer(): Promise<DependencyState> {
    const index = await this.indexes.current();
    return timed(() => this.server.ping(index?.name));
  }
}

async function timed(ask: () => Promise<unknown>): Promise<DependencyState> {
  const startedMs = performance.now();
  await ask();
  return { status: 'ok', latencyMs: Math.round((performance.now() - startedMs) * 1_000) / 1_000 };
}
