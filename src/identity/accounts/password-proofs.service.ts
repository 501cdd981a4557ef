import { Injectable } from '@nestjs/common';
import { sha256 } from '../../platform/crypto/digest.js';
import type { Quota } from '../../platform/http/rate-limit.decorator.js';
import { RateLimitError } from '../../platform/http/rate-limit.error.js';
import { RateLimits } from '../../platform/http/rate-limits.service.js';
import { Passwords } from './passwords.service.js';

/**
 * Of one account, over all processes and from wherever they come: who has stolen a token may have many addresses. By account alone:
 * who gets here is signed in, so a stranger cannot keep the owner out.
 */
const PROOFS: Quota = { points: 20, durationS: 300 };

/** The password of somebody who is signed in, once more. */
@Injectable()
export class PasswordProofs {
  constructor(
    private readonly passwords: Passwords,
    private readonly limits: RateLimits,
  ) {}

  /** @throws RateLimitError before anything is hashed; DomainError hashingOverloaded */
  async isRight(accountId: string, password: string, stored: string | null): Promise<boolean> {
    const key = sha256(accountId).toString('base64url');
    const { isAllowed, resetS } = await this.limits.take('password-proof', PROOFS, key);
    if (!isAllowed) throw new RateLimitError(resetS);
    return this.passwords.isRight(password, stored);
  }
}
