import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { adminTokenPath, demoPasswordPath, demoTokenPath, type Env } from '../platform/config/env.js';

/** Tokens that were made up for this installation; undefined where the operator has set one. */
export interface MadeUpTokens {
  demoToken: string | undefined;
  adminToken: string | undefined;
  /** Of the demonstration account; undefined where there is none. */
  demoPassword: string | undefined;
}

export const DEMO_EMAIL = 'demo@guildhall.example';

/**
 * Outside production a missing INGEST_API_TOKEN or ADMIN_API_TOKEN is made up once and kept beside the data, so that a
 * newcomer can send a first request. In production nothing is made up: without the variable there is no such token.
 */
export function withMadeUpTokens(env: Env): { env: Env; tokens: MadeUpTokens } {
  if (env.nodeEnv === 'production')
    return { env, tokens: { demoToken: undefined, adminToken: undefined, demoPassword: undefined } };
  const demoToken = env.ingestApiToken === undefined ? keptToken(demoTokenPath(env), 'demo') : undefined;
  const adminToken = env.adminApiToken === undefined ? keptToken(adminTokenPath(env), 'admin') : undefined;
  const hasDemo = env.nodeEnv === 'development' && env.isDemoSeeded && env.role !== 'worker';
  const demoPassword = hasDemo ? keptToken(demoPasswordPath(env), 'demo') : undefined;
  const known = {
    ingestApiToken: demoToken ?? env.ingestApiToken,
    adminApiToken: adminToken ?? env.adminApiToken,
  };
  return { env: Object.freeze({ ...env, ...known }), tokens: { demoToken, adminToken, demoPassword } };
}

function keptToken(path: string, kind: string): string {
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${kind}-${randomBytes(18).toString('base64url')}\n`, { mode: 0o600 });
  }
  return readFileSync(path, 'utf8').trim();
}
