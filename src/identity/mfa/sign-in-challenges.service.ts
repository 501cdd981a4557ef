import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import { sha256 } from '../../platform/crypto/digest.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { AccountsRepository, type AccountRow } from '../accounts/accounts.repository.js';
import { invalidChallenge, invalidCredentials, wrongSecondFactor } from '../identity.errors.js';
import { type Device, type IssuedTokens, OpenSessions } from '../sessions/open-sessions.service.js';
import { newSecret } from '../sessions/refresh-token.codec.js';
import { SecondFactorsRepository } from './second-factors.repository.js';
import { assertGiven, type SecondFactor, SecondFactors } from './second-factors.service.js';

// Between the two steps of a sign-in the client holds a token that opens nothing by itself. It ends after five minutes or
// five wrong codes, with the password that it stands for (a reset or a lock raises the token version, a change deletes the
// challenges), and with the lock of the account.

const LIFE_S = 300;
const MAX_TRIES = 5;

/** Half of a sign-in. */
export interface SignInChallenge {
  challengeToken: string;
  expiresInS: number;
}

/** Its hash is null where something else than the password was proved. */
type Proved = Pick<AccountRow, 'id' | 'tokenVersion' | 'passwordHash'>;

@Injectable()
export class SignInChallenges {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly rows: SecondFactorsRepository,
    private readonly factors: SecondFactors,
    private readonly accounts: AccountsRepository,
    private readonly sessions: OpenSessions,
    private readonly audit: Audit,
  ) {}

  /**
   * For whoever has just proved the first factor, of whatever kind. @returns undefined when that is enough
   * @throws DomainError invalidCredentials when it counts no more
   */
  async open(account: Proved): Promise<SignInChallenge | undefined> {
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      if (!(await this.factors.isEnrolled(tx, account.id))) return undefined;
      // Under the lock that a change of the password takes, which deletes the challenges that are there.
      const now = await this.accounts.lockAccount(tx, account.id);
      const isSame = account.passwordHash === null || now?.passwordHash === account.passwordHash;
      if (!now || !isSame || now.lockedAt || now.tokenVersion !== account.tokenVersion)
        throw invalidCredentials();
      const challengeToken = newSecret().toString('base64url');
      await this.rows.insertChallenge(tx, {
        hash: sha256(challengeToken),
        userId: account.id,
        tokenVersion: account.tokenVersion,
        lifeS: LIFE_S,
      });
      return { challengeToken, expiresInS: LIFE_S };
    });
  }

  /** @throws DomainError invalidChallenge, secondFactorNeeded, wrongSecondFactor; RateLimitError */
  async complete(
    challengeToken: string,
    given: SecondFactor,
    device: Device,
    nowMs: number,
  ): Promise<IssuedTokens> {
    assertGiven(given);
    const hash = sha256(challengeToken);
    // The try is committed on its own: a wrong code must not take its count back.
    const account = await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const challenge = await this.rows.updateTried(tx, hash, MAX_TRIES);
      const found = challenge && (await this.accounts.findAccount(tx, challenge.userId));
      return found && found.tokenVersion === challenge.tokenVersion && !found.lockedAt ? found : null;
    });
    if (!account) throw invalidChallenge();
    await this.factors.count(account.id);
    const isRight = await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const isProved =
        (await this.factors.use(tx, account.id, given, nowMs)) && (await this.rows.deleteChallenge(tx, hash));
      await this.audit.record(
        tx,
        { id: account.id },
        {
          action: `identity.second-factor-${isProved ? 'proved' : 'refused'}`,
          object: { type: 'identity.account', id: account.id },
        },
      );
      return isProved;
    });
    if (!isRight) throw wrongSecondFactor();
    return this.sessions.open(account, device);
  }
}
