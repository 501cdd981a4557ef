/** Codes of Destiny; HTTP status in brackets. */
export const DESTINY_ERROR = {} as const;
