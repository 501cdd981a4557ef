import { randomBytes } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { parse as uuidBytes, stringify as uuidText, v7 as uuidv7 } from 'uuid';
import { KEY_BYTES, keyIdOf, openEnvelope, sealEnvelope } from '../crypto/envelope.js';
import type { Tx } from '../database/unit-of-work.js';
import { type DataKeyRow, DataKeysRepository } from './data-keys.repository.js';
import { KeyCache } from './key-cache.js';
import { KeyRing } from './key-ring.js';
import { SecretErasedError } from './vault.errors.js';

// Secrets at rest: each user has a random data key, made with the first secret, which a key of the installation wraps. A value
// opens at the place it was sealed for and nowhere else. Deleting the data key erases all of the user's secrets at once, also in
// what cannot be reached any more, such as yesterday's backup of the other tables.

const CACHE = { maxKeys: 1_000, keepMs: 60_000 };

/** Where a sealed value lies: it opens nowhere else. */
export interface SecretPlace {
  /** With its schema: `identity.connection`. */
  readonly table: string;
  readonly column: string;
  readonly rowId: string;
  /** Whose secret it is; `SYSTEM_SCOPE.id` for the platform's own. */
  readonly userId: string;
}

@Injectable()
export class Vault implements OnApplicationShutdown {
  private readonly cache = new KeyCache(CACHE, () => performance.now());

  constructor(
    private readonly rows: DataKeysRepository,
    private readonly ring: KeyRing,
  ) {}

  /**
   * Seals a value for its place, in the transaction that stores it: a user's first secret makes the user's key.
   * @param tx in the scope of the user, or of the system role
   */
  async seal(tx: Tx, place: SecretPlace, plain: Uint8Array | string): Promise<Buffer> {
    const row = (await this.rows.findKey(tx, place.userId)) ?? (await this.makeKey(tx, place.userId));
    const bytes = this.ring.unwrap(row);
    try {
      return sealEnvelope({ id: uuidBytes(row.id), bytes }, partsOf(place), toBytes(plain));
    } finally {
      bytes.fill(0);
    }
  }

  /**
   * @throws SecretErasedError when the key is gone; EnvelopeError when the value was changed or belongs elsewhere;
   *   UnknownSecretsKeyError when the installation lacks the key that wraps the user's
   */
  async open(tx: Tx, place: SecretPlace, sealed: Uint8Array): Promise<Buffer> {
    const [opened] = await this.openAll(tx, [{ place, value: sealed }]);
    return opened!;
  }

  /**
   * Opens many values, with one look for each key, however many of them it opens.
   * @throws as {@link open}
   */
  async openAll(
    tx: Tx,
    sealed: readonly { readonly place: SecretPlace; readonly value: Uint8Array }[],
  ): Promise<Buffer[]> {
    const keys = new Map<string, Buffer>();
    try {
      const opened: Buffer[] = [];
      for (const { place, value } of sealed) {
        const id = keyIdOf(value);
        const keyId = id.length === 16 ? uuidText(id) : '';
        const name = `${place.userId} ${keyId}`;
        const bytes =
          keys.get(name) ??
          this.cache.find(keyId, place.userId) ??
          (await this.fetchKey(tx, place.userId, keyId));
        keys.set(name, bytes);
        opened.push(openEnvelope({ id, bytes }, partsOf(place), value));
      }
      return opened;
    } finally {
      for (const bytes of keys.values()) bytes.fill(0);
    }
  }

  /** Crypto-erase: nothing that was sealed for the user opens again; other processes follow when they are told to {@link drop} it. */
  async forget(tx: Tx, userId: string): Promise<void> {
    await this.rows.deleteKey(tx, userId);
    this.cache.forget(userId);
    tx.afterCommit(() => this.cache.forget(userId)); // somebody may have read the key before the commit
  }

  /** What this process remembers of a key that another one has forgotten. */
  drop(userId: string): void {
    this.cache.forget(userId);
  }

  onApplicationShutdown(): void {
    this.cache.clear();
  }

  /** The winner of a race makes the key; the other waits for its commit and takes that one. */
  private async makeKey(tx: Tx, userId: string): Promise<DataKeyRow> {
    const bytes = randomBytes(KEY_BYTES);
    const row = this.ring.wrap(userId, uuidv7(), bytes);
    bytes.fill(0);
    if (await this.rows.insertKey(tx, row)) return row;
    const made = await this.rows.findKey(tx, userId);
    if (!made) throw new Error('A data key vanished while it was in use');
    return made;
  }

  private async fetchKey(tx: Tx, userId: string, keyId: string): Promise<Buffer> {
    const row = await this.rows.findKey(tx, userId);
    if (row?.id !== keyId) throw new SecretErasedError();
    const bytes = this.ring.unwrap(row);
    const kept = Buffer.from(bytes);
    // Not before the commit: this transaction may have made the key itself and take it back.
    tx.afterCommit(() => {
      this.cache.put(keyId, userId, kept);
      kept.fill(0);
    });
    return bytes;
  }
}

function partsOf({ table, column, rowId, userId }: SecretPlace): string[] {
  return [table, column, rowId, userId];
}

function toBytes(plain: Uint8Array | string): Uint8Array {
  return typeof plain === 'string' ? Buffer.from(plain, 'utf8') : plain;
}
