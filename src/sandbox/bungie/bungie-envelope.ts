// The envelope of every answer of the platform, and Bungie's names for its codes (PlatformErrorCodes).

export const ERROR_STATUS: Readonly<Record<number, string>> = {
  1: 'Success',
  5: 'SystemDisabled',
  7: 'ParameterParseFailure',
  12: 'InsufficientPrivileges',
  18: 'InvalidParameters',
  21: 'NotFound',
  31: 'ThrottleLimitExceeded',
  35: 'ThrottleLimitExceededMinutes',
  36: 'ThrottleLimitExceededMomentarily',
  37: 'ThrottleLimitExceededSeconds',
  51: 'PerEndpointRequestThrottleExceeded',
  54: 'PerApplicationThrottleExceeded',
  55: 'PerApplicationAnonymousThrottleExceeded',
  56: 'PerApplicationAuthenticatedThrottleExceeded',
  57: 'PerUserThrottleExceeded',
  99: 'WebAuthRequired',
  217: 'UserCannotResolveCentralAccount',
  1601: 'DestinyAccountNotFound',
  1618: 'DestinyUnexpectedError',
  1665: 'DestinyPrivacyRestriction',
  1670: 'DestinyLegacyPlatformInaccessible',
  1672: 'DestinyThrottledByGameServer',
  2101: 'ApiInvalidOrExpiredKey',
  2102: 'ApiKeyMissingFromRequest',
  2103: 'ApplicationDisabled',
  2106: 'AuthorizationCodeInvalid',
  2107: 'OriginHeaderDoesNotMatchKey',
  2111: 'AccessTokenHasExpired',
  2117: 'ProvidedTokenNotValidRefreshToken',
  2118: 'RefreshTokenExpired',
  2122: 'AuthorizationCodeStale',
  2123: 'AuthorizationRecordExpired',
  2124: 'AuthorizationRecordRevoked',
};

/** HTTP status that goes with a code; the rest come with 500. */
const HTTP_STATUS: Readonly<Record<number, number>> = {
  1: 200,
  5: 503,
  7: 400,
  12: 403,
  18: 400,
  21: 404,
  31: 503,
  35: 503,
  36: 503,
  37: 503,
  51: 503,
  54: 503,
  55: 503,
  56: 503,
  57: 503,
  99: 401,
  1672: 503,
  2101: 401,
  2102: 401,
  2103: 401,
  2106: 401,
  2107: 401,
  2111: 401,
  2117: 401,
  2118: 401,
  2122: 401,
  2123: 401,
  2124: 401,
};

/** An answer of the platform that is not a success. */
export class PlatformError extends Error {
  constructor(
    readonly code: number,
    readonly throttleSeconds = 0,
  ) {
    super(statusOf(code));
  }
}

export interface Envelope {
  readonly Response?: unknown;
  readonly ErrorCode: number;
  readonly ThrottleSeconds: number;
  readonly ErrorStatus: string;
  readonly Message: string;
  readonly MessageData: Readonly<Record<string, string>>;
}

export function success(response: unknown): Envelope {
  return { Response: response, ...wordsOf(1, 0), Message: 'Ok' };
}

export function failure(code: number, throttleSeconds: number): Envelope {
  return wordsOf(code, throttleSeconds);
}

export function httpStatusOf(code: number): number {
  return HTTP_STATUS[code] ?? 500;
}

/** Bungie's word for a code; a made-up one for those that nobody knows yet. */
export function statusOf(code: number): string {
  return ERROR_STATUS[code] ?? `SandboxCode${code}`;
}

function wordsOf(code: number, throttleSeconds: number): Omit<Envelope, 'Response'> {
  const status = statusOf(code);
  return {
    ErrorCode: code,
    ThrottleSeconds: throttleSeconds,
    ErrorStatus: status,
    Message: `The sandbox says ${status}.`,
    MessageData: {},
  };
}
