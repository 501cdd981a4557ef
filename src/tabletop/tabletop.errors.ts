import { DomainError } from '../platform/http/domain-error.js';

/** Codes of this domain; each is reached by a test. HTTP status in brackets. */
export const TABLETOP_ERROR = {
  /** (404) no such term in the shipped reference. */
  unknownReference: 'tabletop/unknown-reference',
} as const;

export const unknownReference = (): DomainError =>
  new DomainError('notFound', TABLETOP_ERROR.unknownReference, 'There is no such term in the reference.');
