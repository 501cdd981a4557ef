import { DomainError } from '../platform/http/domain-error.js';

/** Codes of this domain; each is reached by a test. HTTP status in brackets. */
export const RUNNING_ERROR = {
  /** (400) an If-Match that is no version. */
  invalidIfMatch: 'running/invalid-if-match',
  /** (412) it has another version by now. */
  stale: 'running/stale',
  /** (404) no such run, or somebody else's that is not shown. */
  unknownRun: 'running/unknown-run',
  /** (404) no such runner, or one who does not want to be seen. */
  unknownRunner: 'running/unknown-runner',
  /** (409) another runner has this name. */
  usernameTaken: 'running/username-taken',
  /** (422) heart rates do not rise from rest over threshold to maximum. */
  heartRatesDisagree: 'running/heart-rates-disagree',
} as const;

export const invalidRunningIfMatch = (): DomainError =>
  new DomainError('malformed', RUNNING_ERROR.invalidIfMatch, 'If-Match must be a version in quotes.');
/** @param seen version by If-Match, undefined for any @throws DomainError when it is another by now */
export function assertSeen(seen: number | undefined, now: number, what: string): void {
  if (seen !== undefined && seen !== now)
    throw new DomainError(
      'stale',
      RUNNING_ERROR.stale,
      `The ${what} of version ${seen} has version ${now} by now.`,
    );
}
export const unknownRun = (): DomainError =>
  new DomainError('notFound', RUNNING_ERROR.unknownRun, 'There is no such run.');
export const unknownRunner = (): DomainError =>
  new DomainError('notFound', RUNNING_ERROR.unknownRunner, 'There is no such runner.');
export const usernameTaken = (): DomainError =>
  new DomainError('conflict', RUNNING_ERROR.usernameTaken, 'Another runner has this name.', [
    { pointer: '/username', code: 'taken', detail: 'is the name of another runner' },
  ]);
export const heartRatesDisagree = (field: string): DomainError =>
  new DomainError(
    'unprocessable',
    RUNNING_ERROR.heartRatesDisagree,
    'Heart rates rise from rest over threshold to maximum.',
    [{ pointer: `/${field}`, code: 'too-low', detail: 'is not above those that have to be below it' }],
  );
