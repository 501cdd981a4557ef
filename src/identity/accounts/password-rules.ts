import { COMMON_PASSWORDS } from './common-passwords.js';

// Length and not composition is what makes a password hard to guess (ASVS 5, 6.2): eight characters at least, any character
// goes, none is changed, and those that everybody tries first are refused. The upper bound is there for us: whoever sends a
// megabyte shall not have it hashed.

export const MIN_PASSWORD_LENGTH = 8;
export const MAX_PASSWORD_LENGTH = 1_024;

export type PasswordFault = 'too-short' | 'too-long' | 'unreadable' | 'too-common';

/**
 * What is wrong with a new password, or undefined.
 * @param email the account's, which is no secret
 */
export function passwordFault(password: string, email: string): PasswordFault | undefined {
  if (password.length > MAX_PASSWORD_LENGTH) return 'too-long';
  if (password.length < MIN_PASSWORD_LENGTH) return 'too-short';
  if (!password.isWellFormed()) return 'unreadable'; // halves of characters would all hash alike
  const lower = password.toLowerCase();
  const isObvious = lower === email || lower === email.split('@', 1)[0] || isOneCharacter(lower);
  return isObvious || COMMON_PASSWORDS.has(lower) ? 'too-common' : undefined;
}

function isOneCharacter(text: string): boolean {
  return new Set(text).size === 1;
}
