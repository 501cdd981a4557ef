import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import type { Tx } from '../../platform/database/unit-of-work.js';

// Stands in for the vault of the platform, with the same two methods, until that is there: AES-256-GCM under one key that is
// made up once and kept beside the data. Only key-ring.service.ts uses it.

/** Where a secret is stored; it opens in no other place. */
export interface SecretPlace {
  table: string;
  column: string;
  rowId: string;
  userId: string;
}

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

@Injectable()
export class LocalVault {
  private key: Buffer | undefined;

  constructor(@Inject(ENV) private readonly env: Env) {}

  async seal(_tx: Tx, place: SecretPlace, plain: Uint8Array): Promise<Buffer> {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.readKey(), nonce).setAAD(bindingOf(place));
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), sealed]);
  }

  /** @throws Error when it was sealed with another key or for another place */
  async open(_tx: Tx, place: SecretPlace, sealed: Buffer): Promise<Buffer> {
    if (sealed[0] !== VERSION) throw new Error('Sealed by another version');
    const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
    const tag = sealed.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.readKey(), nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(bindingOf(place)).setAuthTag(tag);
    return Buffer.concat([decipher.update(sealed.subarray(1 + NONCE_BYTES + TAG_BYTES)), decipher.final()]);
  }

  private readKey(): Buffer {
    if (this.key) return this.key;
    const path = join(this.env.dataDir, 'signing-key-secret');
    mkdirSync(this.env.dataDir, { recursive: true });
    try {
      writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    return (this.key = Buffer.from(readFileSync(path, 'utf8').trim(), 'hex'));
  }
}

function bindingOf({ table, column, rowId, userId }: SecretPlace): Buffer {
  return Buffer.from([table, column, rowId, userId].join('|'));
}
