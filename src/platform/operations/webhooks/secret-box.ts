import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tx } from '../../database/unit-of-work.js';

/** Where a sealed value lies; it opens nowhere else. */
export interface SealedPlace {
  readonly table: string;
  readonly column: string;
  readonly rowId: string;
  readonly userId: string;
}

/** Who keeps the secrets that this room must be able to read again. */
export interface SecretBox {
  seal(tx: Tx, place: SealedPlace, plain: Uint8Array | string): Promise<Buffer>;
  open(tx: Tx, place: SealedPlace, sealed: Buffer): Promise<Buffer>;
}

export const SECRET_BOX = Symbol('SecretBox');

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM under one key that is made once and kept beside the data: for installations of one machine. */
export class KeyFileBox implements SecretBox {
  private key: Buffer | undefined;

  constructor(private readonly dataDir: string) {}

  async seal(_tx: Tx, place: SealedPlace, plain: Uint8Array | string): Promise<Buffer> {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.keptKey(), nonce).setAAD(aadOf(place));
    const text = Buffer.concat([cipher.update(Buffer.from(plain)), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), text]);
  }

  async open(_tx: Tx, place: SealedPlace, sealed: Buffer): Promise<Buffer> {
    const [nonce, tag] = [
      sealed.subarray(0, NONCE_BYTES),
      sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES),
    ];
    const decipher = createDecipheriv('aes-256-gcm', this.keptKey(), nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(aadOf(place)).setAuthTag(tag);
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
  }

  private keptKey(): Buffer {
    const path = join(this.dataDir, 'webhook-key');
    if (this.key === undefined && !existsSync(path)) {
      mkdirSync(this.dataDir, { recursive: true });
      writeFileSync(path, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx' });
    }
    return (this.key ??= Buffer.from(readFileSync(path, 'utf8'), 'base64'));
  }
}

function aadOf({ table, column, rowId, userId }: SealedPlace): Buffer {
  return Buffer.from([table, column, rowId, userId].join('|'));
}
