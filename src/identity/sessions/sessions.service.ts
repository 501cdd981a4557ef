import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { AccountsRepository, type AccountRow } from '../accounts/accounts.repository.js';
import { Passwords } from '../accounts/passwords.service.js';
import { accountNeeded, unknownAccount, unknownSession, wrongPassword } from '../identity.errors.js';
import { type AccessToken, AccessTokens } from '../tokens/access-tokens.service.js';
import { Revocations } from '../tokens/revocations.service.js';
import { type SessionRow, SessionsRepository } from './sessions.repository.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** One's own devices. */
@Injectable()
export class Sessions {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly sessions: SessionsRepository,
    private readonly accounts: AccountsRepository,
    private readonly passwords: Passwords,
    private readonly tokens: AccessTokens,
    private readonly revocations: Revocations,
    private readonly audit: Audit,
  ) {}

  list(caller: Principal): Promise<SessionRow[]> {
    return this.uow.read<SessionRow>(caller, this.sessions.listAlive());
  }

  /** Here at once, in other processes within a second. @throws DomainError unknownSession, also for somebody else's */
  async end(caller: Principal, id: string): Promise<void> {
    if (!UUID.test(id)) throw unknownSession();
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

  /** Proves the password anew. @returns an access token that says so @throws DomainError wrongPassword */
  async stepUp(caller: Principal, password: string): Promise<AccessToken> {
    const sessionId = sessionOf(caller);
    const [account] = await this.uow.read<AccountRow>(caller, this.accounts.readOwn(caller.id));
    if (!account) throw unknownAccount();
    if (!(await this.passwords.isRight(password, account.passwordHash))) throw wrongPassword();
    return this.prove(caller, sessionId, account);
  }

  /** For whatever else proves who is there: the session remembers it. */
  private async prove(caller: Principal, sessionId: string, account: AccountRow): Promise<AccessToken> {
    const provedAt = await this.uow.run(caller, async (tx) => {
      const object = { type: 'identity.session', id: sessionId };
      await this.audit.record(tx, caller, { action: 'identity.session-proved', object });
      return this.sessions.updateProved(tx, sessionId);
    });
    if (!provedAt) throw unknownSession();
    const { role, tokenVersion } = account;
    return this.tokens.issue({ accountId: caller.id, sessionId, role, tokenVersion, provedAt });
  }
}

/** @throws DomainError for callers without a session, such as API keys */
export function sessionOf(caller: Principal): string {
  if (caller.sessionId === undefined) throw accountNeeded();
  return caller.sessionId;
}
