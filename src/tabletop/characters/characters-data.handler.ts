import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../../platform/data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import type { Tx } from '../../platform/database/unit-of-work.js';

const PROPOSALS: OwnedTable = {
  name: 'tabletop.proposal',
  columns: [
    'id',
    'campaign_id',
    'object_id',
    'patch',
    'before',
    'status',
    'reason',
    'created_at',
    'decided_at',
  ],
};

/** What somebody proposed goes with them; what they handed over stays with whoever has it, without their name. */
@Injectable()
@HandlesData('tabletop-characters')
export class CharactersData implements DataHandler {
  constructor(private readonly rows: OwnedRowsRepository) {}

  async export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    await sink.rows(PROPOSALS.name, this.rows.exportRows(tx, PROPOSALS, userId));
  }

  async erase(tx: Tx, userId: string): Promise<void> {
    await this.rows.deleteRows(tx, PROPOSALS, userId);
    await tx.query({
      name: 'tabletop.inventory.forget-hand',
      text: 'UPDATE tabletop.inventory_entry SET handed_by = NULL WHERE handed_by = $1',
      values: [userId],
    });
  }
}
