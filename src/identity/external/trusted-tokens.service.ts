import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { Revocations } from '../tokens/revocations.service.js';
import { ExternalIdentitiesRepository, type ExternalIdentityRow } from './external-identities.repository.js';

/** Tokens of trusted issuers that processes have verified and remember. */
@Injectable()
export class TrustedTokens {
  constructor(
    private readonly rows: ExternalIdentitiesRepository,
    private readonly revocations: Revocations,
  ) {}

  /**
   * Has those of an account refused, in its own scope, for the two hours that a revocation is remembered; by then none of them is.
   * Its sessions and keys stay as they are.
   */
  async revoke(tx: Tx, accountId: string): Promise<void> {
    const identities = await tx.query<ExternalIdentityRow>(this.rows.listOwn(accountId));
    await this.revocations.revoke(
      tx,
      identities.map(({ id }) => ({ kind: 'identity', subjectId: id })),
    );
  }

  /** Those of one identity, which its account has no more. */
  forget(tx: Tx, identityId: string): Promise<void> {
    return this.revocations.revoke(tx, [{ kind: 'identity', subjectId: identityId }]);
  }
}
