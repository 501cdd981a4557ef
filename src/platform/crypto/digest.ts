import { createHash } from 'node:crypto';

export function sha256(value: string | Buffer): Buffer {
  return createHash('sha256').update(value).digest();
}

/** 128 bits of it in the form of a UUID, as PostgreSQL stores 16 bytes best: tells equal texts from others. */
export function digestUuid(text: string): string {
  return sha256(text)
    .toString('hex', 0, 16)
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
