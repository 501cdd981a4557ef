import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { assertProved } from '../../platform/auth/step-up.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { unknownConnection } from '../identity.errors.js';
import { ConnectionSecrets } from './connection-secrets.service.js';
import { ConnectionsRepository } from './connections.repository.js';
import { PartingTokens } from './parting-tokens.service.js';

/** Ending a connection here at once, and at the provider as soon as it listens. */
@Injectable()
export class Disconnect {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly rows: ConnectionsRepository,
    private readonly secrets: ConnectionSecrets,
    private readonly parting: PartingTokens,
    private readonly audit: Audit,
  ) {}

  /**
   * @param also what goes with it, in the same transaction
   * @throws AuthError without a fresh proof; DomainError unknownConnection
   */
  async disconnect(
    caller: Principal,
    provider: string,
    also: (tx: Tx) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    assertProved(caller, Date.now());
    await this.uow.run(caller, async (tx) => {
      await also(tx);
      const row = await this.rows.deleteOwn(tx, caller.id, provider);
      if (!row) throw unknownConnection();
      const { sealedAccessToken } = row;
      if (sealedAccessToken !== null) {
        const token = await this.secrets.grantToken(tx, { ...row, sealedAccessToken });
        await this.parting.part(tx, caller.id, provider, token);
      }
      await this.audit.record(tx, caller, {
        action: 'identity.connection-ended',
        object: { type: 'identity.connection', id: row.id },
        before: { provider, state: row.state, scopes: row.grantedScopes },
      });
    });
  }
}
