import { DomainError } from '../platform/http/domain-error.js';
import { HTTP_ERROR } from '../platform/http/problem.js';
import type { PasswordFault } from './accounts/password-rules.js';

/** Codes of identity; HTTP status in brackets. */
export const IDENTITY_ERROR = {
  /** (401) address or password is wrong, or the account may not sign in; which of these is not said. */
  invalidCredentials: 'identity/invalid-credentials',
  /** (403) the password was right, and an administrator has locked the account. */
  accountLocked: 'identity/account-locked',
  /** (401) the refresh token is unknown, used up or of an ended session. */
  invalidRefreshToken: 'identity/invalid-refresh-token',
  /** (422) a code of a mail that is wrong, used or too old. */
  invalidCode: 'identity/invalid-code',
  /** (403) the operator makes the accounts here. */
  registrationClosed: 'identity/registration-closed',
  /** (400) not an address that we can use. */
  invalidEmail: 'identity/invalid-email',
  /** (422) */
  passwordTooShort: 'identity/password-too-short',
  /** (422) */
  passwordTooLong: 'identity/password-too-long',
  /** (422) it is no text. */
  passwordUnreadable: 'identity/password-unreadable',
  /** (422) one that everybody tries first. */
  passwordTooCommon: 'identity/password-too-common',
  /** (422) the present password is wrong. */
  wrongPassword: 'identity/wrong-password',
  /** (503) too many passwords wait to be checked; try again. */
  hashingOverloaded: 'identity/hashing-overloaded',
  /** (404) no such session, or somebody else's. */
  unknownSession: 'identity/unknown-session',
  /** (404) */
  unknownAccount: 'identity/unknown-account',
  /** (403) only an account has sessions, a password and tickets. */
  accountNeeded: 'identity/account-needed',
  /** (412) the account has changed since. */
  staleAccount: 'identity/stale-account',
  /** (400) an If-Match that is no version of ours. */
  invalidIfMatch: 'identity/invalid-if-match',
  /** (409) another export of the account has not started yet. */
  exportWaits: 'identity/export-waits',
  /** (409) nobody could administer the installation any more. */
  lastAdministrator: 'identity/last-administrator',
  /** (401) the first step of the sign-in is unknown, too old, or was followed by too many wrong codes. */
  invalidChallenge: 'identity/invalid-challenge',
  /** (422) the account has a second factor, and none was sent. */
  secondFactorNeeded: 'identity/second-factor-needed',
  /** (422) the code is wrong, too old or was used. */
  wrongSecondFactor: 'identity/wrong-second-factor',
  /** (409) remove the present one first. */
  secondFactorExists: 'identity/second-factor-exists',
  /** (404) */
  noSecondFactor: 'identity/no-second-factor',
  /** (404) no such key, or somebody else's. */
  unknownKey: 'identity/unknown-key',
  /** (422) a key may do no more than its account. */
  scopesNotHeld: 'identity/scopes-not-held',
  /** (422) it would have ended before it was made. */
  keyExpired: 'identity/key-expired',
  /** (409) */
  tooManyKeys: 'identity/too-many-keys',
  /** (404) nobody connects to, or signs in with, a provider of this name here. */
  unknownProvider: 'identity/unknown-provider',
  /** (404) the account is not connected to the provider. */
  unknownConnection: 'identity/unknown-connection',
  /** (409) the provider has taken its tokens back: its user has to sign in there again. */
  connectionLapsed: 'identity/connection-lapsed',
  /** (503) another process has been asking the provider for too long. */
  connectionBusy: 'identity/connection-busy',
  /** (400) not an address of APP_RETURN_URLS. */
  invalidReturnUrl: 'identity/invalid-return-url',
  /** (400) a state that is unknown, used, too old or another one's. */
  invalidState: 'identity/invalid-state',
  /** (400) the provider, or its user, said no. */
  authorizationRefused: 'identity/authorization-refused',
  /** (409) what somebody is elsewhere belongs to another account already. */
  identityTaken: 'identity/identity-taken',
  /** (404) no such identity, or somebody else's. */
  unknownIdentity: 'identity/unknown-identity',
  /** (409) nobody could sign in to the account any more. */
  lastSignIn: 'identity/last-sign-in',
} as const;

const PASSWORD_FAULTS: Record<PasswordFault, readonly [code: string, detail: string]> = {
  'too-short': [IDENTITY_ERROR.passwordTooShort, 'The password needs at least 8 characters.'],
  'too-long': [IDENTITY_ERROR.passwordTooLong, 'The password has more than 1024 characters.'],
  unreadable: [IDENTITY_ERROR.passwordUnreadable, 'The password is not valid text.'],
  'too-common': [
    IDENTITY_ERROR.passwordTooCommon,
    'The password is one of those that are tried first; choose another.',
  ],
};

export function badPassword(fault: PasswordFault): DomainError {
  const [code, detail] = PASSWORD_FAULTS[fault];
  return new DomainError('unprocessable', code, detail);
}

export const invalidCredentials = (): DomainError =>
  new DomainError(
    'unauthenticated',
    IDENTITY_ERROR.invalidCredentials,
    'The address or the password is wrong, or the address has not been confirmed yet.',
  );
export const accountLocked = (): DomainError =>
  new DomainError('forbidden', IDENTITY_ERROR.accountLocked, 'The account is locked; ask an administrator.');
export const invalidRefreshToken = (): DomainError =>
  new DomainError(
    'unauthenticated',
    IDENTITY_ERROR.invalidRefreshToken,
    'The refresh token is not valid; sign in again.',
  );
export const invalidCode = (): DomainError =>
  new DomainError(
    'unprocessable',
    IDENTITY_ERROR.invalidCode,
    'The code is wrong, has been used or is too old.',
  );
export const registrationClosed = (): DomainError =>
  new DomainError(
    'forbidden',
    IDENTITY_ERROR.registrationClosed,
    'Accounts are made by the operator of this installation.',
  );
export const invalidEmail = (): DomainError =>
  new DomainError('malformed', IDENTITY_ERROR.invalidEmail, 'The address is not one that can be used.', [
    { pointer: '/email', code: 'is-email', detail: 'email must be an e-mail address in ASCII' },
  ]);
export const wrongPassword = (): DomainError =>
  new DomainError('unprocessable', IDENTITY_ERROR.wrongPassword, 'The present password is wrong.');
export const hashingOverloaded = (): DomainError =>
  new DomainError('overloaded', IDENTITY_ERROR.hashingOverloaded, 'Too many sign-ins at once; try again.');
export const badCursor = (): DomainError =>
  new DomainError('malformed', HTTP_ERROR.malformed, 'The cursor was not made by this list.');
export const unknownSession = (): DomainError =>
  new DomainError('notFound', IDENTITY_ERROR.unknownSession, 'There is no such session.');
export const unknownAccount = (): DomainError =>
  new DomainError('notFound', IDENTITY_ERROR.unknownAccount, 'There is no such account.');
export const accountNeeded = (): DomainError =>
  new DomainError('forbidden', IDENTITY_ERROR.accountNeeded, 'This is for people that have signed in.');
export const staleAccount = (): DomainError =>
  new DomainError('stale', IDENTITY_ERROR.staleAccount, 'The account has changed since; read it again.');
export const invalidIfMatch = (): DomainError =>
  new DomainError('malformed', IDENTITY_ERROR.invalidIfMatch, 'If-Match must be the ETag of the account.');
export const exportWaits = (): DomainError =>
  new DomainError(
    'conflict',
    IDENTITY_ERROR.exportWaits,
    'An export waits for its start already; look at your jobs.',
  );
export const lastAdministrator = (): DomainError =>
  new DomainError(
    'conflict',
    IDENTITY_ERROR.lastAdministrator,
    'This is the last administrator who can sign in; make another one first.',
  );
export const invalidChallenge = (): DomainError =>
  new DomainError('unauthenticated', IDENTITY_ERROR.invalidChallenge, 'Sign in with your password again.');
export const secondFactorNeeded = (): DomainError =>
  new DomainError(
    'unprocessable',
    IDENTITY_ERROR.secondFactorNeeded,
    'Send a code of your authenticator app or a recovery code too.',
  );
export const wrongSecondFactor = (): DomainError =>
  new DomainError(
    'unprocessable',
    IDENTITY_ERROR.wrongSecondFactor,
    'The code is wrong, too old or has been used; wait for the next one.',
  );
export const secondFactorExists = (): DomainError =>
  new DomainError(
    'conflict',
    IDENTITY_ERROR.secondFactorExists,
    'The account has a second factor already; remove it first.',
  );
export const noSecondFactor = (): DomainError =>
  new DomainError('notFound', IDENTITY_ERROR.noSecondFactor, 'The account has no second factor.');
export const unknownKey = (): DomainError =>
  new DomainError('notFound', IDENTITY_ERROR.unknownKey, 'There is no such key.');
export const keyExpired = (): DomainError =>
  new DomainError('unprocessable', IDENTITY_ERROR.keyExpired, 'The key would have ended already.', [
    { pointer: '/expiresAt', code: 'in-the-future', detail: 'expiresAt must lie in the future' },
  ]);
export const tooManyKeys = (maximum: number): DomainError =>
  new DomainError(
    'conflict',
    IDENTITY_ERROR.tooManyKeys,
    `An account has at most ${maximum} keys; delete one first.`,
  );
/** @param indexes of the scopes that the caller does not hold */
export const scopesNotHeld = (indexes: readonly number[]): DomainError =>
  new DomainError(
    'unprocessable',
    IDENTITY_ERROR.scopesNotHeld,
    'A key may do no more than its account.',
    indexes.map((index) => ({
      pointer: `/scopes/${index}`,
      code: 'held',
      detail: 'the account does not have this permission',
    })),
  );
export const unknownProvider = (): DomainError =>
  new DomainError('notFound', IDENTITY_ERROR.unknownProvider, 'There is no such provider here.');
export const unknownConnection = (): DomainError =>
  new DomainError('notFound', IDENTITY_ERROR.unknownConnection, 'The account is not connected to it.');
export const connectionLapsed = (): DomainError =>
  new DomainError(
    'conflict',
    IDENTITY_ERROR.connectionLapsed,
    'The provider has taken its permission back; connect again.',
  );
export const connectionBusy = (): DomainError =>
  new DomainError('overloaded', IDENTITY_ERROR.connectionBusy, 'The provider is slow just now; try again.');
export const invalidReturnUrl = (): DomainError =>
  new DomainError('malformed', IDENTITY_ERROR.invalidReturnUrl, 'returnTo must be one of APP_RETURN_URLS.', [
    { pointer: '/returnTo', code: 'is-in', detail: 'returnTo must be one of APP_RETURN_URLS' },
  ]);
export const invalidState = (): DomainError =>
  new DomainError(
    'malformed',
    IDENTITY_ERROR.invalidState,
    'This way back has been used, is too old, or was not begun here; begin again.',
  );
export const authorizationRefused = (): DomainError =>
  new DomainError(
    'malformed',
    IDENTITY_ERROR.authorizationRefused,
    'The provider did not agree; nothing has changed.',
  );
export const identityTaken = (): DomainError =>
  new DomainError(
    'conflict',
    IDENTITY_ERROR.identityTaken,
    'This sign-in belongs to another account; unlink it there first.',
  );
export const unknownIdentity = (): DomainError =>
  new DomainError('notFound', IDENTITY_ERROR.unknownIdentity, 'There is no such identity.');
export const lastSignIn = (): DomainError =>
  new DomainError(
    'conflict',
    IDENTITY_ERROR.lastSignIn,
    'This is the last way to sign in to the account; add another one first.',
  );
