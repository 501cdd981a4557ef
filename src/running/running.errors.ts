/** Codes of this domain; each is reached by a test. */
export const RUNNING_ERROR = {} as const;
