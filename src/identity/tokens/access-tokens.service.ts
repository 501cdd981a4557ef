import { Inject, Injectable } from '@nestjs/common';
import jsonwebtoken from 'jsonwebtoken';
import passportJwt from 'passport-jwt';
import { AuthError } from '../../platform/auth/auth.errors.js';
import type { Role } from '../../platform/auth/principal.js';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { DatabaseUnavailableError } from '../../platform/database/database.errors.js';
import { type AccessClaims, accessTokenSchema, AUDIENCE, ISSUER, TOKEN_TYPE } from './access-claims.js';
import { SigningKeys } from './signing-keys.service.js';

/** Whom a new access token speaks for. */
export interface TokenSubject {
  accountId: string;
  sessionId: string;
  tokenVersion: number;
  role: Role;
  /** When its user last proved password or second factor. */
  provedAt: Date;
}

export interface AccessToken {
  accessToken: string;
  expiresInS: number;
}

interface CarriesToken {
  token: string;
}

/** What passport adds to a strategy for one try; without passport's own middleware we do. */
interface Outcome {
  success(claims: AccessClaims): void;
  fail(reason: unknown): void;
  error(error: unknown): void;
}

@Injectable()
export class AccessTokens {
  private readonly strategy: passportJwt.Strategy;

  constructor(
    private readonly keys: SigningKeys,
    @Inject(ENV) private readonly env: Env,
  ) {
    this.strategy = new passportJwt.Strategy(
      {
        jwtFromRequest: (request: unknown) => (request as CarriesToken).token,
        secretOrKeyProvider: (_request: unknown, token: string, done: KeyFound) =>
          void this.findKey(token, done),
        algorithms: ['ES256'],
        issuer: ISSUER,
        audience: AUDIENCE,
        jsonWebTokenOptions: { complete: true },
      },
      (token: unknown, done: (error: null, claims: AccessClaims | false) => void) => {
        const parsed = accessTokenSchema.safeParse(token);
        done(null, parsed.success && parsed.data.payload);
      },
    );
  }

  /** A signed token; it lives ACCESS_TOKEN_S. */
  async issue(subject: TokenSubject): Promise<AccessToken> {
    const { id, privateKey } = await this.keys.signer();
    const claims = {
      sid: subject.sessionId,
      ver: subject.tokenVersion,
      role: subject.role,
      pat: Math.floor(subject.provedAt.getTime() / 1_000),
    };
    const accessToken = jsonwebtoken.sign(claims, privateKey, {
      algorithm: 'ES256',
      header: { alg: 'ES256', typ: TOKEN_TYPE },
      keyid: id,
      issuer: ISSUER,
      audience: AUDIENCE,
      subject: subject.accountId,
      expiresIn: this.env.accessTokenS,
    });
    return { accessToken, expiresInS: this.env.accessTokenS };
  }

  /** Checks signature, algorithm, type, issuer, audience and time. Whether it was taken back is another question. @throws AuthError */
  verify(token: string): Promise<AccessClaims> {
    return new Promise((resolve, reject) => {
      const outcome: Outcome = {
        success: resolve,
        fail: (reason) =>
          reject(reason instanceof DatabaseUnavailableError ? reason : new AuthError('invalidToken')),
        error: (error) => reject(error instanceof Error ? error : new AuthError('invalidToken')),
      };
      const attempt = Object.assign(Object.create(this.strategy) as passportJwt.Strategy, outcome);
      attempt.authenticate({ token } as never);
    });
  }

  private async findKey(token: string, done: KeyFound): Promise<void> {
    const kid = keyIdOf(token);
    const pem = kid === undefined ? undefined : await this.keys.publicPem(kid).catch((error: Error) => error);
    if (typeof pem === 'string') done(null, pem);
    else done(pem ?? new Error('The token names no key of ours'));
  }
}

type KeyFound = (error: Error | null, key?: string) => void;

const MAX_HEADER_LENGTH = 512;

function keyIdOf(token: string): string | undefined {
  const [header = ''] = token.split('.', 1);
  if (header.length > MAX_HEADER_LENGTH) return undefined;
  try {
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid?: unknown };
    return typeof kid === 'string' ? kid : undefined;
  } catch {
    return undefined;
  }
}
