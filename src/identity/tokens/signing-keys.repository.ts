import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { PublicJwk, SigningKeyEntity } from './signing-key.entity.js';

/** A key with how far off its times are by the database's clock, which is the one that all processes share. */
export type SigningKeyRow = SigningKeyEntity & {
  /** Until it signs; not above 0 = it does. */
  signsInMs: number;
  /** Until it counts no more; null = not known yet. */
  endsInMs: number | null;
};

@Injectable()
export class SigningKeysRepository {
  /** Held until the transaction ends: one process makes a key, the others then find it. */
  async lockKeys(tx: Tx): Promise<void> {
    await tx.query({
      name: 'identity.signing-keys.lock-keys',
      text: 'SELECT pg_advisory_xact_lock($1, 0)',
      values: [ADVISORY_LOCK.identitySigningKeys],
    });
  }

  /** Those whose tokens may still be alive, oldest first. */
  listKeys(tx: Tx): Promise<SigningKeyRow[]> {
    return tx.query({
      name: 'identity.signing-keys.list-keys',
      text: `SELECT id, public_jwk AS "publicJwk", sealed_private AS "sealedPrivate", signs_from AS "signsFrom",
               ends_at AS "endsAt", created_at AS "createdAt",
               (extract(epoch FROM signs_from - clock_timestamp()) * 1000)::float8 AS "signsInMs",
               (extract(epoch FROM ends_at - clock_timestamp()) * 1000)::float8 AS "endsInMs"
             FROM identity.signing_key WHERE ends_at IS NULL OR ends_at > now() ORDER BY signs_from, id`,
      values: [],
    });
  }

  async insertKey(
    tx: Tx,
    key: { id: string; publicJwk: PublicJwk; sealedPrivate: Buffer; leadS: number },
  ): Promise<Date> {
    const [row] = await tx.query<{ signsFrom: Date }>({
      name: 'identity.signing-keys.insert-key',
      text: `INSERT INTO identity.signing_key (id, public_jwk, sealed_private, signs_from)
             VALUES ($1, $2, $3, now() + make_interval(secs => $4)) RETURNING signs_from AS "signsFrom"`,
      values: [key.id, JSON.stringify(key.publicJwk), key.sealedPrivate, key.leadS],
    });
    return row!.signsFrom;
  }

  /** Lets every key but the newest end so many seconds from now, unless it ends anyway. */
  async updateEnds(tx: Tx, newestId: string, afterS: number): Promise<void> {
    await tx.query({
      name: 'identity.signing-keys.update-ends',
      text: `UPDATE identity.signing_key SET ends_at = now() + make_interval(secs => $2) WHERE id <> $1 AND ends_at IS NULL`,
      values: [newestId, afterS],
    });
  }

  /** @returns whether there were any */
  async deleteOthers(tx: Tx, newestId: string): Promise<boolean> {
    const rows = await tx.query({
      name: 'identity.signing-keys.delete-others',
      text: 'DELETE FROM identity.signing_key WHERE id <> $1 RETURNING 1',
      values: [newestId],
    });
    return rows.length > 0;
  }

  async deleteEnded(tx: Tx): Promise<void> {
    await tx.query({
      name: 'identity.signing-keys.delete-ended',
      text: 'DELETE FROM identity.signing_key WHERE ends_at < now()',
      values: [],
    });
  }
}
