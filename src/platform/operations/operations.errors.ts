/** Codes of the operations room; HTTP status in brackets. */
export const OPERATIONS_ERROR = {
  /** (404) no such job, or somebody else's. */
  jobUnknown: 'operations/job-unknown',
  /** (409) only a dead or cancelled job can be driven again. */
  jobNotEnded: 'operations/job-not-ended',
} as const;
