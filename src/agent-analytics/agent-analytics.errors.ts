import { DomainError } from '../platform/http/domain-error.js';

/** Codes of agent analytics; HTTP status in brackets. */
export const AGENTS_ERROR = {
  /** (404) */
  unknownProject: 'agent-analytics/unknown-project',
  /** (404) */
  unknownSession: 'agent-analytics/unknown-session',
  /** (404) */
  unknownTrace: 'agent-analytics/unknown-trace',
  /** (404) */
  unknownObservation: 'agent-analytics/unknown-observation',
  /** (404) */
  unknownAgent: 'agent-analytics/unknown-agent',
  /** (404) */
  unknownSource: 'agent-analytics/unknown-source',
  /** (404) */
  unknownAlert: 'agent-analytics/unknown-alert',
  /** (409) */
  tooManyAlerts: 'agent-analytics/too-many-alerts',
  /** (404) */
  unknownRun: 'agent-analytics/unknown-run',
  /** (400) the query has invalid fields. */
  invalidQuery: 'agent-analytics/invalid-query',
  /** (422) the run that is asked for cannot be: its range is empty, or of a kind that takes none. */
  invalidRun: 'agent-analytics/invalid-run',
  /** (409) a run of the kind over another range is active. */
  runActive: 'agent-analytics/run-active',
  /** (409) a run that has ended cannot be cancelled. */
  runEnded: 'agent-analytics/run-ended',
  /** (409) figures are being made of what is to be erased; it takes a while after a first copy. */
  rebuilding: 'agent-analytics/rebuilding',
  /** (409) a rebuild of the project waits for its start. */
  rebuildWaiting: 'agent-analytics/rebuild-waiting',
} as const;

export const unknownProject = (): DomainError =>
  new DomainError('notFound', AGENTS_ERROR.unknownProject, 'There is no such project.');
export const unknownSession = (): DomainError =>
  new DomainError('notFound', AGENTS_ERROR.unknownSession, 'There is no such session.');
export const unknownTrace = (): DomainError =>
  new DomainError('notFound', AGENTS_ERROR.unknownTrace, 'There is no such trace.');
export const unknownObservation = (): DomainError =>
  new DomainError('notFound', AGENTS_ERROR.unknownObservation, 'There is no such observation.');
export const unknownAgent = (): DomainError =>
  new DomainError('notFound', AGENTS_ERROR.unknownAgent, 'No such agent has run.');
export const unknownSource = (): DomainError =>
  new DomainError('notFound', AGENTS_ERROR.unknownSource, 'There is no such source.');
export const unknownRun = (): DomainError =>
  new DomainError('notFound', AGENTS_ERROR.unknownRun, 'There is no such run.');
export const unknownAlert = (): DomainError =>
  new DomainError('notFound', AGENTS_ERROR.unknownAlert, 'There is no such alert.');
export const tooManyAlerts = (most: number): DomainError =>
  new DomainError(
    'conflict',
    AGENTS_ERROR.tooManyAlerts,
    `There are ${most} alerts, the most an account may have.`,
  );
export const invalidQuery = (field: string, detail: string): DomainError =>
  new DomainError('malformed', AGENTS_ERROR.invalidQuery, 'The query is not valid.', [
    { pointer: `/${field}`, code: 'invalid', detail },
  ]);
export const invalidRun = (field: string, detail: string): DomainError =>
  new DomainError('unprocessable', AGENTS_ERROR.invalidRun, 'Such a run cannot be.', [
    { pointer: `/${field}`, code: 'invalid', detail },
  ]);
export const runActive = (): DomainError =>
  new DomainError('conflict', AGENTS_ERROR.runActive, 'A run of this kind over another range is active.');
export const runEnded = (): DomainError =>
  new DomainError('conflict', AGENTS_ERROR.runEnded, 'The run has ended.');
export const rebuilding = (): DomainError =>
  new DomainError('conflict', AGENTS_ERROR.rebuilding, 'Figures are being made anew; try again in a while.');
export const rebuildWaiting = (): DomainError =>
  new DomainError('conflict', AGENTS_ERROR.rebuildWaiting, 'A rebuild of this project waits for its start.');
