import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { type SecretPlace, Vault } from '../../platform/vault/vault.service.js';
import type { ConnectionRow, SealedGrant } from './connections.repository.js';
import type { Grant } from './oauth.client.js';

type Place = Pick<ConnectionRow, 'id' | 'userId'>;

/** Tokens of connections, each sealed for its row and column. */
@Injectable()
export class ConnectionSecrets {
  constructor(private readonly vault: Vault) {}

  /** @param kept what stays where the provider gives nothing new */
  async seal(
    tx: Tx,
    row: Place,
    grant: Grant,
    kept: { refreshToken: Buffer | null; scopes: readonly string[] },
  ): Promise<SealedGrant> {
    const accessToken = await this.vault.seal(tx, placeOf(row, 'sealed_access_token'), grant.accessToken);
    const refreshToken =
      grant.refreshToken === undefined
        ? kept.refreshToken
        : await this.vault.seal(tx, placeOf(row, 'sealed_refresh_token'), grant.refreshToken);
    return {
      accessToken,
      refreshToken,
      expiresInS: grant.expiresInS ?? null,
      scopes: grant.scopes ?? kept.scopes,
      subject: grant.subject ?? null,
    };
  }

  /** The refresh token stands for the whole grant; where there is none, the access token has to do. */
  grantToken(tx: Tx, row: ConnectionRow & { sealedAccessToken: Buffer }): Promise<string> {
    const { sealedRefreshToken } = row;
    return sealedRefreshToken === null
      ? this.accessToken(tx, row)
      : this.refreshToken(tx, { ...row, sealedRefreshToken });
  }

  async accessToken(tx: Tx, row: Place & { sealedAccessToken: Buffer }): Promise<string> {
    return (await this.vault.open(tx, placeOf(row, 'sealed_access_token'), row.sealedAccessToken)).toString();
  }

  async refreshToken(tx: Tx, row: Place & { sealedRefreshToken: Buffer }): Promise<string> {
    return (
      await this.vault.open(tx, placeOf(row, 'sealed_refresh_token'), row.sealedRefreshToken)
    ).toString();
  }
}

function placeOf({ id, userId }: Place, column: string): SecretPlace {
  return { table: 'identity.connection', column, rowId: id, userId };
}
