import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../../platform/data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import type { Tx } from '../../platform/database/unit-of-work.js';

/** In an order in which they can be deleted. */
const TABLES: readonly OwnedTable[] = [
  {
    name: 'destiny.profile',
    columns: [
      'membership_id',
      'minted_at',
      'records_minted_at',
      'records_state',
      'inventory_state',
      'last_played_at',
      'minutes_played',
      'characters',
      'requested_at',
    ],
  },
  {
    name: 'destiny.catalyst_status',
    columns: [
      'membership_id',
      'record_hash',
      'state',
      'pct',
      'objectives',
      'found_at',
      'completed_at',
      'progressed_at',
      'progressed_minutes',
    ],
  },
  {
    name: 'destiny.catalyst_progress',
    columns: [
      'membership_id',
      'record_hash',
      'objective_hash',
      'minted_at',
      'progress',
      'target',
      'is_complete',
      'minutes_played',
    ],
  },
  { name: 'destiny.tracked_catalyst', columns: ['record_hash', 'tracked_at'] },
  {
    name: 'destiny.weapon',
    columns: [
      'membership_id',
      'item_instance_id',
      'item_hash',
      'location',
      'character_id',
      'power',
      'item',
      'first_seen_at',
    ],
  },
];

/** What was read of a player at Bungie. */
@Injectable()
@HandlesData('destiny-profiles')
export class ProfilesData implements DataHandler {
  constructor(private readonly rows: OwnedRowsRepository) {}

  async export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    for (const table of TABLES) await sink.rows(table.name, this.rows.exportRows(tx, table, userId));
  }

  async erase(tx: Tx, userId: string): Promise<void> {
    for (const table of TABLES) await this.rows.deleteRows(tx, table, userId);
  }
}
