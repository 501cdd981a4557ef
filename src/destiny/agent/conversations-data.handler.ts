import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../../platform/data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import type { Tx } from '../../platform/database/unit-of-work.js';

/** What refers to others comes after them, so rows are deleted from the end. */
const TABLES: readonly OwnedTable[] = [
  {
    name: 'destiny.conversation',
    columns: ['id', 'title', 'is_named', 'is_archived', 'persona', 'version', 'created_at', 'updated_at'],
  },
  {
    name: 'destiny.message',
    columns: [
      'id',
      'conversation_id',
      'order_index',
      'role',
      'content',
      'tool_calls',
      'cards',
      'token_count',
      'model',
      'mode',
      'latency_ms',
      'status',
      'client_message_id',
      'created_at',
    ],
  },
  {
    name: 'destiny.agent_run',
    columns: [
      'id',
      'conversation_id',
      'question_id',
      'answer_id',
      'state',
      'mode',
      'prompt_version',
      'round_count',
      'error_code',
      'started_at',
      'ended_at',
    ],
  },
];

/** What somebody has said to the agent, and what it has answered. */
@Injectable()
@HandlesData('destiny-conversations')
export class ConversationsData implements DataHandler {
  constructor(private readonly rows: OwnedRowsRepository) {}

  async export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    for (const table of TABLES) await sink.rows(table.name, this.rows.exportRows(tx, table, userId));
  }

  async erase(tx: Tx, userId: string): Promise<void> {
    for (const table of TABLES.toReversed()) await this.rows.deleteRows(tx, table, userId);
  }
}
