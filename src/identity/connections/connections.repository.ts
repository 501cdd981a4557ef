import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { ConnectionEntity } from './connection.entity.js';

export type ConnectionRow = Omit<ConnectionEntity, 'leaseId' | 'leaseUntil' | 'version' | 'updatedAt'>;

/** The row, and how its access token stands by the database's clock. */
export type HeldConnection = ConnectionRow & { isFresh: boolean };

/** What a provider has given, sealed for its row. */
export interface SealedGrant {
  accessToken: Buffer;
  refreshToken: Buffer | null;
  /** Seconds; null = no end is known. */
  expiresInS: number | null;
  scopes: readonly string[];
  subject: string | null;
}

const COLUMNS = `id, user_id AS "userId", provider, state, subject, granted_scopes AS "grantedScopes",
  sealed_access_token AS "sealedAccessToken", sealed_refresh_token AS "sealedRefreshToken",
  access_expires_at AS "accessExpiresAt", created_at AS "createdAt"`;
/** A token that ends sooner is not handed out any more: it shall last for the call that it is meant for. */
const IS_FRESH = `(access_expires_at IS NULL OR access_expires_at > now() + interval '60 seconds')`;
const WITHOUT_LEASE = 'lease_id = NULL, lease_until = NULL, updated_at = now()';

/** All in the scope of the account, unless said otherwise. */
@Injectable()
export class ConnectionsRepository {
  listOwn(): Statement {
    return {
      name: 'identity.connections.list-own',
      text: `SELECT ${COLUMNS} FROM identity.connection ORDER BY provider`,
      values: [],
    };
  }

  async findHeld(tx: Tx, userId: string, provider: string): Promise<HeldConnection | null> {
    const [row] = await tx.query<HeldConnection>({
      name: 'identity.connections.find-held',
      text: `SELECT ${COLUMNS}, ${IS_FRESH} AS "isFresh" FROM identity.connection WHERE user_id = $1 AND provider = $2`,
      values: [userId, provider],
    });
    return row ?? null;
  }

  /** The row of the account and provider under a lock; made without tokens where there was none. */
  async lockOrInsert(tx: Tx, id: string, userId: string, provider: string): Promise<ConnectionRow> {
    await tx.query({
      name: 'identity.connections.insert-empty',
      text: `INSERT INTO identity.connection (id, user_id, provider, state, granted_scopes)
             VALUES ($1, $2, $3, 'needs-sign-in', '{}') ON CONFLICT DO NOTHING`,
      values: [id, userId, provider],
    });
    const [row] = await tx.query<ConnectionRow>({
      name: 'identity.connections.lock-own',
      text: `SELECT ${COLUMNS} FROM identity.connection WHERE user_id = $1 AND provider = $2 FOR UPDATE`,
      values: [userId, provider],
    });
    return row!;
  }

  /** A new authorization: whoever is refreshing the former one comes too late. */
  async updateConnected(tx: Tx, id: string, grant: SealedGrant): Promise<void> {
    await tx.query({
      name: 'identity.connections.update-connected',
      text: `UPDATE identity.connection SET state = 'connected', sealed_access_token = $2, sealed_refresh_token = $3,
               access_expires_at = now() + make_interval(secs => $4), granted_scopes = $5, subject = $6,
               version = version + 1, ${WITHOUT_LEASE}
             WHERE id = $1`,
      values: [id, grant.accessToken, grant.refreshToken, grant.expiresInS, grant.scopes, grant.subject],
    });
  }

  /** The access token counts as at its end. */
  async updateDistrusted(tx: Tx, id: string, sealedAccessToken: Buffer): Promise<void> {
    await tx.query({
      name: 'identity.connections.update-distrusted',
      text: `UPDATE identity.connection SET access_expires_at = now(), updated_at = now()
             WHERE id = $1 AND sealed_access_token = $2`,
      values: [id, sealedAccessToken],
    });
  }

  /** Of all processes one may ask the provider, for so long. @returns whether it is this one */
  async updateLeased(tx: Tx, id: string, leaseId: string, leaseS: number): Promise<boolean> {
    const rows = await tx.query({
      name: 'identity.connections.update-leased',
      text: `UPDATE identity.connection SET lease_id = $2, lease_until = now() + make_interval(secs => $3)
             WHERE id = $1 AND state = 'connected' AND NOT ${IS_FRESH} AND (lease_until IS NULL OR lease_until < now())
             RETURNING 1`,
      values: [id, leaseId, leaseS],
    });
    return rows.length === 1;
  }

  /** @returns false when the lease has passed to somebody else, or the connection is gone or new */
  async updateRefreshed(tx: Tx, id: string, leaseId: string, grant: SealedGrant): Promise<boolean> {
    const rows = await tx.query({
      name: 'identity.connections.update-refreshed',
      text: `UPDATE identity.connection SET sealed_access_token = $3, sealed_refresh_token = $4,
               access_expires_at = now() + make_interval(secs => $5), granted_scopes = $6, subject = coalesce($7, subject),
               version = version + 1, ${WITHOUT_LEASE}
             WHERE id = $1 AND lease_id = $2 RETURNING 1`,
      values: [
        id,
        leaseId,
        grant.accessToken,
        grant.refreshToken,
        grant.expiresInS,
        grant.scopes,
        grant.subject,
      ],
    });
    return rows.length === 1;
  }

  /** The provider has taken it back. @returns as above */
  async updateLapsed(tx: Tx, id: string, leaseId: string): Promise<boolean> {
    const rows = await tx.query({
      name: 'identity.connections.update-lapsed',
      text: `UPDATE identity.connection SET state = 'needs-sign-in', sealed_access_token = NULL, sealed_refresh_token = NULL,
               access_expires_at = NULL, version = version + 1, ${WITHOUT_LEASE}
             WHERE id = $1 AND lease_id = $2 RETURNING 1`,
      values: [id, leaseId],
    });
    return rows.length === 1;
  }

  /** The provider could not be asked: the next one may try. */
  async updateReleased(tx: Tx, id: string, leaseId: string): Promise<void> {
    await tx.query({
      name: 'identity.connections.update-released',
      text: 'UPDATE identity.connection SET lease_id = NULL, lease_until = NULL WHERE id = $1 AND lease_id = $2',
      values: [id, leaseId],
    });
  }

  /** Those with tokens. */
  listConnected(tx: Tx, userId: string): Promise<(ConnectionRow & { sealedAccessToken: Buffer })[]> {
    return tx.query({
      name: 'identity.connections.list-connected',
      text: `SELECT ${COLUMNS} FROM identity.connection WHERE user_id = $1 AND sealed_access_token IS NOT NULL`,
      values: [userId],
    });
  }

  /** Whether anybody is, as that user of the provider. For the system role. */
  async isConnected(tx: Tx, provider: string, subject: string): Promise<boolean> {
    const rows = await tx.query({
      name: 'identity.connections.is-connected',
      text: `SELECT 1 FROM identity.connection WHERE provider = $1 AND subject = $2 AND state = 'connected' LIMIT 1`,
      values: [provider, subject],
    });
    return rows.length === 1;
  }

  /** For the system role. @returns false when it is gone already */
  async deleteConnection(tx: Tx, id: string): Promise<boolean> {
    const rows = await tx.query({
      name: 'identity.connections.delete-connection',
      text: 'DELETE FROM identity.connection WHERE id = $1 RETURNING 1',
      values: [id],
    });
    return rows.length === 1;
  }

  async deleteOwn(tx: Tx, userId: string, provider: string): Promise<ConnectionRow | null> {
    const [row] = await tx.query<ConnectionRow>({
      name: 'identity.connections.delete-own',
      text: `DELETE FROM identity.connection WHERE user_id = $1 AND provider = $2 RETURNING ${COLUMNS}`,
      values: [userId, provider],
    });
    return row ?? null;
  }
}
