import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { assertProved } from '../../platform/auth/step-up.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { accountNeeded, unknownSession } from '../identity.errors.js';
import { Revocations } from '../tokens/revocations.service.js';
import { type SessionRow, SessionsRepository } from './sessions.repository.js';

/** One's own devices. */
@Injectable()
export class Sessions {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly sessions: SessionsRepository,
    private readonly revocations: Revocations,
    private readonly audit: Audit,
  ) {}

  list(caller: Principal): Promise<SessionRow[]> {
    return this.uow.read<SessionRow>(caller, this.sessions.listAlive());
  }

  /** Here at once, in other processes within a second. @throws DomainError unknownSession, also for somebody else's */
  async end(caller: Principal, id: string): Promise<void> {
    if (!isUuid(id)) throw unknownSession();
    await this.uow.run(caller, async (tx) => {
      if (!(await this.sessions.updateRevoked(tx, id))) throw unknownSession();
      await this.revocations.revoke(tx, [{ kind: 'session', subjectId: id }]);
      const object = { type: 'identity.session', id };
      await this.audit.record(tx, caller, { action: 'identity.session-ended', object });
    });
  }

  signOut(caller: Principal): Promise<void> {
    return this.end(caller, sessionOf(caller));
  }
}

/**
 * For giving others rights, which outlives whatever it was given with: neither a narrow key nor a stolen access token may. The
 * operator's own tokens may. @throws DomainError for keys; AuthError without a fresh proof
 */
export function assertMayGrant(caller: Principal): void {
  if (caller.kind !== 'account') return;
  sessionOf(caller);
  assertProved(caller, Date.now());
}

/** @throws DomainError for callers without a session, such as API keys */
export function sessionOf(caller: Principal): string {
  if (caller.sessionId === undefined) throw accountNeeded();
  return caller.sessionId;
}
