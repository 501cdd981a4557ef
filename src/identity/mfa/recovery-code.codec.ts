import { sha256 } from '../../platform/crypto/digest.js';
import { randomText, readTyped } from '../../platform/crypto/random-text.js';

// Codes for a lost phone. 80 bits of chance each, so their plain digests cannot be guessed from a dump.

export const RECOVERY_CODES = 10;
const LENGTH = 16;
const SHAPE = /^[0-9a-z]{16}$/;

/** `xxxx-xxxx-xxxx-xxxx`, ten of them. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => randomText(LENGTH).replace(/.{4}(?=.)/g, '$&-'));
}

/** What the database keeps of a code, however it was typed; undefined when it is none. */
export function hashOfRecoveryCode(typed: string): Buffer | undefined {
  const code = readTyped(typed);
  return SHAPE.test(code) ? sha256(code) : undefined;
}
