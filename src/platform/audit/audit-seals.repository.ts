import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../database/advisory-locks.js';
import type { Tx } from '../database/unit-of-work.js';
import type { ChainedEvent } from './audit-chain.js';

export interface SealRow {
  seq: number;
  eventId: number;
  prevHash: Buffer;
  hash: Buffer;
}

/** A seal with what it covers; the parts of an event that is gone are null, and those of erased details too. */
export interface SealedRow extends SealRow {
  event: ChainedEvent | null;
  detail: { userId: string; salt: Buffer; before: unknown; after: unknown } | null;
  actor: { salt: Buffer; actorId: string | null; sessionId: string | null; requestId: string | null } | null;
}

interface FlatRow extends SealRow {
  id: number | null;
  atUs: string;
  action: string;
  objectType: string;
  objectId: string;
  actorHash: Buffer;
  detailHash: Buffer;
  userId: string | null;
  salt: Buffer;
  before: unknown;
  after: unknown;
  actorSalt: Buffer | null;
  actorId: string | null;
  sessionId: string | null;
  requestId: string | null;
}

const EVENT = `e.id, (extract(epoch FROM e.at) * 1000000)::bigint::text AS "atUs", e.action, e.object_type AS "objectType",
  e.object_id AS "objectId", e.actor_hash AS "actorHash", e.detail_hash AS "detailHash"`;
const SEAL = 's.seq, s.event_id AS "eventId", s.prev_hash AS "prevHash", s.hash';

@Injectable()
export class AuditSealsRepository {
  /** Makes this transaction the only one that seals, if nobody else does and there is something to seal. */
  async lockSealing(tx: Tx): Promise<boolean> {
    const [row] = await tx.query<{ isMine: boolean }>({
      name: 'platform.audit-seals.lock-sealing',
      text: `SELECT EXISTS (SELECT FROM platform.audit_pending) AND pg_try_advisory_xact_lock($1, 0) AS "isMine"`,
      values: [ADVISORY_LOCK.auditSeals],
    });
    return row!.isMine;
  }

  async findHead(tx: Tx): Promise<SealRow | undefined> {
    const [row] = await tx.query<SealRow>({
      name: 'platform.audit-seals.find-head',
      text: `SELECT ${SEAL} FROM platform.audit_seal s ORDER BY seq DESC LIMIT 1`,
      values: [],
    });
    return row;
  }

  /** The random start of the chain, by which it is known. */
  async findOrigin(tx: Tx): Promise<Buffer | undefined> {
    const [row] = await tx.query<{ prevHash: Buffer }>({
      name: 'platform.audit-seals.find-origin',
      text: 'SELECT prev_hash AS "prevHash" FROM platform.audit_seal WHERE seq = 1',
      values: [],
    });
    return row?.prevHash;
  }

  /** Takes committed events out of the queue. What waits without its event stays: it tells that one was deleted. */
  takePending(tx: Tx, limit: number): Promise<ChainedEvent[]> {
    return tx.query<ChainedEvent>({
      name: 'platform.audit-seals.take-pending',
      text: `WITH taken AS (
               DELETE FROM platform.audit_pending WHERE event_id IN (
                 SELECT p.event_id FROM platform.audit_pending p JOIN platform.audit_event e ON e.id = p.event_id
                 ORDER BY p.event_id LIMIT $1)
               RETURNING event_id)
             SELECT ${EVENT} FROM taken JOIN platform.audit_event e ON e.id = taken.event_id ORDER BY e.id`,
      values: [limit],
    });
  }

  async insertSeals(tx: Tx, seals: readonly SealRow[]): Promise<void> {
    await tx.query({
      name: 'platform.audit-seals.insert-seals',
      text: `INSERT INTO platform.audit_seal (seq, event_id, prev_hash, hash)
             SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[])`,
      values: [
        seals.map((seal) => seal.seq),
        seals.map((seal) => seal.eventId),
        seals.map((seal) => seal.prevHash),
        seals.map((seal) => seal.hash),
      ],
    });
  }

  async listSealed(tx: Tx, afterSeq: number, limit: number): Promise<SealedRow[]> {
    const rows = await tx.query<FlatRow>({
      name: 'platform.audit-seals.list-sealed',
      text: `SELECT ${SEAL}, ${EVENT}, d.user_id AS "userId", d.salt, d.before, d.after, d.actor_salt AS "actorSalt",
               d.actor_id AS "actorId", d.session_id AS "sessionId", d.request_id AS "requestId"
             FROM platform.audit_seal s LEFT JOIN platform.audit_event e ON e.id = s.event_id
             LEFT JOIN platform.audit_detail d ON d.event_id = s.event_id
             WHERE s.seq > $1 ORDER BY s.seq LIMIT $2`,
      values: [afterSeq, limit],
    });
    return rows.map(toSealedRow);
  }

  /** The first event that neither has a seal nor waits for one. */
  async findUnsealed(tx: Tx): Promise<number | undefined> {
    const [row] = await tx.query<{ id: number }>({
      name: 'platform.audit-seals.find-unsealed',
      text: `SELECT e.id FROM platform.audit_event e
             WHERE NOT EXISTS (SELECT FROM platform.audit_seal s WHERE s.event_id = e.id)
               AND NOT EXISTS (SELECT FROM platform.audit_pending p WHERE p.event_id = e.id)
             ORDER BY e.id LIMIT 1`,
      values: [],
    });
    return row?.id;
  }

  /** What waits for its seal, and the first that waits without its event. */
  async countPending(tx: Tx): Promise<{ count: number; orphanId: number | null }> {
    const [row] = await tx.query<{ count: number; orphanId: number | null }>({
      name: 'platform.audit-seals.count-pending',
      text: `SELECT count(e.id)::int AS count, min(p.event_id) FILTER (WHERE e.id IS NULL) AS "orphanId"
             FROM platform.audit_pending p LEFT JOIN platform.audit_event e ON e.id = p.event_id`,
      values: [],
    });
    return row!;
  }
}

function toSealedRow(row: FlatRow): SealedRow {
  const {
    seq,
    eventId,
    prevHash,
    hash,
    userId,
    salt,
    before,
    after,
    actorSalt,
    actorId,
    sessionId,
    requestId,
  } = row;
  return {
    seq,
    eventId,
    prevHash,
    hash,
    event: row.id === null ? null : { ...row, id: row.id },
    detail: userId === null ? null : { userId, salt, before, after },
    actor: actorSalt === null ? null : { salt: actorSalt, actorId, sessionId, requestId },
  };
}
