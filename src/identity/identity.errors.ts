import { DomainError } from '../platform/http/domain-error.js';
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
