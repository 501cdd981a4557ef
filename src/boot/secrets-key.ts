import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Env, secretsKeyPath } from '../platform/config/env.js';
import { secretsKeySchema } from '../platform/config/secrets-key.js';
import { StartupError } from '../platform/config/startup-error.js';

/**
 * Outside production a missing SECRETS_KEY is made up once and kept beside the data, for its owner alone. In production the
 * environment has refused to go on without one.
 */
export function withSecretsKey(env: Env): Env {
  if (env.secretsKey !== undefined || env.nodeEnv === 'production') return env;
  const path = secretsKeyPath(env);
  if (!existsSync(path)) makeUp(path);
  const kept = secretsKeySchema.safeParse(readFileSync(path, 'utf8').trim());
  if (!kept.success)
    throw new StartupError(`${path} does not hold a key; put back what it held, or set SECRETS_KEY.`);
  return Object.freeze({ ...env, secretsKey: kept.data });
}

/** Two processes may start at once: the first one's key is the key, and the other never sees half of it. */
function makeUp(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const key = `made-up-${randomBytes(3).toString('hex')}:${randomBytes(32).toString('base64')}\n`;
  writeFileSync(draft, key, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
}
