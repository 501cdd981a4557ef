import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

// Secrets at rest: AES-256-GCM, each value under a nonce of its own and bound to its place. A value that is moved to another
// row, column or user, or changed by a bit, does not open: the place is authenticated with it (NIST SP 800-38D; ASVS 11.3).
//
// Layout: version (1 byte), length of the key's id (1), the key's id, nonce (12), ciphertext, tag (16). What stands before the
// ciphertext is authenticated too, so a value cannot be passed off as one of another key or of a later version. 96-bit random nonces
// are safe for 2^32 values of one key; our keys belong to one user each.

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
export const KEY_BYTES = 32;
const MAX_KEY_ID_BYTES = 255;

/** A key and the name under which values remember it. */
export interface EnvelopeKey {
  /** 1 to 255 bytes; no secret. */
  readonly id: Uint8Array;
  /** 32 bytes. */
  readonly bytes: Uint8Array;
}

/** A value that was not sealed by this key for this place, or has been changed since. It says nothing else on purpose. */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError';
}

/** @param place where the value lies, part by part; the same parts are needed to open it */
export function sealEnvelope(key: EnvelopeKey, place: readonly string[], plain: Uint8Array): Buffer {
  assertKey(key);
  const nonce = randomBytes(NONCE_BYTES);
  const header = Buffer.concat([Uint8Array.of(VERSION, key.id.length), key.id]);
  const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.concat([header, encodePlace(place)]));
  return Buffer.concat([header, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** @throws EnvelopeError */
export function openEnvelope(key: EnvelopeKey, place: readonly string[], sealed: Uint8Array): Buffer {
  assertKey(key);
  const value = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.length);
  if (!keyIdOf(value).equals(key.id)) throw new EnvelopeError('The value was sealed by another key');
  const headerBytes = 2 + key.id.length;
  const nonce = value.subarray(headerBytes, headerBytes + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key.bytes, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.concat([value.subarray(0, headerBytes), encodePlace(place)]));
  decipher.setAuthTag(value.subarray(value.length - TAG_BYTES));
  try {
    const plain = decipher.update(value.subarray(headerBytes + NONCE_BYTES, value.length - TAG_BYTES));
    return Buffer.concat([plain, decipher.final()]);
  } catch {
    throw new EnvelopeError('The value was changed, or belongs elsewhere');
  }
}

/** Which key a value needs, as it claims. @throws EnvelopeError when it is no envelope */
export function keyIdOf(sealed: Uint8Array): Buffer {
  const idBytes = sealed[1] ?? 0;
  if (sealed[0] !== VERSION || idBytes === 0 || sealed.length < 2 + idBytes + NONCE_BYTES + TAG_BYTES)
    throw new EnvelopeError('The value is no envelope that this version can read');
  return Buffer.from(sealed.subarray(2, 2 + idBytes));
}

/** Each part with its length before it, so that ('a', 'bc') and ('ab', 'c') are different places. */
export function encodePlace(place: readonly string[]): Buffer {
  const parts = place.flatMap((part) => {
    if (!part.isWellFormed()) throw new EnvelopeError('A place is made of well-formed text'); // two such texts have one UTF-8 form
    const text = Buffer.from(part, 'utf8');
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32BE(text.length);
    return [length, text];
  });
  return Buffer.concat(parts);
}

function assertKey({ id, bytes }: EnvelopeKey): void {
  if (bytes.length !== KEY_BYTES) throw new Error(`A key has ${KEY_BYTES} bytes`);
  if (id.length === 0 || id.length > MAX_KEY_ID_BYTES) throw new Error('The id of a key has 1 to 255 bytes');
}
