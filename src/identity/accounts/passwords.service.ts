import { Injectable } from '@nestjs/common';
import { hash, parseOptions, verify } from '@node-rs/argon2';
import { badPassword, hashingOverloaded } from '../identity.errors.js';
import { HashingGate } from './hashing-gate.js';
import { MAX_PASSWORD_LENGTH, passwordFault } from './password-rules.js';

/** argon2id (the library's default) as OWASP and ASVS 5 ask: 19 MiB, two passes, one lane. */
export const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const MOST_AT_ONCE = 2;
const MOST_WAITING = 50;

/** Of no password: the price of a look at an account that does not exist. It has our parameters, so it takes as long. */
const DUMMY =
  '$argon2id$v=19$m=19456,t=2,p=1$Z3VpbGRoYWxsLWR1bW15LXNhbHQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

/** Passwords are only ever seen here. */
@Injectable()
export class Passwords {
  private readonly gate = new HashingGate(MOST_AT_ONCE, MOST_WAITING);

  /**
   * The PHC string of a new password. @throws DomainError when it may not be one, before anything is hashed; when too many
   * wait
   */
  async hashNew(password: string, email: string): Promise<string> {
    const fault = passwordFault(password, email);
    if (fault) throw badPassword(fault);
    return this.gate.run(() => hash(password, ARGON2), hashingOverloaded);
  }

  /**
   * Whether the password is the one of the hash. Costs the same without a hash, so that nobody learns who has an account.
   * @throws DomainError when too many wait
   */
  async isRight(password: string, stored: string | null): Promise<boolean> {
    if (password.length > MAX_PASSWORD_LENGTH) return false;
    const isEqual = await this.gate.run(() => verify(stored ?? DUMMY, password), hashingOverloaded);
    return stored !== null && isEqual;
  }

  /** A hash made with weaker parameters than today's. */
  isOutdated(stored: string): boolean {
    const { memoryCost, timeCost, parallelism } = parseOptions(stored);
    return (
      memoryCost < ARGON2.memoryCost ||
      timeCost < ARGON2.timeCost ||
      parallelism !== ARGON2.parallelism ||
      !stored.startsWith('$argon2id$')
    );
  }

  /** The hash of a password that was right just now, with today's parameters. The rules of new ones do not ask again. */
  rehash(password: string): Promise<string> {
    return this.gate.run(() => hash(password, ARGON2), hashingOverloaded);
  }
}
