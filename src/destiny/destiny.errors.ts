import { DomainError } from '../platform/http/domain-error.js';

/** Codes of Destiny; HTTP status in brackets. */
export const DESTINY_ERROR = {
  /** (404) */
  unknownSheet: 'destiny/unknown-sheet',
  /** (404) no tab of the sheet has a name like this. */
  unknownTab: 'destiny/unknown-tab',
  /** (503) Google does not give the sheet out, and it was never read before. */
  sheetUnavailable: 'destiny/sheet-unavailable',
} as const;

export const unknownSheet = (): DomainError =>
  new DomainError('notFound', DESTINY_ERROR.unknownSheet, 'There is no such sheet.');
export const unknownTab = (): DomainError =>
  new DomainError('notFound', DESTINY_ERROR.unknownTab, 'The sheet has no tab with a name like this.');
export const sheetUnavailable = (reason: string): DomainError =>
  new DomainError('overloaded', DESTINY_ERROR.sheetUnavailable, reason);
