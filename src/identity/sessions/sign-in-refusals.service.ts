import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import { sha256 } from '../../platform/crypto/digest.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Quota } from '../../platform/http/rate-limit.decorator.js';
import { RateLimits } from '../../platform/http/rate-limits.service.js';
import { ipPrefix } from './ip-prefix.js';

// A refused sign-in leaves an event, since its owner and administrators want to know of guesses. An attacker must not fill the trail
// with them, from however many addresses: so of one account so many are written down in an hour, and of all addresses without an
// account together so many; the last one is followed by an event that says so, and the rest are counted only. Nobody is locked out.

/** What was wrong. */
export type RefusalReason = 'unknown-address' | 'wrong-password' | 'unconfirmed-address' | 'locked';

const OF_ACCOUNT: Quota = { points: 20, durationS: 3_600 };
const OF_STRANGERS: Quota = { points: 200, durationS: 3_600 };

@Injectable()
export class SignInRefusals {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly limits: RateLimits,
    private readonly audit: Audit,
  ) {}

  /** @param accountId null = the address has no account, and is not written down @param ip from which it was tried */
  async note(accountId: string | null, reason: RefusalReason, ip: string | undefined): Promise<void> {
    const { isAllowed, remaining } = await this.count(accountId);
    if (!isAllowed) return;
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const object =
        accountId === null
          ? { type: 'identity.sign-in', id: 'unknown-address' }
          : { type: 'identity.account', id: accountId };
      const matter = { object, subjectId: accountId ?? undefined };
      const after = { reason, network: ipPrefix(ip) };
      await this.audit.record(tx, SYSTEM_SCOPE, { ...matter, action: 'identity.sign-in-refused', after });
      if (remaining === 0)
        await this.audit.record(tx, SYSTEM_SCOPE, {
          ...matter,
          action: 'identity.sign-in-attempts-exceeded',
          after: { written: (accountId === null ? OF_STRANGERS : OF_ACCOUNT).points, withinS: 3_600 },
        });
    });
  }

  private count(accountId: string | null): ReturnType<RateLimits['take']> {
    return accountId === null
      ? this.limits.take('sign-in-refused-strangers', OF_STRANGERS, 'all')
      : this.limits.take('sign-in-refused', OF_ACCOUNT, sha256(accountId).toString('base64url'));
  }
}
