import { createHash } from 'node:crypto';
import { parseEnvironment } from '../../src/platform/config/env.js';
import { DataKeysRepository } from '../../src/platform/vault/data-keys.repository.js';
import { KeyRing } from '../../src/platform/vault/key-ring.js';
import { KeyRotation } from '../../src/platform/vault/key-rotation.service.js';
import { Vault } from '../../src/platform/vault/vault.service.js';
import type { TestUnits } from './units.js';

/** A key as it stands in the environment. */
export function secretsKey(kid: string): string {
  return `${kid}:${createHash('sha256').update(`key ${kid}`).digest('base64')}`;
}

/** The vault as one process has it, with keys of its own: the first is SECRETS_KEY. */
export function openVault(units: TestUnits, ...kids: string[]): { vault: Vault; rotation: KeyRotation } {
  const [newest, ...old] = kids.map(secretsKey);
  const env = parseEnvironment({ NODE_ENV: 'test', SECRETS_KEY: newest, SECRETS_KEYS_OLD: old.join(',') });
  const ring = new KeyRing(env);
  const rows = new DataKeysRepository();
  return { vault: new Vault(rows, ring), rotation: new KeyRotation(units.system, rows, ring) };
}
