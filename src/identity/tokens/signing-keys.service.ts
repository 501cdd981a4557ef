import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit } from '../../platform/audit/audit.service.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { type Logger, LOGGER } from '../../platform/logging/logger.js';
import { type SecretPlace, Vault } from '../../platform/vault/vault.service.js';
import { RevocationsRepository } from './revocations.repository.js';
import type { PublicJwk, SigningKeyEntity } from './signing-key.entity.js';
import { type SigningKeyRow, SigningKeysRepository } from './signing-keys.repository.js';

// The keys of access tokens. A new one is published for a while before it signs, and the one before is published until the
// last token that it signed has ended; so nobody, in whichever process, ever meets a good token of an unknown key. What time it is
// says the database; a process only counts on from what it has read.

/** Published before it signs: longer than anybody keeps jwks.json. */
const LEAD_S = 600;
/** The longest life of an access token (ACCESS_TOKEN_S), and a minute. */
const OVERLAP_S = 3_660;
const MAX_AGE_MS = 30 * 86_400_000;
const RELOAD_EVERY_MS = 60_000;
/** A token may name any key; asking the database for it is worth it once a second. */
const RELOAD_AT_MOST_EVERY_MS = 1_000;

interface SigningKey {
  readonly id: string;
  readonly publicJwk: PublicJwk;
  readonly publicPem: string;
  /** Undefined where the secret that sealed it is not at hand. */
  readonly privateKey: KeyObject | undefined;
  /** By `performance.now()`, as the next one. */
  readonly signsFromMs: number;
  readonly endsAtMs: number;
}

@Injectable()
export class SigningKeys implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private keys: readonly SigningKey[] = [];
  /** When a token last named a key that was not known. */
  private askedAtMs = -Infinity;
  private loading: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly rows: SigningKeysRepository,
    private readonly vault: Vault,
    private readonly audit: Audit,
    private readonly revocations: RevocationsRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.load();
    this.timer = setInterval(() => void this.load().catch(() => undefined), RELOAD_EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Once no request is taken any more: a database that does not answer shall not keep the port open. */
  async onApplicationShutdown(): Promise<void> {
    await this.loading?.catch(() => undefined);
  }

  /** The key that signs now; made where there is none yet. */
  async signer(): Promise<{ id: string; privateKey: KeyObject }> {
    const known = this.findSigner();
    if (known) return known;
    await this.makeFirst();
    const made = this.findSigner();
    if (!made) throw new Error('There is no key to sign with');
    return made;
  }

  /** PEM of a published key, or undefined. */
  async publicPem(id: string): Promise<string | undefined> {
    const known = this.find(id);
    if (known || performance.now() - this.askedAtMs < RELOAD_AT_MOST_EVERY_MS) return known?.publicPem;
    this.askedAtMs = performance.now();
    await this.load();
    return this.find(id)?.publicPem;
  }

  /** What jwks.json shows, oldest first. */
  async published(): Promise<{ id: string; publicJwk: PublicJwk }[]> {
    await this.signer();
    return this.keys.filter(({ endsAtMs }) => endsAtMs > performance.now());
  }

  /**
   * Makes a new key. It signs after its time of publication, and the others end when their last token has; or at once, and the others
   * with all their tokens are void, in every process within a second: for a key that was stolen.
   * @returns when it begins to sign
   */
  async rotate(isAtOnce: boolean): Promise<Date> {
    const signsFrom = await this.system.run(SYSTEM_SCOPE, async (tx) => {
      await this.rows.lockKeys(tx);
      return this.makeKey(tx, isAtOnce);
    });
    await this.load();
    return signsFrom;
  }

  /** As the database has them now. */
  async reload(): Promise<void> {
    await this.loading?.catch(() => undefined); // what is being read may be from before
    await this.load();
  }

  /** On schedule, on any worker: forgets what has ended, and rotates when the newest key is a month old. */
  async keepFresh(): Promise<void> {
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      await this.rows.lockKeys(tx);
      await this.rows.deleteEnded(tx);
      const newest = (await this.rows.listKeys(tx)).at(-1);
      if (newest && Date.now() - newest.createdAt.getTime() > MAX_AGE_MS) await this.makeKey(tx, false);
    });
  }

  private async makeFirst(): Promise<void> {
    await this.system.run(SYSTEM_SCOPE, async (tx) => {
      await this.rows.lockKeys(tx);
      const keys = await this.read(tx);
      const isUsable = keys.some((key) => key.privateKey && key.signsFromMs <= performance.now());
      if (!isUsable) await this.makeKey(tx, true, keys.length === 0);
    });
    await this.load();
  }

  /** @param isAlone the others are void; else they are let end */
  private async makeKey(tx: Tx, signsAtOnce: boolean, isAlone = signsAtOnce): Promise<Date> {
    const id = uuidv7();
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { kty, crv, x, y } = pair.publicKey.export({ format: 'jwk' }) as unknown as PublicJwk;
    const secret = pair.privateKey.export({ type: 'pkcs8', format: 'der' });
    const sealedPrivate = await this.vault.seal(tx, placeOf(id), secret);
    const leadS = signsAtOnce ? 0 : LEAD_S;
    const signsFrom = await this.rows.insertKey(tx, {
      id,
      publicJwk: { kty, crv, x, y },
      sealedPrivate,
      leadS,
    });
    await this.audit.record(tx, SYSTEM_SCOPE, {
      action: 'identity.signing-key-made',
      object: { type: 'identity.signing-key', id },
      after: { signsFrom: signsFrom.toISOString(), areOthersVoid: isAlone },
    });
    if (isAlone) {
      if (await this.rows.deleteOthers(tx, id))
        await this.revocations.insertMany(tx, [{ kind: 'signing-key', subjectId: id }]);
    } else await this.rows.updateEnds(tx, id, leadS + OVERLAP_S);
    return signsFrom;
  }

  private load(): Promise<void> {
    this.loading ??= this.system
      .run(SYSTEM_SCOPE, (tx) => this.read(tx))
      .then((keys) => {
        this.keys = keys;
      })
      .finally(() => (this.loading = undefined));
    return this.loading;
  }

  private async read(tx: Tx): Promise<SigningKey[]> {
    const keys: SigningKey[] = [];
    for (const row of await this.rows.listKeys(tx)) keys.push(await this.open(tx, row));
    return keys;
  }

  private async open(tx: Tx, row: SigningKeyRow): Promise<SigningKey> {
    const known = this.find(row.id);
    const jwk = { ...row.publicJwk };
    const nowMs = performance.now();
    const publicPem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    return {
      id: row.id,
      publicJwk: row.publicJwk,
      publicPem: publicPem.toString(),
      privateKey: known ? known.privateKey : await this.unseal(tx, row),
      signsFromMs: nowMs + row.signsInMs,
      endsAtMs: row.endsInMs === null ? Infinity : nowMs + row.endsInMs,
    };
  }

  private async unseal(tx: Tx, row: SigningKeyEntity): Promise<KeyObject | undefined> {
    try {
      const key = await this.vault.open(tx, placeOf(row.id), row.sealedPrivate);
      return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
    } catch (error) {
      this.logger.warn({ err: error, keyId: row.id }, 'a signing key cannot be opened; it only verifies');
      return undefined;
    }
  }

  private find(id: string): SigningKey | undefined {
    return this.keys.find((key) => key.id === id);
  }

  private findSigner(): { id: string; privateKey: KeyObject } | undefined {
    const nowMs = performance.now();
    const found = this.keys.findLast(
      (key) => key.privateKey && key.signsFromMs <= nowMs && key.endsAtMs > nowMs,
    );
    return found?.privateKey && { id: found.id, privateKey: found.privateKey };
  }
}

function placeOf(rowId: string): SecretPlace {
  return { table: 'identity.signing_key', column: 'sealed_private', rowId, userId: SYSTEM_SCOPE.id };
}
