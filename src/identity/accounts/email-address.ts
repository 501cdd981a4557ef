// One address, one account: addresses are compared as they are stored, so there is one way to write each. Only ASCII goes in:
// a letter of another alphabet that looks the same would be somebody else's account, and lower() of PostgreSQL and of
// JavaScript agree on it. Domains of other alphabets have an ASCII form (xn--...).

const ADDRESS =
  /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/i;
const MAX_LENGTH = 254;

/** The stored form of an address, or undefined when the text is none. Dots and `+tags` stay: they may be another mailbox. */
export function normaliseEmail(text: string): string | undefined {
  // Judged as it was written: there are letters outside of ASCII whose lower case lies within (the Kelvin sign).
  return text.length <= MAX_LENGTH && ADDRESS.test(text) ? text.toLowerCase() : undefined;
}
