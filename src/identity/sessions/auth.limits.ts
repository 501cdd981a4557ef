import type { RateLimit } from '../../platform/http/rate-limit.decorator.js';

const MINUTE_S = 60;
const HOUR_S = 3_600;

/**
 * How often what costs a hash, a mail or a guess may be tried. Many people may share an address, so that alone is allowed much;
 * an address trying one account is allowed little, and the account is never locked for other addresses, though slower for all
 * (`guess-delay.ts`).
 */
export const LIMITS = {
  /** Sends a mail to whoever has the address, so as little as `mail`. */
  register: {
    name: 'register',
    perIp: { points: 30, durationS: HOUR_S },
    perSubject: { field: 'email', points: 3, durationS: 10 * MINUTE_S },
  },
  signIn: {
    name: 'sign-in',
    perIp: { points: 100, durationS: HOUR_S },
    perSubject: { field: 'email', points: 10, durationS: MINUTE_S },
  },
  /** Codes of mails. */
  code: { name: 'code', perIp: { points: 30, durationS: 5 * MINUTE_S } },
  mail: {
    name: 'mail',
    perIp: { points: 30, durationS: HOUR_S },
    perSubject: { field: 'email', points: 3, durationS: 10 * MINUTE_S },
  },
  refresh: { name: 'refresh', perIp: { points: 600, durationS: 5 * MINUTE_S } },
  /** The password of somebody who is signed in, whose tries are counted by account too. */
  proof: { name: 'proof', perIp: { points: 30, durationS: 5 * MINUTE_S } },
  /** The second step of a sign-in, whose tries are counted by account too. */
  secondFactor: { name: 'second-factor-sign-in', perIp: { points: 60, durationS: MINUTE_S } },
  externalStart: { name: 'external-start', perIp: { points: 30, durationS: MINUTE_S } },
  externalExchange: { name: 'external-exchange', perIp: { points: 30, durationS: MINUTE_S } },
  /** Browsers that come back from a provider, whatever they went for. */
  authorizationCallback: { name: 'authorization-callback', perIp: { points: 60, durationS: MINUTE_S } },
} as const satisfies Record<string, RateLimit>;
