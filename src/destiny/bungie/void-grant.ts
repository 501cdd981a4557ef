import { isObject, textOf } from './answer-fields.js';
import { kindOfErrorCode } from './error-codes.js';

// What a refusal of Bungie's token endpoint means. It says `invalid_grant` for most of what is void, but also 401 and 403 without a word of
// the standard, a `server_error` named after the record, or an envelope of the API. Maintenance comes as `server_error` too, with
// SystemDisabled, and makes nothing void; nor does trouble with our own client, which would end the connections of all players.

const VOID_DESCRIPTIONS = new Set([
  'AuthorizationCodeInvalid',
  'AccessTokenHasExpired',
  'OAuthAccessTokenExpired',
  'ProvidedTokenNotValidRefreshToken',
  'RefreshTokenExpired',
  'AuthorizationRecordInvalid',
  'TokenPreviouslyRevoked',
  'TokenInvalidMembership',
  'AuthorizationCodeStale',
  'AuthorizationRecordExpired',
  'AuthorizationRecordRevoked',
]);
/** Of RFC 6749: ours, not the player's. */
const OURS = new Set(['invalid_client', 'unauthorized_client', 'invalid_request', 'unsupported_grant_type']);

/** @param body of a refusal */
export function isVoidGrant(status: number, body: string): boolean {
  const json = parsed(body);
  const error = textOf(json['error'], 60);
  if (error === 'invalid_grant') return true;
  if (error === 'server_error') return VOID_DESCRIPTIONS.has(textOf(json['error_description'], 60) ?? '');
  const code = json['ErrorCode'];
  if (typeof code === 'number') return kindOfErrorCode(code) === 'sign_in_again';
  return (status === 401 || status === 403) && !OURS.has(error ?? '');
}

function parsed(body: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(body);
    return isObject(json) ? json : {};
  } catch {
    return {};
  }
}
