import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../../platform/data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import type { Tx } from '../../platform/database/unit-of-work.js';

const LINKS: OwnedTable = {
  name: 'destiny.bungie_link',
  columns: ['bungie_id', 'asked_at', 'read_at', 'is_chosen'],
};
const MEMBERSHIPS: OwnedTable = {
  name: 'destiny.membership',
  columns: [
    'id',
    'membership_type',
    'membership_id',
    'display_name',
    'icon',
    'is_active',
    'is_overridden',
    'is_cross_save_primary',
    'last_played_at',
    'seen_at',
    'created_at',
  ],
};

@Injectable()
@HandlesData('destiny-link')
export class DestinyLinkData implements DataHandler {
  constructor(private readonly rows: OwnedRowsRepository) {}

  async export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    for (const table of [LINKS, MEMBERSHIPS])
      await sink.rows(table.name, this.rows.exportRows(tx, table, userId));
  }

  /** What hangs on memberships goes with them. */
  async erase(tx: Tx, userId: string): Promise<void> {
    for (const table of [MEMBERSHIPS, LINKS]) await this.rows.deleteRows(tx, table, userId);
  }
}
