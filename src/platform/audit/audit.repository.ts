import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../database/unit-of-work.js';

/** An event with its personal part, hashed already. */
export interface NewAuditRow {
  action: string;
  objectType: string;
  objectId: string;
  userId: string;
  before: unknown;
  after: unknown;
  salt: Buffer;
  detailHash: Buffer;
  actorId: string;
  sessionId: string | null;
  requestId: string | null;
  actorSalt: Buffer;
  actorHash: Buffer;
}

/** What administrators read. */
export interface AuditRow {
  id: number;
  at: Date;
  action: string;
  objectType: string;
  objectId: string;
  /** Null when its details have been erased, as are all that follow but the last. */
  subjectId: string | null;
  actorId: string | null;
  sessionId: string | null;
  requestId: string | null;
  before: unknown;
  after: unknown;
  sealSeq: number | null;
}

export interface AuditFilter {
  action: string | null;
  objectType: string | null;
  objectId: string | null;
  actorId: string | null;
  subjectId: string | null;
  from: Date | null;
  to: Date | null;
  /** Only events before this one. */
  before: number | null;
  limit: number;
}

const SELECT = `
  SELECT e.id, e.at, e.action, e.object_type AS "objectType", e.object_id AS "objectId", d.user_id AS "subjectId",
    d.actor_id AS "actorId", d.session_id AS "sessionId", d.request_id AS "requestId", d.before, d.after, s.seq AS "sealSeq"
  FROM platform.audit_event e LEFT JOIN platform.audit_detail d ON d.event_id = e.id
  LEFT JOIN platform.audit_seal s ON s.event_id = e.id`;

@Injectable()
export class AuditRepository {
  recordWithCommit(tx: Tx, row: NewAuditRow): void {
    tx.withCommit(recordStatement(row));
  }

  async deleteDetails(tx: Tx, userId: string): Promise<void> {
    await tx.query({
      name: 'platform.audit.delete-details',
      text: 'DELETE FROM platform.audit_detail WHERE user_id = $1',
      values: [userId],
    });
  }

  async updateActorErased(tx: Tx, actorId: string): Promise<void> {
    await tx.query({
      name: 'platform.audit.update-actor-erased',
      text: `UPDATE platform.audit_detail SET actor_salt = NULL, actor_id = NULL, session_id = NULL, request_id = NULL
             WHERE actor_id = $1`,
      values: [actorId],
    });
  }

  /** Newest first. */
  listPage(tx: Tx, filter: AuditFilter): Promise<AuditRow[]> {
    const given = [
      ['e.action =', filter.action],
      ['e.object_type =', filter.objectType],
      ['e.object_id =', filter.objectId],
      ['d.actor_id =', filter.actorId],
      ['d.user_id =', filter.subjectId],
      ['e.at >=', filter.from],
      ['e.at <', filter.to],
      ['e.id <', filter.before],
    ] as const;
    const used = given.filter(([, value]) => value !== null);
    const where = used.map(([sql], index) => `${sql} $${index + 2}`).join(' AND ');
    // A plan of its own for each combination: a common one would have to read all events.
    const combination = given.map(([, value]) => (value === null ? '0' : '1')).join('');
    return tx.query<AuditRow>({
      name: `platform.audit.list-page-${combination}`,
      text: `${SELECT} ${where === '' ? '' : `WHERE ${where}`} ORDER BY e.id DESC LIMIT $1`,
      values: [filter.limit, ...used.map(([, value]) => value)],
    });
  }
}

function recordStatement(row: NewAuditRow): Statement {
  return {
    name: 'platform.audit.record-event',
    text: 'SELECT platform.record_audit($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)',
    values: [
      row.action,
      row.objectType,
      row.objectId,
      row.userId,
      toJson(row.before),
      toJson(row.after),
      row.salt,
      row.detailHash,
      row.actorId,
      row.sessionId,
      row.requestId,
      row.actorSalt,
      row.actorHash,
    ],
  };
}

function toJson(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}
