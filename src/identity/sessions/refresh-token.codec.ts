import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { sha256 } from '../../platform/crypto/digest.js';

// A refresh token is opaque to its holder: the session, a counter, a secret of 256 bits and a mark. Only the secret opens
// anything; the database keeps its SHA-256. The mark (an HMAC under a key of the session) tells a token that we once made from
// one that somebody invented, who could otherwise end a session by its id.
//
// A child's secret is derived from its parent's with a nonce that the session keeps until the next rotation. So whoever
// brings the parent within the grace can be given the current token, although nobody stores it; neither the parent without
// the database nor the database without the parent gives it away.

const SESSION_BYTES = 16;
const COUNTER_BYTES = 4;
const SECRET_BYTES = 32;
const MARK_BYTES = 16;
const SECRET_AT = SESSION_BYTES + COUNTER_BYTES;
const MARK_AT = SECRET_AT + SECRET_BYTES;
const LENGTH = MARK_AT + MARK_BYTES;
const PREFIX = 'ghr_';
const SHAPE = /^ghr_[A-Za-z0-9_-]{91}$/;

export interface RefreshToken {
  sessionId: string;
  /** Rotations before it. */
  counter: number;
  secret: Buffer;
}

/** 256 bits of chance: first secrets, mark keys, nonces. */
export function newSecret(): Buffer {
  return randomBytes(SECRET_BYTES);
}

export function encodeRefreshToken(token: RefreshToken, markKey: Buffer): string {
  const body = bodyOf(token);
  return `${PREFIX}${Buffer.concat([body, markOf(body, markKey)]).toString('base64url')}`;
}

/** The parts of a token, unproved; undefined when it has not the form of one. */
export function decodeRefreshToken(text: string): (RefreshToken & { mark: Buffer }) | undefined {
  if (!SHAPE.test(text)) return undefined;
  const encoded = text.slice(PREFIX.length);
  const bytes = Buffer.from(encoded, 'base64url');
  // The last character has bits to spare: of the texts that mean the same bytes only one is the token.
  if (bytes.length !== LENGTH || bytes.toString('base64url') !== encoded) return undefined;
  const hex = bytes.toString('hex', 0, SESSION_BYTES);
  return {
    sessionId: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    counter: bytes.readUInt32BE(SESSION_BYTES),
    secret: bytes.subarray(SECRET_AT, MARK_AT),
    mark: bytes.subarray(MARK_AT),
  };
}

export function isMarked(token: RefreshToken & { mark: Buffer }, markKey: Buffer): boolean {
  return timingSafeEqual(token.mark, markOf(bodyOf(token), markKey));
}

/** The secret that follows `parent`. */
export function childSecret(parent: Buffer, nonce: Buffer): Buffer {
  return createHmac('sha256', parent).update('guildhall refresh').update(nonce).digest();
}

/** What the database keeps of a secret. */
export function hashOfSecret(secret: Buffer): Buffer {
  return sha256(secret);
}

function bodyOf({ sessionId, counter, secret }: RefreshToken): Buffer {
  const body = Buffer.alloc(MARK_AT);
  body.write(sessionId.replaceAll('-', ''), 0, 'hex');
  body.writeUInt32BE(counter, SESSION_BYTES);
  secret.copy(body, SECRET_AT);
  return body;
}

function markOf(body: Buffer, markKey: Buffer): Buffer {
  return createHmac('sha256', markKey).update(body).digest().subarray(0, MARK_BYTES);
}
