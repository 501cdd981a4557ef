import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../data-rights/owned-rows.repository.js';
import type { Tx } from '../database/unit-of-work.js';

/** Each before what it refers to. */
const TABLES: readonly OwnedTable[] = [
  {
    name: 'platform.notification_delivery',
    columns: [
      'id',
      'notification_id',
      'channel',
      'channel_id',
      'state',
      'tries',
      'status',
      'error',
      'created_at',
      'finished_at',
    ],
  },
  {
    name: 'platform.notification',
    columns: ['id', 'seq', 'topic', 'title', 'body', 'link', 'payload', 'created_at', 'read_at'],
  },
  {
    name: 'platform.notification_channel',
    columns: ['id', 'kind', 'label', 'origin', 'is_enabled', 'last_tried_at', 'last_status', 'created_at'],
  },
  { name: 'platform.notification_preference', columns: ['topic', 'channel', 'is_enabled'] },
  { name: 'platform.notification_inbox', columns: ['last_seq'] },
];

/** What an account was told and where it wanted to be. Addresses of channels are sealed, and go with the vault's key. */
@Injectable()
@HandlesData('notifications')
export class NotificationsData implements DataHandler {
  constructor(private readonly rows: OwnedRowsRepository) {}

  async export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    for (const table of TABLES) await sink.rows(table.name, this.rows.exportRows(tx, table, userId));
  }

  async erase(tx: Tx, userId: string): Promise<void> {
    for (const table of TABLES) await this.rows.deleteRows(tx, table, userId);
  }
}
