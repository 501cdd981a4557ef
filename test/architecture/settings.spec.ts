import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { variablesSchema } from '../../src/platform/config/env.js';

// A setting that operators are not told of, or that stops at the container's wall, is not there for them.

const VARIABLE_NAMES = Object.keys(variablesSchema.shape);

/** Variables that docker-compose.yml leaves alone, and why. */
const NOT_FOR_COMPOSE: Readonly<Record<string, string>> = {
  PORT: 'of the container alone; Caddy and the health check know the default',
  HOST: 'all addresses of the container, the default of production',
  DATA_DIR: 'its volumes are mounted at the default',
  DEBUG: 'logs request bodies',
  DATABASE_DIRECT_URL: 'no pooler stands in between',
  DB_POOLER: 'no pooler stands in between',
  TLS_CERT_FILE: 'Caddy ends TLS',
  TLS_KEY_FILE: 'Caddy ends TLS',
  TLS_SELF_SIGNED: 'refused in production',
  RATE_LIMITS: 'refused in production when off',
  SANDBOX_OAUTH_URL: 'refused in production',
  OUTBOUND_ALLOW_PRIVATE: 'refused in production',
  BUNGIE_URL: 'there is one Bungie.net; another address is for a stand-in',
  GOOGLE_DOCS_URL: 'there is one Google; another address is for a stand-in',
  GOOGLE_SHEETS_URL: 'there is one Google; another address is for a stand-in',
  GOOGLE_SERVICE_ACCOUNT_FILE: 'no folder of the host is mounted; GOOGLE_SERVICE_ACCOUNT_JSON holds the same',
  DISCORD_URL: 'there is one Discord; another address is for tests',
  DEMO_SEED: 'made-up prices do not belong beside real ones',
};

describe('every setting', () => {
  const example = readFileSync('.env.example', 'utf8');
  const compose = readFileSync('docker-compose.yml', 'utf8');
  const isPassed = (name: string): boolean => new RegExp(`^ +${name}: `, 'm').test(compose);

  it.each(VARIABLE_NAMES)('%s is explained in .env.example', (name) => {
    expect(example).toMatch(new RegExp(`^# ${name}=`, 'm'));
  });

  it('is passed on by docker-compose.yml, or says why not', () => {
    expect(VARIABLE_NAMES.filter((name) => !isPassed(name)).sort()).toEqual(
      Object.keys(NOT_FOR_COMPOSE).sort(),
    );
  });

  it('of .env.example is one that is read', () => {
    const [settings = ''] = example.split('# ---- docker compose only');
    const named = [...settings.matchAll(/^# ([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name);
    expect(named.filter((name) => !VARIABLE_NAMES.includes(name!))).toEqual([]);
  });
});
