import { Inject, Injectable } from '@nestjs/common';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { allSecretsKeys, type SecretsKey } from '../config/secrets-key.js';
import { type EnvelopeKey, openEnvelope, sealEnvelope } from '../crypto/envelope.js';
import type { DataKeyRow } from './data-keys.repository.js';
import { UnknownSecretsKeyError } from './vault.errors.js';

/** The installation's own keys: the newest seals data keys, the older ones still open what they once sealed. */
@Injectable()
export class KeyRing {
  private readonly keys: ReadonlyMap<string, SecretsKey>;
  private readonly newest: SecretsKey | undefined;

  constructor(@Inject(ENV) env: Env) {
    this.newest = env.secretsKey;
    this.keys = new Map(allSecretsKeys(env).map((key) => [key.kid, key]));
  }

  /** Name of the key that seals. @throws Error without SECRETS_KEY */
  get kid(): string {
    return this.sealing().kid;
  }

  get hasKey(): boolean {
    return this.newest !== undefined;
  }

  knows(kid: string): boolean {
    return this.keys.has(kid);
  }

  /** @param bytes the data key in clear */
  wrap(userId: string, id: string, bytes: Uint8Array): DataKeyRow {
    const key = this.sealing();
    return { userId, id, kid: key.kid, wrapped: sealEnvelope(envelopeKey(key), placeOf(userId, id), bytes) };
  }

  /** The data key in clear. @throws UnknownSecretsKeyError, EnvelopeError */
  unwrap({ userId, id, kid, wrapped }: DataKeyRow): Buffer {
    const key = this.keys.get(kid);
    if (!key) throw new UnknownSecretsKeyError(kid);
    return openEnvelope(envelopeKey(key), placeOf(userId, id), wrapped);
  }

  private sealing(): SecretsKey {
    if (!this.newest) throw new Error('There is no SECRETS_KEY');
    return this.newest;
  }
}

function envelopeKey({ kid, bytes }: SecretsKey): EnvelopeKey {
  return { id: Buffer.from(kid), bytes };
}

function placeOf(userId: string, id: string): string[] {
  return ['platform.data_key', 'wrapped', id, userId];
}
