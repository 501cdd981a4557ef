import { DomainError } from '../platform/http/domain-error.js';

/** Codes of the market; HTTP status in brackets. */
export const MARKET_ERROR = {
  /** (404) */
  unknownGame: 'market/unknown-game',
  /** (404) */
  unknownServer: 'market/unknown-server',
  /** (404) */
  unknownItem: 'market/unknown-item',
  /** (413) more elements than a batch may have. */
  batchTooLarge: 'market/batch-too-large',
  /** (422) an empty batch. */
  batchEmpty: 'market/batch-empty',
  /** (422) valid JSON, and no array. */
  batchNotArray: 'market/batch-not-array',
  /** (422) elements of more clients than a batch may speak for. */
  tooManySources: 'market/too-many-sources',
  /** (422) every element was rejected; each has its fault. */
  batchRejected: 'market/batch-rejected',
  /** (400) the query of a list or of prices has invalid fields. */
  invalidQuery: 'market/invalid-query',
  /** (503) too many batches wait for this server; send again later. */
  laneFull: 'market/lane-full',
} as const;

export const unknownGame = (): DomainError =>
  new DomainError('notFound', MARKET_ERROR.unknownGame, 'There is no such game.');
export const unknownServer = (): DomainError =>
  new DomainError('notFound', MARKET_ERROR.unknownServer, 'The game has no such server.');
export const tooManySources = (maximum: number): DomainError =>
  new DomainError(
    'unprocessable',
    MARKET_ERROR.tooManySources,
    `A batch names at most ${maximum} different sources (name and version).`,
  );
export const unknownItem = (): DomainError =>
  new DomainError('notFound', MARKET_ERROR.unknownItem, 'The game has no such item.');
