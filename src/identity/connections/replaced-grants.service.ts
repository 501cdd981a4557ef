import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { ConnectionSecrets } from './connection-secrets.service.js';
import type { ConnectionRow, SealedGrant } from './connections.repository.js';
import { isAnother } from './is-another.js';
import type { Grant } from './oauth.client.js';
import { PartingTokens } from './parting-tokens.service.js';

/** What becomes of a connection's tokens when its account connects anew. */
@Injectable()
export class ReplacedGrants {
  constructor(
    private readonly secrets: ConnectionSecrets,
    private readonly parting: PartingTokens,
  ) {}

  /**
   * The new grant for its row. Of the one before stays its refresh token, where it is the same person's and none comes along; another
   * person's is taken back at the provider, since nobody will know it any more.
   * @param askedScopes what was granted, where the provider does not say
   */
  async seal(tx: Tx, row: ConnectionRow, grant: Grant, askedScopes: readonly string[]): Promise<SealedGrant> {
    const { sealedAccessToken } = row;
    const subject = grant.subject ?? null;
    if (sealedAccessToken !== null && isAnother(row, { subject })) {
      const token = await this.secrets.grantToken(tx, { ...row, sealedAccessToken });
      await this.parting.part(tx, row.userId, row.provider, token);
    }
    const isSame = subject !== null && subject === row.subject;
    return this.secrets.seal(tx, row, grant, {
      refreshToken: isSame ? row.sealedRefreshToken : null,
      scopes: askedScopes,
    });
  }
}
