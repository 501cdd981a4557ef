import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';

/**
 * What is taken back: a session, an API key, every token of an account below a version; every signing key but the one named; the data key
 * of an account; what was remembered of somebody of another issuer.
 */
export type Revocation =
  | { kind: 'session' | 'key' | 'signing-key' | 'data-key' | 'identity'; subjectId: string }
  | { kind: 'account'; subjectId: string; minTokenVersion: number };

export interface RevocationRow {
  /** Null in the one row that comes when there is nothing. */
  kind: Revocation['kind'] | null;
  subjectId: string;
  minTokenVersion: number | null;
  /** The database's clock, Unix time in milliseconds. */
  nowMs: number;
}

@Injectable()
export class RevocationsRepository {
  async insertMany(tx: Tx, revocations: readonly Revocation[]): Promise<void> {
    await tx.query({
      name: 'identity.revocations.insert-many',
      text: `INSERT INTO identity.revocation (id, kind, subject_id, min_token_version)
             SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::int[])`,
      values: [
        revocations.map(() => uuidv7()),
        revocations.map(({ kind }) => kind),
        revocations.map(({ subjectId }) => subjectId),
        revocations.map((revocation) => (revocation.kind === 'account' ? revocation.minTokenVersion : null)),
      ],
    });
  }

  /** One row at least, so that the caller learns the time. @param sinceMs Unix time in milliseconds by the database's clock */
  listSince(sinceMs: number): Statement {
    return {
      name: 'identity.revocations.list-since',
      text: `SELECT r.kind, r.subject_id AS "subjectId", r.min_token_version AS "minTokenVersion",
               (extract(epoch FROM n.now) * 1000)::float8 AS "nowMs"
             FROM (SELECT clock_timestamp() AS now) n
             LEFT JOIN identity.revocation r ON r.revoked_at > to_timestamp($1::float8 / 1000)`,
      values: [sinceMs],
    };
  }

  async deleteOlderThan(tx: Tx, seconds: number): Promise<void> {
    await tx.query({
      name: 'identity.revocations.delete-older-than',
      text: 'DELETE FROM identity.revocation WHERE revoked_at < now() - make_interval(secs => $1)',
      values: [seconds],
    });
  }
}
