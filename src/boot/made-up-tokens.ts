import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { adminTokenPath, demoTokenPath, type Env } from '../platform/config/env.js';

/** Tokens that were made up for this installation; undefined where the operator has set one. */
export interface MadeUpTokens {
  demoToken: string | undefined;
  adminToken: string | undefined;
}

/**
 * Outside production a missing INGEST_API_TOKEN or ADMIN_API_TOKEN is made up once and kept beside the data, so that a
 * newcomer can send a first request. In production nothing is made up: without the variable there is no such token.
 */
export function withMadeUpTokens(env: Env): { env: Env; tokens: MadeUpTokens } {
  if (env.nodeEnv === 'production') return { env, tokens: { demoToken: undefined, adminToken: undefined } };
  const demoToken = env.ingestApiToken === undefined ? keptToken(demoTokenPath(env), 'demo') : undefined;
  const adminToken = env.adminApiToken === undefined ? keptToken(adminTokenPath(env), 'admin') : undefined;
  const known = {
    ingestApiToken: demoToken ?? env.ingestApiToken,
    adminApiToken: adminToken ?? env.adminApiToken,
  };
  return { env: Object.freeze({ ...env, ...known }), tokens: { demoToken, adminToken } };
}

function keptToken(path: string, kind: string): string {
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${kind}-${randomBytes(18).toString('base64url')}\n`, { mode: 0o600 });
  }
  return readFileSync(path, 'utf8').trim();
}
