import { DomainError } from '../platform/http/domain-error.js';
import type { BungieFault, BungieFaultKind } from './bungie/bungie-fault.js';
import type { InputFault } from '../platform/http/input-fault.js';

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
  /** (404) */
  unknownConversation: 'destiny/unknown-conversation',
  /** (422) the persona is none of those that `/personas` lists. */
  unknownPersona: 'destiny/unknown-persona',
  /** (409) */
  tooManyConversations: 'destiny/too-many-conversations',
  /** (409) the conversation holds as many messages as one may. */
  conversationFull: 'destiny/conversation-full',
  /** (409) the message before is still being answered. */
  runActive: 'destiny/run-active',
  /** (409) a run that has ended cannot be cancelled. */
  runEnded: 'destiny/run-ended',
  /** Of a run, not of an answer: its process ended before it. */
  runLost: 'destiny/run-lost',
  /** Likewise: it could not be answered. */
  runFailed: 'destiny/run-failed',
  /** (429) the account has as many runs as may be under way at once. */
  tooManyRuns: 'destiny/too-many-runs',
  /** (412) another version is there by now. */
  stale: 'destiny/stale',
  /** (400) If-Match is no version in quotes. */
  invalidIfMatch: 'destiny/invalid-if-match',
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
  /** (404) */
  unknownSheet: 'destiny/unknown-sheet',
  /** (404) no tab of the sheet has a name like this. */
  unknownTab: 'destiny/unknown-tab',
  /** (503) Google does not give the sheet out, and it was never read before. */
  sheetUnavailable: 'destiny/sheet-unavailable',
  /** (404) no such wish list, or somebody else's. */
  unknownWishList: 'destiny/unknown-wish-list',
  /** (415) a wish list is sent as text/plain. */
  wishListNotText: 'destiny/wish-list-not-text',
  /** (413) its text is longer than ten megabytes. */
  wishListTooLarge: 'destiny/wish-list-too-large',
  /** (422) it has more rolls than a list may have. */
  wishListTooLong: 'destiny/wish-list-too-long',
  /** (422) no line of it is a roll. */
  wishListEmpty: 'destiny/wish-list-empty',
  /** (400) its text did not arrive completely. */
  wishListCut: 'destiny/wish-list-cut',
  /** (409) the account has as many wish lists as one may have. */
  tooManyWishLists: 'destiny/too-many-wish-lists',
  /** (409) the account's wish lists would have more rolls than all of one account's may have. */
  tooManyWishes: 'destiny/too-many-wishes',
  /** (503) too many lists are being taken in at once. */
  wishListsBusy: 'destiny/wish-lists-busy',
  /** (404) no such link: never made, revoked, ended, or somebody else's. */
  unknownShare: 'destiny/unknown-share',
  /** (422) which catalyst the link shows is missing, surplus or unknown. */
  invalidShare: 'destiny/invalid-share',
  /** (409) the account has as many links as one may have. */
  tooManyShares: 'destiny/too-many-shares',
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
export const unknownConversation = (): DomainError =>
  new DomainError('notFound', DESTINY_ERROR.unknownConversation, 'There is no such conversation.');
export const unknownPersona = (): DomainError =>
  new DomainError('unprocessable', DESTINY_ERROR.unknownPersona, 'There is no such persona.', [
    { pointer: '/persona', code: 'unknown', detail: 'is none of the personas that there are' },
  ]);
export const tooManyConversations = (most: number): DomainError =>
  new DomainError(
    'conflict',
    DESTINY_ERROR.tooManyConversations,
    `There are ${most} conversations, the most an account may have; delete one.`,
  );
export const conversationFull = (most: number): DomainError =>
  new DomainError(
    'conflict',
    DESTINY_ERROR.conversationFull,
    `The conversation holds ${most} messages, the most there may be; begin another.`,
  );
export const runActive = (): DomainError =>
  new DomainError('conflict', DESTINY_ERROR.runActive, 'The message before is still being answered.');
export const runEnded = (): DomainError =>
  new DomainError('conflict', DESTINY_ERROR.runEnded, 'The run has ended.');
export const tooManyRuns = (most: number): DomainError =>
  new DomainError('tooMany', DESTINY_ERROR.tooManyRuns, `At most ${most} messages are answered at once.`);
export const invalidIfMatch = (): DomainError =>
  new DomainError('malformed', DESTINY_ERROR.invalidIfMatch, 'If-Match must be a version in quotes.');
/** @param seen version by If-Match, undefined for any @throws DomainError when it is another by now */
export function assertSeen(seen: number | undefined, now: number, what: string): void {
  if (seen !== undefined && seen !== now)
    throw new DomainError(
      'stale',
      DESTINY_ERROR.stale,
      `The ${what} of version ${seen} has version ${now} by now.`,
    );
}
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
export const unknownSheet = (): DomainError =>
  new DomainError('notFound', DESTINY_ERROR.unknownSheet, 'There is no such sheet.');
export const unknownTab = (): DomainError =>
  new DomainError('notFound', DESTINY_ERROR.unknownTab, 'The sheet has no tab with a name like this.');
export const sheetUnavailable = (reason: string): DomainError =>
  new DomainError('overloaded', DESTINY_ERROR.sheetUnavailable, reason);
export const invalidDestinyQuery = (field: string, detail: string): DomainError =>
  new DomainError('malformed', DESTINY_ERROR.invalidQuery, 'The query is not valid.', [
    { pointer: `/${field}`, code: 'invalid', detail },
  ]);
export const invalidDestinyIfMatch = (): DomainError =>
  new DomainError('malformed', DESTINY_ERROR.invalidIfMatch, 'If-Match must be a version in quotes.');
export const unknownWishList = (): DomainError =>
  new DomainError('notFound', DESTINY_ERROR.unknownWishList, 'There is no such wish list.');
export const wishListNotText = (): DomainError =>
  new DomainError('unsupported', DESTINY_ERROR.wishListNotText, 'Send the list as text/plain in UTF-8.');
export const wishListTooLarge = (): DomainError =>
  new DomainError('tooLarge', DESTINY_ERROR.wishListTooLarge, 'A wish list has at most 10 MB.');
export const wishListTooLong = (most: number): DomainError =>
  new DomainError('unprocessable', DESTINY_ERROR.wishListTooLong, `A wish list has at most ${most} rolls.`);
/** @param faults lines that were passed over; the first of them are told */
export const wishListEmpty = (faults: readonly { line: number; code: string }[]): DomainError =>
  new DomainError(
    'unprocessable',
    DESTINY_ERROR.wishListEmpty,
    'No line of the text is a roll of a wish list.',
    faults.slice(0, 10).map(({ line, code }): InputFault => ({
      pointer: '',
      code,
      detail: `line ${line} says nothing known`,
    })),
  );
export const wishListCut = (): DomainError =>
  new DomainError('malformed', DESTINY_ERROR.wishListCut, 'The text did not arrive completely.');
export const tooManyWishLists = (most: number): DomainError =>
  new DomainError(
    'conflict',
    DESTINY_ERROR.tooManyWishLists,
    `There are ${most} wish lists, the most an account may have.`,
  );
export const tooManyWishes = (most: number): DomainError =>
  new DomainError(
    'conflict',
    DESTINY_ERROR.tooManyWishes,
    `All wish lists of an account have at most ${most} rolls.`,
  );
export const wishListsBusy = (): DomainError =>
  new DomainError(
    'overloaded',
    DESTINY_ERROR.wishListsBusy,
    'Too many wish lists are being taken in; try again.',
  );
export const unknownShare = (): DomainError =>
  new DomainError('notFound', DESTINY_ERROR.unknownShare, 'There is no such link.');
export const invalidShare = (detail: string): DomainError =>
  new DomainError('unprocessable', DESTINY_ERROR.invalidShare, 'There is nothing to show by this link.', [
    { pointer: '/recordHash', code: 'invalid', detail },
  ]);
export const tooManyShares = (most: number): DomainError =>
  new DomainError(
    'conflict',
    DESTINY_ERROR.tooManyShares,
    `There are ${most} links, the most an account may have; revoke one.`,
  );
