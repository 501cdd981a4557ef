import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { assertProved } from '../../platform/auth/step-up.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { Vault } from '../../platform/vault/vault.service.js';
import { unknownConnection } from '../identity.errors.js';
import { ConnectionSecrets } from './connection-secrets.service.js';
import { REVOKE_TOKEN } from './connections.jobs.js';
import { type ConnectionRow, ConnectionsRepository } from './connections.repository.js';
import { PartingTokensRepository } from './parting-tokens.repository.js';

/** Ending a connection here at once, and at the provider as soon as it listens. */
@Injectable()
export class Disconnect {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly rows: ConnectionsRepository,
    private readonly secrets: ConnectionSecrets,
    private readonly parting: PartingTokensRepository,
    private readonly vault: Vault,
    private readonly jobs: Jobs,
    private readonly audit: Audit,
  ) {}

  /** @throws AuthError without a fresh proof; DomainError unknownConnection */
  async disconnect(caller: Principal, provider: string): Promise<void> {
    assertProved(caller, Date.now());
    await this.uow.run(caller, async (tx) => {
      const row = await this.rows.deleteOwn(tx, caller.id, provider);
      if (!row) throw unknownConnection();
      await this.part(tx, row);
      await this.audit.record(tx, caller, {
        action: 'identity.connection-ended',
        object: { type: 'identity.connection', id: row.id },
        before: { provider, state: row.state, scopes: row.grantedScopes },
      });
    });
  }

  /** The refresh token stands for the whole grant; where there is none, the access token has to do. */
  private async part(tx: Tx, row: ConnectionRow): Promise<void> {
    const { userId, provider, sealedAccessToken, sealedRefreshToken } = row;
    if (sealedAccessToken === null) return;
    const token =
      sealedRefreshToken === null
        ? await this.secrets.accessToken(tx, { ...row, sealedAccessToken })
        : await this.secrets.refreshToken(tx, { ...row, sealedRefreshToken });
    const id = uuidv7();
    const place = { table: 'identity.parting_token', column: 'sealed_token', rowId: id, userId };
    const sealedToken = await this.vault.seal(tx, place, token);
    await this.parting.insertToken(tx, { id, userId, provider, sealedToken });
    await this.jobs.enqueue(tx, { id: userId }, REVOKE_TOKEN, { tokenId: id });
  }
}
