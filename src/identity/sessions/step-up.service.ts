import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { AccountsRepository, type AccountRow } from '../accounts/accounts.repository.js';
import { PasswordProofs } from '../accounts/password-proofs.service.js';
import { unknownAccount, unknownSession, wrongPassword } from '../identity.errors.js';
import { type SecondFactor, SecondFactors } from '../mfa/second-factors.service.js';
import { type AccessToken, AccessTokens } from '../tokens/access-tokens.service.js';
import { sessionOf } from './sessions.service.js';
import { SessionsRepository } from './sessions.repository.js';

/** A fresh proof of who is at the device, for what a stolen access token alone must not do. */
@Injectable()
export class StepUp {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly sessions: SessionsRepository,
    private readonly accounts: AccountsRepository,
    private readonly passwords: PasswordProofs,
    private readonly tokens: AccessTokens,
    private readonly factors: SecondFactors,
    private readonly audit: Audit,
  ) {}

  /**
   * Proves anew who is there: by the password, where the account has one, and the second factor, where it has one; it needs one of
   * the two. @returns an access token that says so @throws DomainError wrongPassword, secondFactorNeeded, wrongSecondFactor; RateLimitError
   */
  async stepUp(
    caller: Principal,
    given: SecondFactor & { password?: string | undefined },
  ): Promise<AccessToken> {
    const sessionId = sessionOf(caller);
    const [account] = await this.uow.read<AccountRow>(caller, this.accounts.readOwn(caller.id));
    if (!account) throw unknownAccount();
    const { passwordHash } = account;
    if (
      passwordHash !== null &&
      !(await this.passwords.isRight(caller.id, given.password ?? '', passwordHash))
    )
      throw wrongPassword();
    const hasSecond = await this.factors.demand(caller.id, given, Date.now());
    if (passwordHash === null && !hasSecond) throw wrongPassword();
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
