/** Codes of this domain; each is reached by a test. HTTP status in brackets. */
export const TABLETOP_ERROR = {} as const;
