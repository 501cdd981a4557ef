import { randomBytes } from 'node:crypto';
import { sha256 } from '../../platform/crypto/digest.js';
import { hmacSha256 } from '../../platform/crypto/hmac.js';

// The state travels by way of the browser and the provider and comes back; the database keeps its digest and a salt. PKCE
// verifier and nonce are made of both. So whoever sees the address of the callback cannot make the verifier, and neither can
// whoever has a copy of the database.

const SECRET_BYTES = 32;
/** A state or browser secret: 256 bits in base64url. */
export const SECRET_SHAPE = /^[A-Za-z0-9_-]{43}$/;

export interface FlowSecrets {
  /** Of PKCE. */
  verifier: string;
  /** Comes back in the ID token. */
  nonce: string;
}

export function newFlowSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

export function newSalt(): Buffer {
  return randomBytes(SECRET_BYTES);
}

export function flowSecrets(state: string, salt: Buffer): FlowSecrets {
  const derive = (what: string): string =>
    hmacSha256(salt, `guildhall ${what} ${state}`).toString('base64url');
  return { verifier: derive('verifier'), nonce: derive('nonce') };
}

/** S256 of RFC 7636. */
export function challengeOf(verifier: string): string {
  return sha256(verifier).toString('base64url');
}
