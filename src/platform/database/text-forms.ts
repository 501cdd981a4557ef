// Forms of texts from outside that PostgreSQL takes as they are meant.

/** Its texts hold no NUL. */
export const NO_NUL = /^[^\0]*$/;

/**
 * An instant whose year has four digits. ISO 8601 knows others (+012026, -000001), which PostgreSQL reads differently or not at all;
 * no row is of such a year, so a period of them is a mistake.
 */
export const INSTANT = /^\d{4}-/;
