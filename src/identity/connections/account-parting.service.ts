import { Injectable } from '@nestjs/common';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { ConnectionSecrets } from './connection-secrets.service.js';
import { ConnectionsRepository } from './connections.repository.js';
import { type LeavingToken, unlessErased } from './leaving-token.adapter.js';
import { PartingTokens } from './parting-tokens.service.js';
import { PendingGrants } from './pending-grants.service.js';

/**
 * An account goes, and what it has granted at providers goes with it. A provider may be away for longer than the account's keys live:
 * so its tokens are opened for the last time here and sealed anew by the platform's own key, as nobody's. Told or not, they are gone
 * within a week.
 */
@Injectable()
export class AccountParting {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly rows: ConnectionsRepository,
    private readonly secrets: ConnectionSecrets,
    private readonly pending: PendingGrants,
    private readonly parting: PartingTokens,
  ) {}

  /** Before the account's keys are forgotten. Safe to repeat and to run twice at once. */
  async partAll(userId: string): Promise<void> {
    const leaving = await this.uow.run({ id: userId }, async (tx) => [
      ...(await this.connected(tx, userId)),
      ...(await this.pending.listLeaving(tx, userId)),
      ...(await this.parting.listLeaving(tx, userId)),
    ]);
    if (leaving.length === 0) return;
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      for (const { provider, token, remove } of leaving)
        if (await remove(tx)) await this.parting.part(tx, null, provider, token);
    });
  }

  private async connected(tx: Tx, userId: string): Promise<LeavingToken[]> {
    const found: LeavingToken[] = [];
    for (const row of await this.rows.listConnected(tx, userId)) {
      const token = await unlessErased(this.secrets.grantToken(tx, row));
      const remove = (system: Tx): Promise<boolean> => this.rows.deleteConnection(system, row.id);
      if (token !== undefined) found.push({ provider: row.provider, token, remove });
    }
    return found;
  }
}
