import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../../platform/data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { Storage } from '../../platform/storage/storage.service.js';
import { Vault } from '../../platform/vault/vault.service.js';
import { CampaignErasureRepository } from './campaign-erasure.repository.js';

const TABLES: readonly OwnedTable[] = [
  {
    name: 'tabletop.campaign',
    columns: [
      'id',
      'name',
      'description',
      'system',
      'language',
      'tone',
      'calendar',
      'change_days',
      'ai_policy',
      'has_exports',
      'needs_approval',
      'created_at',
      'updated_at',
      'deleted_at',
    ],
  },
  { name: 'tabletop.membership', columns: ['campaign_id', 'role', 'display_name', 'joined_at'] },
  {
    name: 'tabletop.access_grant',
    columns: ['campaign_id', 'object_id', 'level', 'created_at', 'expires_at'],
  },
  {
    name: 'tabletop.object',
    columns: [
      'id',
      'campaign_id',
      'kind',
      'name',
      'summary',
      'body',
      'details',
      'tags',
      'aliases',
      'created_at',
      'updated_at',
    ],
    owner: 'owner_id',
  },
  {
    name: 'tabletop.change',
    columns: ['campaign_id', 'object_id', 'kind', 'action', 'before', 'after', 'at'],
    owner: 'actor_id',
  },
  {
    name: 'tabletop.import',
    columns: [
      'id',
      'campaign_id',
      'source',
      'kind',
      'state',
      'counts',
      'objects',
      'conflicts',
      'report',
      'error',
      'created_at',
      'finished_at',
    ],
    owner: 'imported_by',
  },
  {
    name: 'tabletop.import_source',
    columns: ['id', 'campaign_id', 'object_id', 'source', 'source_key', 'imported_at'],
    owner: 'imported_by',
  },
];

/**
 * What a person has at tables. A campaign whose only master leaves goes with them, and its key, so that its secrets open nowhere; one with another
 * master is that master's from then on. What they wrote for a table stays there, without their name.
 */
@Injectable()
@HandlesData('tabletop-campaigns')
export class CampaignsData implements DataHandler {
  private readonly campaigns = new CampaignErasureRepository();

  constructor(
    private readonly rows: OwnedRowsRepository,
    private readonly vault: Vault,
    private readonly storage: Storage,
  ) {}

  async export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    for (const table of TABLES) await sink.rows(table.name, this.rows.exportRows(tx, table, userId));
  }

  async erase(tx: Tx, userId: string): Promise<void> {
    await this.campaigns.handOver(tx, userId);
    const pictures = await this.campaigns.listOwnedPictures(tx, userId);
    for (const id of await this.campaigns.deleteOwned(tx, userId)) await this.vault.forget(tx, id);
    for (const id of pictures) await this.storage.forget(tx, id);
    await this.campaigns.clearPerson(tx, userId);
  }
}
