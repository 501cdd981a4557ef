import { DomainError } from '../platform/http/domain-error.js';
import type { InputFault } from '../platform/http/input-fault.js';

/** Codes of Destiny; HTTP status in brackets. */
export const DESTINY_ERROR = {
  /** (400) the query has invalid fields. */
  invalidQuery: 'destiny/invalid-query',
  /** (400) If-Match is no version in quotes. */
  invalidIfMatch: 'destiny/invalid-if-match',
  /** (412) it has another version by now than the client has seen. */
  stale: 'destiny/stale',
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
} as const;

export const invalidDestinyQuery = (field: string, detail: string): DomainError =>
  new DomainError('malformed', DESTINY_ERROR.invalidQuery, 'The query is not valid.', [
    { pointer: `/${field}`, code: 'invalid', detail },
  ]);
export const invalidDestinyIfMatch = (): DomainError =>
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
