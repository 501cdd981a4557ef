import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import { sha256 } from '../../platform/crypto/digest.js';
import { isSame } from '../../platform/crypto/hmac.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { challengeOf } from '../connections/authorization-state.codec.js';
import { accountLocked, invalidCode } from '../identity.errors.js';
import { type SignInChallenge, SignInChallenges } from '../mfa/sign-in-challenges.service.js';
import { type Device, type IssuedTokens, OpenSessions } from '../sessions/open-sessions.service.js';
import { SignInCodesRepository } from './sign-in-codes.repository.js';

/** The end of a sign-in elsewhere: the app's code becomes a session. */
@Injectable()
export class ExchangeCode {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly codes: SignInCodesRepository,
    private readonly accounts: AccountsRepository,
    private readonly sessions: OpenSessions,
    private readonly challenges: SignInChallenges,
    private readonly audit: Audit,
  ) {}

  /** Tokens, or a challenge where the account has a second factor. @param verifier of the challenge with which the sign-in began @throws DomainError invalidCode, accountLocked */
  async exchange(code: string, verifier: string, device: Device): Promise<IssuedTokens | SignInChallenge> {
    const redeemed = await this.system.run(SYSTEM_SCOPE, (tx) => this.codes.deleteRedeemed(tx, sha256(code)));
    const isFit = redeemed && isSame(Buffer.from(redeemed.codeChallenge), Buffer.from(challengeOf(verifier)));
    if (!isFit) throw invalidCode();
    const account = await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const found = await this.accounts.findAccount(tx, redeemed.userId);
      if (!found) throw invalidCode();
      if (found.lockedAt) throw accountLocked();
      await this.audit.record(tx, found, {
        action: 'identity.external-signed-in',
        object: { type: 'identity.account', id: found.id },
      });
      return found;
    });
    const proved = { ...account, passwordHash: null }; // not by a password
    return (await this.challenges.open(proved)) ?? this.sessions.open(proved, device);
  }
}
