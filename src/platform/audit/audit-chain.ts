import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';

// What is hashed, and how: the one place that sealing and verifying share. Every text is canonical JSON, so no two records have
// one text. Personal parts are hashed with a random salt of their own each: once a salt is erased, its hash tells nothing, and the chain
// over the hashes still holds.

export const SALT_BYTES = 16;
export const HASH_BYTES = 32;

/** Whose matter it was and what changed. */
export interface DetailPart {
  userId: string;
  before: unknown;
  after: unknown;
}

/** Who did it, and from where. */
export interface ActorPart {
  actorId: string | null;
  sessionId: string | null;
  requestId: string | null;
}

/** An event as the chain covers it. */
export interface ChainedEvent {
  id: number;
  /** Unix time in microseconds, as text: it does not fit a number. */
  atUs: string;
  action: string;
  objectType: string;
  objectId: string;
  actorHash: Buffer;
  detailHash: Buffer;
}

export function detailHashOf(salt: Uint8Array, { userId, before, after }: DetailPart): Buffer {
  return sha256(salt, canonicalJson(['detail', userId, before, after]));
}

export function actorHashOf(salt: Uint8Array, { actorId, sessionId, requestId }: ActorPart): Buffer {
  return sha256(salt, canonicalJson(['actor', actorId, sessionId, requestId]));
}

/** @param seq place in the chain, from 1 on */
export function sealHashOf(prevHash: Uint8Array, seq: number, event: ChainedEvent): Buffer {
  const { id, atUs, action, objectType, objectId, actorHash, detailHash } = event;
  const hashes = [actorHash.toString('hex'), detailHash.toString('hex')];
  return sha256(prevHash, canonicalJson(['seal', seq, id, atUs, action, objectType, objectId, ...hashes]));
}

/** The fixed length of the first part keeps the two apart. */
function sha256(first: Uint8Array, text: string): Buffer {
  return createHash('sha256').update(first).update(text).digest();
}
