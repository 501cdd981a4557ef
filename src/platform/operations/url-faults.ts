import type { UrlFault } from '../outbound/address-guard.js';

/** Why a URL that a user has given is refused, in the user's terms. */
export const URL_FAULTS: Record<UrlFault, string> = {
  unreadable: 'The URL cannot be read in one way only.',
  scheme: 'The URL must begin with https://.',
  credentials: 'The URL must not have a user name or password.',
  port: 'The URL must lead to port 443.',
  host: 'The URL must lead to a public address.',
};
