import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { AccountsRepository, type AccountRow } from '../accounts/accounts.repository.js';
import { Passwords } from '../accounts/passwords.service.js';
import { accountNeeded, unknownAccount, unknownSession, wrongPassword } from '../identity.errors.js';
import { type SecondFactor, SecondFactors } from '../mfa/second-factors.service.js';
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
    private readonly factors: SecondFactors,
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
    });
  }

  signOut(caller: Principal): Promise<void> {
    return this.end(caller, sessionOf(caller));
  }

  /**
   * Proves anew who is there: by the password, where the account has one, and the second factor, where it has one; it needs one of
   * the two. @returns an access token that says so @throws DomainError wrongPassword, secondFactorNeeded, wrongSecondFactor
   */
  async stepUp(
    caller: Principal,
    given: SecondFactor & { password?: string | undefined },
  ): Promise<AccessToken> {
    const sessionId = sessionOf(caller);
    const [account] = await this.uow.read<AccountRow>(caller, this.accounts.readOwn(caller.id));
    if (!account) throw unknownAccount();
    const { passwordHash } = account;
    if (passwordHash !== null && !(await this.passwords.isRight(given.password ?? '', passwordHash)))
      throw wrongPassword();
    const hasSecond = await this.factors.demand(caller.id, given, Date.now());
    if (passwordHash === null && !hasSecond) throw wrongPassword();
    return this.prove(caller, sessionId, account);
  }

  /** For whatever else proves who is there: the session remembers it. */
  private async prove(caller: Principal, sessionId: string, account: AccountRow): Promise<AccessToken> {
    const provedAt = await this.uow.run(caller, (tx) => this.sessions.updateProved(tx, sessionId));
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
