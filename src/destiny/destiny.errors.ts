import { DomainError } from '../platform/http/domain-error.js';
import type { BungieFault, BungieFaultKind } from './bungie/bungie-fault.js';

/** Codes of Destiny; HTTP status in brackets. */
export const DESTINY_ERROR = {
  /** (404) */
  unknownCatalyst: 'destiny/unknown-catalyst',
  /** (404) */
  unknownWeapon: 'destiny/unknown-weapon',
  /** (404) */
  unknownRun: 'destiny/unknown-run',
  /** (400) the cursor's place is no longer in the list. */
  invalidCursor: 'destiny/invalid-cursor',
  /** (400) the query has invalid fields. */
  invalidQuery: 'destiny/invalid-query',
  /** (409) no Destiny account is connected, or none was chosen. */
  noMembership: 'destiny/no-membership',
  /** (404) */
  unknownTable: 'destiny/unknown-table',
  /** (404) */
  unknownDefinition: 'destiny/unknown-definition',
  /** (404) a language that was not imported. */
  unknownLanguage: 'destiny/unknown-language',
  /** (409) BUNGIE_API_KEY is not set. */
  manifestUnreachable: 'destiny/manifest-unreachable',
  /** (409) an import waits for its start. */
  importWaiting: 'destiny/import-waiting',
  /** (409) the account is not connected to Bungie.net. */
  notConnected: 'destiny/not-connected',
  /** (409) Bungie.net has taken its permission back: connect again. */
  signInAgain: 'destiny/sign-in-again',
  /** (409) the connected Bungie.net account has no Destiny account. */
  noDestinyAccount: 'destiny/no-destiny-account',
  /** (404) */
  unknownMembership: 'destiny/unknown-membership',
  /** (409) another platform of the same cross-save has taken the membership over, or Bungie no longer names it. */
  membershipUnusable: 'destiny/membership-unusable',
  /** (409) the player keeps it private at Bungie.net. */
  profilePrivate: 'destiny/profile-private',
  /** (429) Bungie.net was asked a moment ago; `retryAfterS` says for how long to wait. */
  askedJustNow: 'destiny/asked-just-now',
  /** (503) Bungie.net is down for maintenance. */
  bungieMaintenance: 'destiny/bungie-maintenance',
  /** (503) Bungie.net asks to be called less often; `retryAfterS` says until when. */
  bungieThrottled: 'destiny/bungie-throttled',
  /** (503) Bungie.net does not answer. */
  bungieUnreachable: 'destiny/bungie-unreachable',
  /** (503) Bungie.net answers what cannot be used, or does not know this installation. */
  bungieFault: 'destiny/bungie-fault',
} as const;

export const unknownCatalyst = (): DomainError =>
  new DomainError('notFound', DESTINY_ERROR.unknownCatalyst, 'There is no such catalyst.');
export const unknownWeapon = (): DomainError =>
  new DomainError('notFound', DESTINY_ERROR.unknownWeapon, 'There is no such weapon.');
export const unknownRun = (): DomainError =>
  new DomainError('notFound', DESTINY_ERROR.unknownRun, 'There is no such run.');
export const invalidCursor = (): DomainError =>
  new DomainError('malformed', DESTINY_ERROR.invalidCursor, 'The list has changed; begin it anew.');
export const invalidQuery = (field: string, detail: string): DomainError =>
  new DomainError('malformed', DESTINY_ERROR.invalidQuery, 'The query is not valid.', [
    { pointer: `/${field}`, code: 'invalid', detail },
  ]);
export const noMembership = (): DomainError =>
  new DomainError('conflict', DESTINY_ERROR.noMembership, 'No Destiny account is connected.');
export const unknownTable = (known: readonly string[]): DomainError =>
  new DomainError(
    'notFound',
    DESTINY_ERROR.unknownTable,
    `There is no such table; these are: ${known.join(', ')}.`,
  );
export const unsearchableTable = (known: readonly string[]): DomainError =>
  new DomainError('notFound', DESTINY_ERROR.unknownTable, `What is searched by name: ${known.join(', ')}.`);
export const unknownDefinition = (): DomainError =>
  new DomainError('notFound', DESTINY_ERROR.unknownDefinition, 'There is no such definition.');
export const unknownLanguage = (known: readonly string[]): DomainError =>
  new DomainError(
    'notFound',
    DESTINY_ERROR.unknownLanguage,
    `The manifest was not imported in this language; these are: ${known.join(', ') || 'none'}.`,
  );
export const manifestUnreachable = (): DomainError =>
  new DomainError(
    'conflict',
    DESTINY_ERROR.manifestUnreachable,
    'BUNGIE_API_KEY is not set; see .env.example.',
  );
export const importWaiting = (): DomainError =>
  new DomainError('conflict', DESTINY_ERROR.importWaiting, 'An import waits for its start.');
export const notConnected = (): DomainError =>
  new DomainError('conflict', DESTINY_ERROR.notConnected, 'The account is not connected to Bungie.net.');
export const noDestinyAccount = (): DomainError =>
  new DomainError(
    'conflict',
    DESTINY_ERROR.noDestinyAccount,
    'The connected account of Bungie.net has no Destiny account.',
  );
export const unknownMembership = (): DomainError =>
  new DomainError('notFound', DESTINY_ERROR.unknownMembership, 'There is no such membership.');
export const membershipUnusable = (): DomainError =>
  new DomainError(
    'conflict',
    DESTINY_ERROR.membershipUnusable,
    'The membership has been taken over by another platform, or is no longer there.',
  );
export const askedJustNow = (retryAfterS: number): DomainError =>
  new DomainError(
    'tooMany',
    DESTINY_ERROR.askedJustNow,
    'Bungie.net was asked a moment ago; its answers change once a minute.',
    [],
    retryAfterS,
  );

const OF_FAULT: Readonly<Record<BungieFaultKind, readonly ['conflict' | 'overloaded', string]>> = {
  maintenance: ['overloaded', DESTINY_ERROR.bungieMaintenance],
  throttled: ['overloaded', DESTINY_ERROR.bungieThrottled],
  unreachable: ['overloaded', DESTINY_ERROR.bungieUnreachable],
  malformed: ['overloaded', DESTINY_ERROR.bungieFault],
  unexpected: ['overloaded', DESTINY_ERROR.bungieFault],
  key: ['overloaded', DESTINY_ERROR.bungieFault],
  sign_in_again: ['conflict', DESTINY_ERROR.signInAgain],
  no_account: ['conflict', DESTINY_ERROR.noDestinyAccount],
  private: ['conflict', DESTINY_ERROR.profilePrivate],
};

const SENTENCE_OF_US = 'Bungie.net does not give an answer that can be used.';

/** What a caller over HTTP is told of it. */
export function errorOfBungie({ kind, message, retryAfterMs }: BungieFault): DomainError {
  const [status, code] = OF_FAULT[kind];
  const detail = code === DESTINY_ERROR.bungieFault ? SENTENCE_OF_US : message.replace(/ \(error \d+\)$/, '');
  const retryAfterS = retryAfterMs === null ? undefined : Math.max(1, Math.ceil(retryAfterMs / 1_000));
  return new DomainError(status, code, detail, [], retryAfterS);
}
