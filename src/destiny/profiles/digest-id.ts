import { createHash } from 'node:crypto';

/** The MD5 of a text in the form of a UUID, as PostgreSQL stores 16 bytes best. Tells equal from unequal; no secret hangs on it. */
export function digestId(text: string): string {
  return createHash('md5')
    .update(text)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
