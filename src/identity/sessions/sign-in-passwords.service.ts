import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { sha256 } from '../../platform/crypto/digest.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Quota } from '../../platform/http/rate-limit.decorator.js';
import { RateLimits } from '../../platform/http/rate-limits.service.js';
import { type AccountRow, AccountsRepository } from '../accounts/accounts.repository.js';
import { normaliseEmail } from '../accounts/email-address.js';
import { Passwords } from '../accounts/passwords.service.js';
import { invalidCredentials } from '../identity.errors.js';
import { COUNTED_TRIES, guessDelayMs } from './guess-delay.js';

const NAME = 'sign-in-tries';
/** Over all processes, from wherever they come. */
const TRIES: Quota = { points: COUNTED_TRIES, durationS: 3_600 };

/** Passwords of sign-ins: looked at more slowly the oftener an account is tried, and hashed anew when they turn out right. */
@Injectable()
export class SignInPasswords {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly accounts: AccountsRepository,
    private readonly passwords: Passwords,
    private readonly limits: RateLimits,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /**
   * Counts a try of an address, whether it has an account or not. It is counted before it is judged: of many at once, each is one more.
   * @returns milliseconds that it has to wait
   */
  async count(address: string): Promise<number> {
    if (!this.env.isRateLimited) return 0;
    const { isAllowed, remaining } = await this.limits.take(NAME, TRIES, keyOf(address));
    return guessDelayMs(isAllowed ? TRIES.points - remaining : TRIES.points);
  }

  /** After a try that was none: a sign-in. */
  async uncount(address: string): Promise<void> {
    if (this.env.isRateLimited) await this.limits.giveBack(NAME, TRIES, keyOf(address));
  }

  /** Takes as long without an account as with one. @throws DomainError hashingOverloaded */
  async isRight(address: string, password: string, stored: string | null): Promise<boolean> {
    const delayMs = await this.count(address);
    if (delayMs > 0) await sleep(delayMs);
    return this.passwords.isRight(password, stored);
  }

  /**
   * Only after a sign-in is the password at hand to hash it with today's parameters.
   * @returns the hash that the account has now @throws DomainError invalidCredentials when it is of another password meanwhile
   */
  async renewedHash(
    { id, passwordHash }: Pick<AccountRow, 'id' | 'passwordHash'>,
    password: string,
  ): Promise<string | null> {
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

/** Addresses are personal: the counters see their digests. */
function keyOf(address: string): string {
  return sha256(normaliseEmail(address) ?? address).toString('base64url');
}
