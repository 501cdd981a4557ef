import { refuseUnsafeAi } from './ai-settings.js';
import type { Env } from './env.js';
import { refuseUnsafeProviders, sharedSecrets } from './provider-settings.js';
import { refuseUnsafeSearchServer } from './search-settings.js';
import { allSecretsKeys, isPlaceholderKey, type SecretsKey } from './secrets-key.js';
import { StartupError } from './startup-error.js';

// Settings that are readable one by one and do not go together, or not with production.

const PLACEHOLDERS = /^(change-?me|secret|password|example|test|token|xxx+|your[-_].*|<.*>)$/i;

/** What cannot work, and in production what must not be. @throws StartupError naming the first fault */
export function refuseUnsafe(env: Env): void {
  for (const [name, url] of [
    ['DATABASE_URL', env.databaseUrl],
    ['DATABASE_DIRECT_URL', env.databaseDirectUrl],
  ] as const) {
    if (url !== undefined && !isPostgresUrl(url)) {
      throw new StartupError(
        `${name} must be a valid postgres:// URL; special characters of the password are percent-encoded.`,
      );
    }
  }
  if (env.redisUrl !== undefined && !/^rediss?:\/\/\S+$/.test(env.redisUrl)) {
    throw new StartupError('REDIS_URL must be a redis:// or rediss:// URL.');
  }
  if (env.smtpUrl !== undefined && !/^smtps?:\/\/\S+$/.test(env.smtpUrl)) {
    throw new StartupError('SMTP_URL must be an smtp:// or smtps:// URL.');
  }
  if (/[\r\n]/.test(env.mailFrom)) throw new StartupError('MAIL_FROM must be one line.');
  if (env.dbPooler === 'transaction' && env.databaseUrl === env.databaseDirectUrl) {
    throw new StartupError(
      'DB_POOLER=transaction needs DATABASE_DIRECT_URL, a URL of PostgreSQL itself, for migrations and session locks.',
    );
  }
  const keys = allSecretsKeys(env);
  if (new Set(keys.map(({ kid }) => kid)).size < keys.length)
    throw new StartupError(
      'SECRETS_KEY and SECRETS_KEYS_OLD name two keys alike; each kid stands for one key.',
    );
  if (env.nodeEnv !== 'production') return;
  if (env.tls === 'self-signed') {
    throw new StartupError(
      'TLS_SELF_SIGNED is for development: NODE_ENV=production takes TLS_CERT_FILE and TLS_KEY_FILE.',
    );
  }
  if (!env.isRateLimited) {
    throw new StartupError(
      'RATE_LIMITS=off is for tests: NODE_ENV=production limits how often passwords are tried.',
    );
  }
  if (env.role !== 'worker' && env.tls === undefined && env.trustProxy === 0) {
    throw new StartupError(
      'NODE_ENV=production does not serve plain HTTP: set TLS_CERT_FILE and TLS_KEY_FILE, or TRUST_PROXY where a proxy in front ends TLS.',
    );
  }
  if (env.databaseUrl === undefined) {
    throw new StartupError(
      'NODE_ENV=production needs DATABASE_URL: the embedded PostgreSQL is for development and demonstration.',
    );
  }
  if (env.isOutboundPrivateAllowed) {
    throw new StartupError(
      'OUTBOUND_ALLOW_PRIVATE is for tests: in production it would let users reach the private network.',
    );
  }
  refuseUnsafeServers(env);
  for (const [name, value] of [
    ['INGEST_API_TOKEN', env.ingestApiToken],
    ['READ_API_TOKEN', env.readApiToken],
    ['ADMIN_API_TOKEN', env.adminApiToken],
    ...sharedSecrets(env),
  ] as const) {
    if (value !== undefined && isPlaceholder(value)) {
      throw new StartupError(
        `${name} looks like a placeholder; set a random secret, for example from: openssl rand -hex 32.`,
      );
    }
  }
  refuseUnsafeKeys(env, keys);
}

/** Without it nothing could be sealed, and a made-up one would be lost with its folder. */
function refuseUnsafeKeys(env: Env, keys: readonly SecretsKey[]): void {
  if (env.secretsKey === undefined) {
    throw new StartupError(
      'NODE_ENV=production needs SECRETS_KEY=<kid>:<base64 of 32 random bytes>, for example 2026a: and the output of: openssl rand -base64 32.',
    );
  }
  for (const key of keys) {
    if (isPlaceholderKey(key)) {
      throw new StartupError(
        `The key ${key.kid} of SECRETS_KEY or SECRETS_KEYS_OLD looks like a placeholder; make one from: openssl rand -base64 32.`,
      );
    }
  }
}

function isPostgresUrl(text: string): boolean {
  try {
    const { protocol, username, password } = new URL(text);
    return /^postgres(ql)?:$/.test(protocol) && decodeURIComponent(username + password) !== null;
  } catch {
    return false;
  }
}

/** A value from an example file, or one character repeated. */
function isPlaceholder(value: string): boolean {
  return (
    PLACEHOLDERS.test(value) || /change-?me|placeholder|your[-_]/i.test(value) || new Set(value).size < 6
  );
}

/** Of those that are called. @throws StartupError */
function refuseUnsafeServers(env: Env): void {
  refuseUnsafeProviders(env);
  refuseUnsafeAi(env.ai);
  refuseUnsafeSearchServer(env.searchServer);
}
