// What a link shows. A stranger sees no more than its kind says: `summary` the counts and the nearest catalysts, `list` every
// catalyst, `catalyst` a single one.
export const SHARE_KINDS = ['summary', 'list', 'catalyst'] as const;
export type ShareKind = (typeof SHARE_KINDS)[number];

/** How long a link may be valid, in seconds. */
export const LEAST_VALID_S = 3_600;
export const MOST_VALID_S = 365 * 86_400;
export const USUAL_VALID_S = 30 * 86_400;

/** Links of an account that are valid at once. */
export const MOST_SHARES = 20;

/** 128 bits in base64url: what is no such text was never a link's. */
export const SLUG = /^[\w-]{21}[AQgw]$/;
