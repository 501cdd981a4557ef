import { Inject, Injectable } from '@nestjs/common';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import type { AccountRow } from '../accounts/accounts.repository.js';
import { normaliseEmail } from '../accounts/email-address.js';
import { untilEvenTime } from '../accounts/even-time.clock.js';
import { accountLocked, invalidCredentials } from '../identity.errors.js';
import { type SignInChallenge, SignInChallenges } from '../mfa/sign-in-challenges.service.js';
import { type Device, type IssuedTokens, OpenSessions } from './open-sessions.service.js';
import { SignInPasswords } from './sign-in-passwords.service.js';
import { type RefusalReason, SignInRefusals } from './sign-in-refusals.service.js';

/**
 * Sign-in by password. An address without an account takes the same way as one with: a look-up, a hash, an event, a refusal at an even
 * time; so neither words nor time tell them apart. Both are slowed down alike when they are tried often. That an account is
 * locked learns only who knows its password.
 */
@Injectable()
export class SignIn {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly accounts: AccountsRepository,
    private readonly passwords: SignInPasswords,
    private readonly sessions: OpenSessions,
    private readonly challenges: SignInChallenges,
    private readonly refusals: SignInRefusals,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /**
   * @returns tokens, or a challenge where the account has a second factor
   * @throws DomainError invalidCredentials, accountLocked, hashingOverloaded
   */
  async signIn(address: string, password: string, device: Device): Promise<IssuedTokens | SignInChallenge> {
    const startedMs = performance.now();
    const account = await this.find(address);
    const isRight = await this.passwords.isRight(address, password, account?.passwordHash ?? null);
    const reason = this.refusalOf(account, isRight);
    if (reason === undefined || reason === 'locked') await this.passwords.uncount(address); // it was no guess
    if (!account || reason !== undefined) {
      await this.refusals.note(account?.id ?? null, reason ?? 'unknown-address', device.ip);
      await untilEvenTime(startedMs); // whether an event was written does not show
      throw reason === 'locked' ? accountLocked() : invalidCredentials();
    }
    const proved = { ...account, passwordHash: await this.passwords.renewedHash(account, password) };
    return (await this.challenges.open(proved)) ?? this.sessions.open(proved, device);
  }

  private refusalOf(account: AccountRow | null, isRight: boolean): RefusalReason | undefined {
    if (!account) return 'unknown-address';
    if (!isRight) return 'wrong-password';
    if (this.env.smtpUrl !== undefined && account.verifiedAt === null) return 'unconfirmed-address';
    return account.lockedAt ? 'locked' : undefined;
  }

  private find(address: string): Promise<AccountRow | null> {
    const email = normaliseEmail(address) ?? ''; // nobody's, and looked up all the same
    return this.system.run(SYSTEM_SCOPE, (tx) => this.accounts.findByEmail(tx, email));
  }
}
