import type { RateLimit } from '../../platform/http/rate-limit.decorator.js';

// How often strangers may try. Guesses at one account are few per address; an address that tries many accounts is stopped too.
// Nobody is locked out by others: the account alone is never counted.

const HOUR_S = 3_600;

export const SIGN_IN_LIMIT: RateLimit = {
  name: 'sign-in',
  perIp: { points: 100, durationS: HOUR_S },
  perSubject: { points: 10, durationS: 60, field: 'email' },
};

/** What sends mail or makes accounts. */
export const REGISTER_LIMIT: RateLimit = {
  name: 'register',
  perIp: { points: 30, durationS: HOUR_S },
  perSubject: { points: 5, durationS: HOUR_S, field: 'email' },
};
export const RESET_LIMIT: RateLimit = {
  name: 'password-reset',
  perIp: { points: 30, durationS: HOUR_S },
  perSubject: { points: 5, durationS: HOUR_S, field: 'email' },
};

/** Codes of 256 bits are not guessed; this bounds what trying costs us. */
export const CODE_LIMIT: RateLimit = { name: 'code', perIp: { points: 60, durationS: HOUR_S } };

/** A house of many devices behind one address refreshes every ten minutes each. */
export const REFRESH_LIMIT: RateLimit = { name: 'refresh', perIp: { points: 150, durationS: 300 } };

/** The present password, asked for anew: whoever holds a stolen token may not guess it. */
export const PROOF_LIMIT: RateLimit = { name: 'proof', perIp: { points: 20, durationS: 600 } };
