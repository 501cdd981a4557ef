import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { type SecretPlace, Vault } from '../../platform/vault/vault.service.js';
import { REVOKE_TOKEN } from './connections.jobs.js';
import { type LeavingToken, unlessErased } from './leaving-token.adapter.js';
import { type PartingTokenRow, PartingTokensRepository } from './parting-tokens.repository.js';

/** Tokens that are to be taken back at their provider as soon as it listens. */
@Injectable()
export class PartingTokens {
  constructor(
    private readonly rows: PartingTokensRepository,
    private readonly vault: Vault,
    private readonly jobs: Jobs,
  ) {}

  /**
   * In the transaction that ends what the token was for.
   * @param userId in whose scope that is; null = of the system role, and the token outlives its account
   */
  async part(tx: Tx, userId: string | null, provider: string, token: string): Promise<void> {
    const id = uuidv7();
    const sealedToken = await this.vault.seal(tx, placeOf({ id, userId }), token);
    await this.rows.insertToken(tx, { id, userId, provider, sealedToken });
    await this.jobs.enqueueShared(tx, REVOKE_TOKEN, [{ tokenId: id }]);
  }

  /** In the scope of the account. */
  async listLeaving(tx: Tx, userId: string): Promise<LeavingToken[]> {
    const found: LeavingToken[] = [];
    for (const row of await this.rows.listOwn(tx, userId)) {
      const token = await unlessErased(this.open(tx, row));
      const remove = (system: Tx): Promise<boolean> => this.rows.deleteToken(system, row.id);
      if (token !== undefined) found.push({ provider: row.provider, token, remove });
    }
    return found;
  }

  /** @throws SecretErasedError, EnvelopeError */
  async open(tx: Tx, row: PartingTokenRow): Promise<string> {
    return (await this.vault.open(tx, placeOf(row), row.sealedToken)).toString();
  }
}

/** Nobody's are sealed by the platform's own key. */
function placeOf({ id, userId }: Pick<PartingTokenRow, 'id' | 'userId'>): SecretPlace {
  return {
    table: 'identity.parting_token',
    column: 'sealed_token',
    rowId: id,
    userId: userId ?? SYSTEM_SCOPE.id,
  };
}
