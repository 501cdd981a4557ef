import { Injectable } from '@nestjs/common';
import { type DataHandler, type DataSink, HandlesData } from '../../platform/data-rights/data-handler.js';
import { type OwnedTable, OwnedRowsRepository } from '../../platform/data-rights/owned-rows.repository.js';
import type { Tx } from '../../platform/database/unit-of-work.js';

/** Verdicts outlive whoever gave them. */
const VERDICTS = { name: 'market.observation_flag', owner: 'judged_by' };
/** So do recipes. */
const RECIPES = { name: 'market.recipe', owner: 'made_by' };
const ROLES: OwnedTable = { name: 'market.member_role', columns: ['role', 'given_at'] };

/** What somebody was allowed to do in the market. */
@Injectable()
@HandlesData('market')
export class MarketRolesData implements DataHandler {
  constructor(private readonly rows: OwnedRowsRepository) {}

  export(tx: Tx, userId: string, sink: DataSink): Promise<void> {
    return sink.rows(ROLES.name, this.rows.exportRows(tx, ROLES, userId));
  }

  async erase(tx: Tx, userId: string): Promise<void> {
    await this.rows.deleteRows(tx, ROLES, userId);
    await this.rows.clearNames(tx, VERDICTS, userId);
    await this.rows.clearNames(tx, RECIPES, userId);
  }
}
