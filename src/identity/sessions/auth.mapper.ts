import type { AccessToken } from '../tokens/access-tokens.service.js';
import type { SignInChallenge } from '../mfa/sign-in-challenges.service.js';
import type { AccessTokenDto, ChallengeDto, SessionDto, SessionsDto, TokensDto } from './auth.dto.js';
import type { IssuedTokens } from './open-sessions.service.js';
import type { SessionRow } from './sessions.repository.js';

export function toAccessTokenDto(token: AccessToken): AccessTokenDto {
  return { accessToken: token.accessToken, tokenType: 'Bearer', expiresInS: token.expiresInS };
}

export function toTokensDto(issued: IssuedTokens): TokensDto {
  return {
    accessToken: issued.accessToken,
    tokenType: 'Bearer',
    expiresInS: issued.expiresInS,
    refreshToken: issued.refreshToken,
    sessionId: issued.sessionId,
    sessionExpiresAt: issued.sessionExpiresAt.toISOString(),
  };
}

export function toSignedInDto(outcome: IssuedTokens | SignInChallenge): TokensDto | ChallengeDto {
  if (!('challengeToken' in outcome)) return toTokensDto(outcome);
  return {
    isSecondFactorNeeded: true,
    challengeToken: outcome.challengeToken,
    expiresInS: outcome.expiresInS,
  };
}

export function toSessionsDto(rows: readonly SessionRow[], currentId: string | undefined): SessionsDto {
  return { items: rows.map((row) => toSessionDto(row, currentId)) };
}

function toSessionDto(row: SessionRow, currentId: string | undefined): SessionDto {
  return {
    id: row.id,
    deviceName: row.deviceName,
    userAgent: row.userAgent,
    ipPrefix: row.ipPrefix,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    isCurrent: row.id === currentId,
  };
}
