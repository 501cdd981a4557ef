import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { demoTokenPath, type Env } from '../platform/config/env.js';

/**
 * Outside production a missing INGEST_API_TOKEN is made up once and kept beside the data, so that a newcomer can send a
 * first request. In production nothing is made up: without the variable there is no such token.
 */
export function withDemoToken(env: Env): { env: Env; demoToken: string | undefined } {
  if (env.nodeEnv === 'production' || env.ingestApiToken !== undefined) return { env, demoToken: undefined };
  const path = demoTokenPath(env);
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `demo-${randomBytes(18).toString('base64url')}\n`, { mode: 0o600 });
  }
  const demoToken = readFileSync(path, 'utf8').trim();
  return { env: Object.freeze({ ...env, ingestApiToken: demoToken }), demoToken };
}
