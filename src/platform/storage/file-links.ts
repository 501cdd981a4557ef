import { hmacSha256, isSame } from '../crypto/hmac.js';
import type { SecretsKey } from '../config/secrets-key.js';

/** A permission to read one file until an instant, in the hands of whoever has it. */
export interface FileLink {
  /** Unix seconds. */
  readonly expires: number;
  readonly signature: string;
}

const CONTEXT = 'guildhall file links 1';

/** Links are signed by a key that is derived from the installation's own, so that every process takes those of any other. */
export class FileLinks {
  private readonly keys: readonly Buffer[];

  /** @param keys the first one signs, all of them are believed */
  constructor(keys: readonly SecretsKey[]) {
    this.keys = keys.map(({ bytes }) => hmacSha256(bytes, CONTEXT));
  }

  /** @param expires Unix seconds */
  sign(id: string, expires: number): FileLink {
    const [key] = this.keys;
    if (!key) throw new Error('There is no SECRETS_KEY');
    return { expires, signature: signatureOf(key, id, expires).toString('base64url') };
  }

  /** Is the link of this very file, and still good? @param nowS Unix seconds */
  isGood(id: string, { expires, signature }: FileLink, nowS: number): boolean {
    const given = Buffer.from(signature, 'base64url');
    const isOurs = this.keys.some((key) => isSame(signatureOf(key, id, expires), given));
    return isOurs && given.toString('base64url') === signature && expires > nowS;
  }
}

function signatureOf(key: Buffer, id: string, expires: number): Buffer {
  return hmacSha256(key, `${id} ${expires}`);
}
