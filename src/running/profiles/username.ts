// Names by which runners are found. Latin letters, digits and `. _ -`, so that no two names look alike and each is a segment of a path as
// it is; compared without regard to case. What reads like an id of an account is none: both stand in the same place of a path.

export const LEAST_USERNAME = 3;
export const MOST_USERNAME = 50;

/** 3 to 50 characters, the first and the last a letter or a digit. */
export const USERNAME =
  /^(?![\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$)[a-z\d][a-z\d._-]{1,48}[a-z\d]$/i;

export function isUsername(text: string): boolean {
  return USERNAME.test(text);
}

/** Under which a name is unique. */
export function foldUsername(username: string): string {
  return username.toLowerCase();
}

const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** A name for whoever has chosen none. @param bytes random ones, ten */
export function madeUpUsername(bytes: Uint8Array): string {
  return `runner-${Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]!).join('')}`;
}
