import { DomainError } from '../platform/http/domain-error.js';

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
