import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/unit-of-work.js';
import { currentRequestId } from '../profiling/span.js';
import { actorHashOf, detailHashOf, SALT_BYTES } from './audit-chain.js';
import { AuditRepository } from './audit.repository.js';
import { redactState } from './redact-change.js';

/** What a change leaves behind. */
export interface AuditEvent {
  /** `<domain>.<thing>-<what was done>`, past tense: `identity.account-created`. */
  action: string;
  object: { type: string; id: string };
  /** The account whose matter it is, when that is not the caller. */
  subjectId?: string | undefined;
  /** State before and after, as far as it matters. Secrets are hidden by name and form, long values cut. */
  before?: unknown;
  after?: unknown;
}

/** Whoever acts: a Principal, or the scope of a job. */
export interface AuditActor {
  readonly id: string;
  readonly sessionId?: string | undefined;
  readonly keyId?: string | undefined;
}

/**
 * Writes down who changed what, in the transaction of the change: there is no change without its event and no event without its
 * change. It takes no lock and goes with the COMMIT's own message, so it costs no round trip; a worker seals it within seconds.
 */
@Injectable()
export class Audit {
  constructor(private readonly rows: AuditRepository) {}

  async record(tx: Tx, actor: AuditActor, event: AuditEvent): Promise<void> {
    // Both are UUIDs, hashed as they will be read back.
    const detail = {
      userId: (event.subjectId ?? actor.id).toLowerCase(),
      before: redactState(event.before),
      after: redactState(event.after),
    };
    const by = {
      actorId: actor.id.toLowerCase(),
      sessionId: actor.sessionId ?? actor.keyId ?? null,
      requestId: currentRequestId() ?? null,
    };
    const salts = randomBytes(2 * SALT_BYTES);
    const [salt, actorSalt] = [salts.subarray(0, SALT_BYTES), salts.subarray(SALT_BYTES)];
    this.rows.recordWithCommit(tx, {
      action: event.action,
      objectType: event.object.type,
      objectId: event.object.id.replaceAll('\0', '\uFFFD'),
      ...detail,
      salt,
      detailHash: detailHashOf(salt, detail),
      ...by,
      actorSalt,
      actorHash: actorHashOf(actorSalt, by),
    });
  }

  /**
   * Forgets the person: details of the account's matters go, and where it acted on others' it is no longer named. Events and
   * chain stay and hold. Safe to repeat.
   * @param tx of the system role
   */
  async eraseUser(tx: Tx, userId: string): Promise<void> {
    await this.rows.deleteDetails(tx, userId);
    await this.rows.updateActorErased(tx, userId);
  }
}
