import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Role } from '../../platform/auth/principal.js';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { invalidCredentials, invalidRefreshToken } from '../identity.errors.js';
import { AccessTokens } from '../tokens/access-tokens.service.js';
import { Revocations } from '../tokens/revocations.service.js';
import { ipPrefix } from './ip-prefix.js';
import { judgeRefresh } from './judge-refresh.js';
import {
  childSecret,
  decodeRefreshToken,
  encodeRefreshToken,
  hashOfSecret,
  isMarked,
  newSecret,
  type RefreshToken,
} from './refresh-token.codec.js';
import { type LockedSession, SessionsRepository } from './sessions.repository.js';

/** The device that signs in, as far as it tells. */
export interface Device {
  name: string | null;
  userAgent: string | null;
  ip: string | undefined;
}

/** An account that has proved who it is. */
export interface ProvedAccount {
  id: string;
  role: Role;
  tokenVersion: number;
  /** The one that was proved; null where something else was. */
  passwordHash: string | null;
}

/** What a client is given to go on with. */
export interface IssuedTokens {
  accessToken: string;
  expiresInS: number;
  refreshToken: string;
  sessionId: string;
  sessionExpiresAt: Date;
}

const MAX_USER_AGENT = 300;

/** Sessions begin by a sign-in, of whatever kind, and go on by refresh. */
@Injectable()
export class OpenSessions {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly sessions: SessionsRepository,
    private readonly tokens: AccessTokens,
    private readonly revocations: Revocations,
    private readonly audit: Audit,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /**
   * A new session. The caller has checked everything: password, second factor, lock.
   * @throws DomainError invalidCredentials when that has changed meanwhile
   */
  async open(account: ProvedAccount, device: Device): Promise<IssuedTokens> {
    const first: RefreshToken = { sessionId: uuidv7(), counter: 0, secret: newSecret() };
    const markKey = newSecret();
    const { expiresAt, provedAt } = await this.uow.run(account, async (tx) => {
      const inserted = await this.sessions.insertSession(tx, {
        id: first.sessionId,
        userId: account.id,
        deviceName: device.name,
        userAgent: device.userAgent?.slice(0, MAX_USER_AGENT) ?? null,
        ipPrefix: ipPrefix(device.ip),
        refreshHash: hashOfSecret(first.secret),
        markKey,
        lifeDays: this.env.refreshTokenDays,
        tokenVersion: account.tokenVersion,
        passwordHash: account.passwordHash,
      });
      if (!inserted) throw invalidCredentials();
      await this.audit.record(
        tx,
        { id: account.id, sessionId: first.sessionId },
        { action: 'identity.session-opened', object: { type: 'identity.session', id: first.sessionId } },
      );
      return inserted;
    });
    return this.issue(
      { id: first.sessionId, userId: account.id, role: account.role, tokenVersion: account.tokenVersion },
      { refreshToken: encodeRefreshToken(first, markKey), expiresAt, provedAt },
    );
  }

  /**
   * New tokens for a refresh token; the same ones for all who bring it at once.
   * @throws DomainError invalidRefreshToken; the session has ended then, if the token was a copy
   */
  async refresh(text: string): Promise<IssuedTokens> {
    const token = decodeRefreshToken(text);
    if (!token) throw invalidRefreshToken();
    const renewed = await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const session = await this.sessions.lockSession(tx, token.sessionId);
      if (!session?.isAlive) return undefined;
      const hash = hashOfSecret(token.secret);
      const verdict = judgeRefresh({
        isOurs: isMarked(token, session.markKey),
        isCurrent: session.refreshHash.equals(hash),
        isParent: session.parentHash?.equals(hash) ?? false,
        rotatedAgoMs: session.rotatedAgoMs,
      });
      if (verdict === 'rotate') return this.rotate(tx, session, token);
      if (verdict === 'repeat') return current(session, token);
      if (verdict === 'reuse') await this.endReused(tx, session);
      return undefined;
    });
    if (!renewed) throw invalidRefreshToken();
    return this.issue(renewed.session, renewed);
  }

  private async rotate(tx: Tx, session: LockedSession, token: RefreshToken): Promise<Renewed> {
    const nonce = newSecret();
    const child = { ...token, counter: session.counter + 1, secret: childSecret(token.secret, nonce) };
    const refreshHash = hashOfSecret(child.secret);
    const lifeDays = this.env.refreshTokenDays;
    const expiresAt = await this.sessions.updateRotated(tx, session.id, { refreshHash, nonce, lifeDays });
    const refreshToken = encodeRefreshToken(child, session.markKey);
    return { session, refreshToken, expiresAt, provedAt: session.provedAt };
  }

  /** Somebody has a copy: nobody goes on with this session. */
  private async endReused(tx: Tx, session: LockedSession): Promise<void> {
    await this.sessions.updateRevoked(tx, session.id);
    await this.revocations.revoke(tx, [{ kind: 'session', subjectId: session.id }]);
    const object = { type: 'identity.session', id: session.id };
    await this.audit.record(tx, { id: session.userId }, { action: 'identity.session-reused', object });
  }

  private async issue(session: SessionOwner, renewed: Omit<Renewed, 'session'>): Promise<IssuedTokens> {
    const access = await this.tokens.issue({
      accountId: session.userId,
      sessionId: session.id,
      role: session.role,
      tokenVersion: session.tokenVersion,
      provedAt: renewed.provedAt,
    });
    return {
      ...access,
      refreshToken: renewed.refreshToken,
      sessionId: session.id,
      sessionExpiresAt: renewed.expiresAt,
    };
  }
}

type SessionOwner = Pick<LockedSession, 'id' | 'userId' | 'role' | 'tokenVersion'>;

interface Renewed {
  session: SessionOwner;
  refreshToken: string;
  expiresAt: Date;
  provedAt: Date;
}

/** The current token, for whoever brings its parent. */
function current(session: LockedSession, parent: RefreshToken): Renewed | undefined {
  if (session.rotationNonce === null) return undefined;
  const secret = childSecret(parent.secret, session.rotationNonce);
  const refreshToken = encodeRefreshToken(
    { sessionId: session.id, counter: session.counter, secret },
    session.markKey,
  );
  return { session, refreshToken, expiresAt: session.expiresAt, provedAt: session.provedAt };
}
