import { Inject, Injectable } from '@nestjs/common';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import type { AccountRow } from '../accounts/accounts.repository.js';
import { normaliseEmail } from '../accounts/email-address.js';
import { untilEvenTime } from '../accounts/even-time.clock.js';
import { Passwords } from '../accounts/passwords.service.js';
import { accountLocked, invalidCredentials } from '../identity.errors.js';
import { type SignInChallenge, SignInChallenges } from '../mfa/sign-in-challenges.service.js';
import { type Device, type IssuedTokens, OpenSessions } from './open-sessions.service.js';
import { type RefusalReason, SignInRefusals } from './sign-in-refusals.service.js';

/**
 * Sign-in by password. An address without an account takes the same way as one with: a look-up, a hash, an event, a refusal at an even
 * time; so neither words nor time tell them apart. That an account is locked learns only who knows its password.
 */
@Injectable()
export class SignIn {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly accounts: AccountsRepository,
    private readonly passwords: Passwords,
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
    const isRight = await this.passwords.isRight(password, account?.passwordHash ?? null);
    const reason = this.refusalOf(account, isRight);
    if (!account || reason !== undefined) {
      await this.refusals.note(account?.id ?? null, reason ?? 'unknown-address', device.ip);
      await untilEvenTime(startedMs); // whether an event was written does not show
      throw reason === 'locked' ? accountLocked() : invalidCredentials();
    }
    const proved = { ...account, passwordHash: await this.renewedHash(account, password) };
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

  /**
   * Only now is the password at hand to hash it with today's parameters.
   * @returns the hash that the account has now @throws DomainError invalidCredentials when it is of another password meanwhile
   */
  private async renewedHash({ id, passwordHash }: AccountRow, password: string): Promise<string | null> {
    if (passwordHash === null || !this.passwords.isOutdated(passwordHash)) return passwordHash;
    const hash = await this.passwords.rehash(password);
    const stored = await this.system.run(SYSTEM_SCOPE, async (tx) => {
      if (await this.accounts.updateRehashed(tx, id, passwordHash, hash)) return hash;
      return (await this.accounts.findAccount(tx, id))?.passwordHash ?? null;
    });
    // Another sign-in of the same moment may have been faster.
    if (stored !== hash && !(await this.passwords.isRight(password, stored))) throw invalidCredentials();
    return stored;
  }
}
