import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { type Logger, LOGGER } from '../../platform/logging/logger.js';
import { OUTBOUND_ERROR, OutboundError } from '../../platform/outbound/outbound.errors.js';
import { INDEX_LAYOUT, indexLayout } from './index-layout.js';
import { tallyQuery } from './index-query.js';
import { SearchIndexesRepository, type SearchIndexRow } from './search-indexes.repository.js';
import { SearchServer } from './search-server.client.js';

interface TallyRow {
  readonly count: number;
  readonly changes: number;
  readonly isFollowed: boolean;
}

/**
 * Which index of the search server is asked. A new one is asked at once: of each campaign that it does not know yet, PostgreSQL answers meanwhile.
 * So a rebuild is a new index, and so is another layout.
 */
@Injectable()
export class SearchIndexes {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly server: SearchServer,
    private readonly rows: SearchIndexesRepository,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** The one that is asked; undefined until there is one. */
  async current(): Promise<SearchIndexRow | undefined> {
    const [current] = await this.system.read<SearchIndexRow>(SYSTEM_SCOPE, this.rows.current());
    return current;
  }

  /** The same, made where there is none or where the server has lost it; older ones go. @throws OutboundError */
  async ensure(): Promise<SearchIndexRow> {
    const all = await this.system.read<SearchIndexRow & { isOfLayout: boolean }>(
      SYSTEM_SCOPE,
      this.rows.listAll(),
    );
    const [first, ...others] = all;
    if (first?.isOfLayout === true && (await this.server.hasIndex(first.name))) {
      for (const { name } of others) await this.drop(name);
      return first;
    }
    if (first?.isOfLayout === true) {
      this.log.warn({ index: first.name }, 'the search server has lost its index; a new one is made');
      await this.drop(first.name);
    }
    return this.make();
  }

  /** Gives up an index, which is made anew. @throws OutboundError */
  async drop(name: string): Promise<void> {
    await this.server.dropIndex(name); // before the row, or nobody would know of what it holds
    await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.deleteIndex(tx, name));
  }

  /**
   * Whether an index holds of a campaign what it says it does: as many objects, and the same changes of them.
   * @returns true also where nobody can say, since it is written to @throws OutboundError
   */
  async agrees({ name }: SearchIndexRow, campaignId: string): Promise<boolean> {
    const before = await this.tally(name, campaignId);
    const there = await this.server.tally(name, tallyQuery(campaignId));
    const after = await this.tally(name, campaignId);
    if (!before.isFollowed || !after.isFollowed || before.changes !== after.changes) return true;
    return there.count === after.count && there.changes === after.changes;
  }

  private async tally(name: string, campaignId: string): Promise<TallyRow> {
    const [row] = await this.system.read<TallyRow>(SYSTEM_SCOPE, this.rows.tally(name, campaignId));
    return row!;
  }

  private async make(): Promise<SearchIndexRow> {
    const name = `guildhall-tabletop-${INDEX_LAYOUT}-${uuidv7().replaceAll('-', '')}`;
    // The row first: an index without one would stay for ever, a row without an index is made good in the next minute.
    await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.insertIndex(tx, name));
    const hasSounds = await this.server.createIndex(name, indexLayout(true));
    if (hasSounds) await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.updateSounds(tx, name));
    else if (!(await this.server.createIndex(name, indexLayout(false))))
      throw new OutboundError(OUTBOUND_ERROR.refused, 'search-server-work', { status: 400 });
    this.log.info({ index: name, hasSounds }, 'an index of campaigns was made');
    return { name, hasSounds };
  }
}
