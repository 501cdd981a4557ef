import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { demoTokenPath, DOMAINS, parseEnvironment } from './env.js';
import { mergeEnvFiles } from './env-files.js';
import { packageRoot } from './package-root.js';
import { StartupError } from './startup-error.js';

const KEY = `2026a:${createHash('sha256').update('a key').digest('base64')}`;
const OLD_KEY = `2025b:${createHash('sha256').update('an older key').digest('base64')}`;
const PRODUCTION = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://guildhall:x@db/guildhall',
  SECRETS_KEY: KEY,
  TRUST_PROXY: '1',
};
const SECRET = '9f86d081884c7d659a2feaa0c55ad015';

/** The sentence with which a configuration is refused, or the configuration. */
function refusal(variables: Record<string, string | undefined>): unknown {
  try {
    return parseEnvironment(variables);
  } catch (error) {
    expect(error).toBeInstanceOf(StartupError);
    return (error as StartupError).message;
  }
}

describe('parseEnvironment', () => {
  it('needs nothing in development', () => {
    expect(parseEnvironment({})).toEqual({
      nodeEnv: 'development',
      role: 'all',
      port: 8000,
      host: '127.0.0.1',
      isDebug: false,
      logLevel: 'info',
      domains: DOMAINS,
      databaseUrl: undefined,
      databaseDirectUrl: undefined,
      dbPooler: 'none',
      dbPoolMax: 10,
      dataDir: join(packageRoot(), '.data'),
      ingestApiToken: undefined,
      readApiToken: undefined,
      adminApiToken: undefined,
      isRegistrationOpen: true,
      accessTokenS: 600,
      refreshTokenDays: 30,
      smtpUrl: undefined,
      mailFrom: 'Guildhall <guildhall@localhost>',
      secretsKey: undefined,
      oldSecretsKeys: [],
      publicUrl: undefined,
      appReturnUrls: [],
      google: undefined,
      sandboxOauthUrl: undefined,
      discordUrl: 'https://discord.com',
      trustedIssuers: [],
      langfuse: [],
      storyNames: {},
      bungie: undefined,
      destinyLanguages: ['en'],
      ai: undefined,
      sheets: {
        account: undefined,
        apiUrl: 'https://sheets.googleapis.com',
        docsUrl: 'https://docs.google.com',
        sources: [],
      },
      syncIntervalMs: 300_000,
      corsOrigins: [],
      trustProxy: 0,
      storage: { kind: 'folder' },
      realtime: {
        socketsPerUser: 5,
        mostSockets: 10_000,
        messagesPerS: 20,
        messageBurst: 40,
        payloadBytes: 65_536,
        pingAfterMs: 25_000,
      },
      storageQuotaBytes: 200 * 1_048_576,
      tls: undefined,
      isRateLimited: true,
      rateLimitPerMin: 1_200,
      compatCupidAnonymous: 'write',
      compatDestinyAnonymous: 'off',
      compatCupidCorsOrigins: [
        'http://localhost',
        'http://localhost:3000',
        'http://localhost:5173',
        'http://127.0.0.1',
        'http://127.0.0.1:3000',
        'http://127.0.0.1:5173',
      ],
      compatRoot: undefined,
      agentPayloadMonths: 0,
      compatDofusCorsOrigins: ['*'],
      compatDofusAnonymous: 'write',
      isDemoSeeded: true,
      marketRawMonths: 0,
      marketDumpDays: 400,
      redisUrl: undefined,
      jobsLockMs: 15_000,
      shutdownGraceS: 10,
      isProfiling: true,
      profilingRetentionDays: 14,
      slowRequestMs: 10_000,
      slowOperationMs: 10_000,
      isOutboundPrivateAllowed: false,
    });
  });

  it('is careful in production', () => {
    expect(parseEnvironment(PRODUCTION)).toMatchObject({
      host: '0.0.0.0',
      compatCupidAnonymous: 'off',
      compatDofusAnonymous: 'off',
      isDemoSeeded: false,
      isRegistrationOpen: false,
      databaseDirectUrl: PRODUCTION.DATABASE_URL,
    });
  });

  it('is frozen', () => {
    expect(Object.isFrozen(parseEnvironment({}))).toBe(true);
  });

  it('takes an empty variable for one that is not there', () => {
    const empty = Object.fromEntries(
      ['NODE_ENV', 'PORT', 'HOST', 'DEBUG', 'DOMAINS', 'DATABASE_URL', 'INGEST_API_TOKEN', 'DEMO_SEED'].map(
        (name) => [name, ''],
      ),
    );
    expect(parseEnvironment(empty)).toEqual(parseEnvironment({}));
  });

  it('leaves the variables of other programs alone', () => {
    expect(parseEnvironment({ PATH: '/bin', GUILDHALL: 'x', PORTS: 'y' })).toEqual(parseEnvironment({}));
  });

  it.each([
    ['true', true],
    ['TRUE', true],
    ['1', true],
    ['false', false],
    ['0', false],
  ])('reads the flag %s', (text, value) => {
    expect(parseEnvironment({ DEBUG: text, DEMO_SEED: text })).toMatchObject({
      isDebug: value,
      isDemoSeeded: value,
    });
  });

  it('logs more with DEBUG unless LOG_LEVEL says otherwise', () => {
    expect(parseEnvironment({ DEBUG: 'true' }).logLevel).toBe('debug');
    expect(parseEnvironment({ DEBUG: 'true', LOG_LEVEL: 'warn' }).logLevel).toBe('warn');
  });

  it('seeds the demo on the embedded database of a development machine only', () => {
    expect(parseEnvironment({ DATABASE_URL: 'postgresql://localhost/x' }).isDemoSeeded).toBe(false);
    expect(parseEnvironment({ NODE_ENV: 'test' }).isDemoSeeded).toBe(false);
    expect(parseEnvironment({ DATABASE_URL: 'postgres://localhost/x', DEMO_SEED: 'true' }).isDemoSeeded).toBe(
      true,
    );
  });

  it('reads lists with blanks and gaps', () => {
    expect(
      parseEnvironment({ CORS_ORIGINS: ' https://a.example , ,https://b.example,' }).corsOrigins,
    ).toEqual(['https://a.example', 'https://b.example']);
    expect(parseEnvironment({ DOMAINS: ' market ' }).domains).toEqual(['market']);
  });

  it('resolves DATA_DIR from the package, also when it is absolute', () => {
    expect(isAbsolute(parseEnvironment({ DATA_DIR: 'elsewhere' }).dataDir)).toBe(true);
    expect(parseEnvironment({ DATA_DIR: '/var/lib/guildhall' }).dataDir).toBe('/var/lib/guildhall');
    expect(demoTokenPath(parseEnvironment({ DATA_DIR: '/var/lib/guildhall' }))).toBe(
      '/var/lib/guildhall/demo-token',
    );
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['a port that is no number', { PORT: 'http' }, /PORT/],
    ['a port beyond 65535', { PORT: '65536' }, /PORT/],
    ['half a port', { PORT: '80.5' }, /PORT/],
    ['a negative port', { PORT: '-1' }, /PORT/],
    ['an unknown role', { GUILDHALL_ROLE: 'database' }, /GUILDHALL_ROLE/],
    ['an unknown environment', { NODE_ENV: 'prod' }, /NODE_ENV/],
    ['an unknown log level', { LOG_LEVEL: 'loud' }, /LOG_LEVEL/],
    ['a domain that does not exist', { DOMAINS: 'market,weather' }, /DOMAINS/],
    ['no domain at all', { DOMAINS: ' , ' }, /DOMAINS/],
    ['a flag that is neither', { DEBUG: 'yes' }, /DEBUG/],
    ['a pool of one', { DB_POOL_MAX: '1' }, /DB_POOL_MAX/],
    ['an unknown pooler', { DB_POOLER: 'session' }, /DB_POOLER/],
    ['a token that is too short', { INGEST_API_TOKEN: 'short' }, /INGEST_API_TOKEN/],
    ['a token with a space', { READ_API_TOKEN: `${SECRET} ${SECRET}` }, /READ_API_TOKEN/],
    ['a proxy by name', { TRUST_PROXY: 'loopback' }, /TRUST_PROXY/],
    ['too many proxies', { TRUST_PROXY: '11' }, /TRUST_PROXY/],
    ['a network too small for itself', { TRUST_PROXY: '10.0.0.0/33' }, /TRUST_PROXY/],
    ['a certificate without its key', { TLS_CERT_FILE: 'x.pem' }, /^TLS_CERT_FILE and TLS_KEY_FILE come/],
    ['production without limits', { ...PRODUCTION, RATE_LIMITS: 'off' }, /^RATE_LIMITS=off is for tests/],
    ['a negative limit', { RATE_LIMIT_PER_MIN: '-1' }, /RATE_LIMIT_PER_MIN/],
    [
      'production on plain HTTP',
      { NODE_ENV: 'production', DATABASE_URL: 'postgres://guildhall:x@db/guildhall' },
      /does not serve plain HTTP/,
    ],
    [
      'production with a certificate of its own',
      { ...PRODUCTION, TLS_SELF_SIGNED: 'true' },
      /^TLS_SELF_SIGNED is for development/,
    ],
    ['an unknown access', { COMPAT_DOFUS_ANONYMOUS: 'all' }, /COMPAT_DOFUS_ANONYMOUS/],
    ['months of raw prices that are no number', { MARKET_RAW_MONTHS: 'all' }, /MARKET_RAW_MONTHS/],
    ['days of dumps that are no number', { MARKET_DUMP_DAYS: '-1' }, /MARKET_DUMP_DAYS/],
    ['a calendar at no web address', { MARKET_CALENDAR_URL: 'ftp://x.example' }, /MARKET_CALENDAR_URL/],
    ['half a registration', { REGISTRATION: 'maybe' }, /REGISTRATION/],
    ['access tokens that live too short', { ACCESS_TOKEN_S: '59' }, /ACCESS_TOKEN_S/],
    ['access tokens that live too long', { ACCESS_TOKEN_S: '3601' }, /ACCESS_TOKEN_S/],
    ['refresh tokens of no day', { REFRESH_TOKEN_DAYS: '0' }, /REFRESH_TOKEN_DAYS/],
    ['refresh tokens of more than a year', { REFRESH_TOKEN_DAYS: '366' }, /REFRESH_TOKEN_DAYS/],
    ['mail over http', { SMTP_URL: 'http://mail.example' }, /^SMTP_URL must be/],
    [
      'a sender with a header of its own',
      { MAIL_FROM: 'a@b.example\r\nBcc: c@d.example' },
      /^MAIL_FROM must be/,
    ],
    ['a negative grace', { SHUTDOWN_GRACE_S: '-1' }, /SHUTDOWN_GRACE_S/],
    ['half a profile', { PROFILING: 'half' }, /PROFILING/],
    ['rows that are kept for no day', { PROFILING_RETENTION_DAYS: '0' }, /PROFILING_RETENTION_DAYS/],
    ['a threshold of nothing', { SLOW_REQUEST_MS: '0' }, /SLOW_REQUEST_MS/],
    [
      'a URL of another database',
      { DATABASE_URL: 'mysql://localhost/x' },
      /^DATABASE_URL must be a valid postgres:/,
    ],
    ['no URL at all', { DATABASE_URL: 'localhost' }, /^DATABASE_URL must be a valid postgres:/],
    ['a password that was not encoded', { DATABASE_URL: 'postgres://u:50%@db/x' }, /percent-encoded/],
    [
      'a direct URL of another kind',
      { DATABASE_URL: 'postgres://db/x', DATABASE_DIRECT_URL: 'http://db/x' },
      /^DATABASE_DIRECT_URL must be a valid postgres:/,
    ],
    [
      'a pooler without a way round it',
      { DATABASE_URL: 'postgres://pooler/x', DB_POOLER: 'transaction' },
      /DATABASE_DIRECT_URL/,
    ],
    ['production without a database', { NODE_ENV: 'production', TRUST_PROXY: '1' }, /needs DATABASE_URL/],
    [
      'a placeholder in production',
      { ...PRODUCTION, INGEST_API_TOKEN: 'change-me-change-me-change-me' },
      /INGEST_API_TOKEN looks like a placeholder/,
    ],
    [
      "an administrator's placeholder in production",
      { ...PRODUCTION, ADMIN_API_TOKEN: 'placeholder-placeholder' },
      /ADMIN_API_TOKEN looks like a placeholder/,
    ],
    ['a place for files that is none', { STORAGE_URL: 'https://bucket' }, /STORAGE_URL: must be s3:/],
    ['credentials in it', { STORAGE_URL: 's3://a:b@bucket' }, /STORAGE_URL: must be s3:/],
    [
      'half of the credentials of a bucket',
      { STORAGE_URL: 's3://guild', AWS_SECRET_ACCESS_KEY: 'k' },
      /^AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY come together/,
    ],
    ['sockets for nobody', { WS_SOCKETS_PER_USER: '0' }, /WS_SOCKETS_PER_USER/],
    ['messages without end', { WS_PAYLOAD_KB: '99999' }, /WS_PAYLOAD_KB/],
    ['a ping every moment', { WS_PING_S: '0.1' }, /WS_PING_S/],
    ['no room for files', { STORAGE_QUOTA_MB: '0' }, /STORAGE_QUOTA_MB/],
    [
      'private addresses for users, in production',
      { ...PRODUCTION, OUTBOUND_ALLOW_PRIVATE: 'true' },
      /^OUTBOUND_ALLOW_PRIVATE is for tests/,
    ],
    [
      'one character repeated, in production',
      { ...PRODUCTION, READ_API_TOKEN: 'x'.repeat(40) },
      /READ_API_TOKEN looks like a placeholder/,
    ],
    [
      'a key without a name',
      { SECRETS_KEY: KEY.slice('2026a:'.length) },
      /SECRETS_KEY: must be <kid>:<base64/,
    ],
    [
      'a key of 31 bytes',
      { SECRETS_KEY: `a:${Buffer.alloc(31).toString('base64')}` },
      /SECRETS_KEY: must be/,
    ],
    [
      'a key of 33 bytes',
      { SECRETS_KEY: `a:${Buffer.alloc(33).toString('base64')}` },
      /SECRETS_KEY: must be/,
    ],
    ['an old key that is none', { SECRETS_KEYS_OLD: `${OLD_KEY},x` }, /SECRETS_KEYS_OLD\.1: must be/],
    ['two keys of one name', { SECRETS_KEY: KEY, SECRETS_KEYS_OLD: KEY }, /name two keys alike/],
    [
      'production without a key',
      { ...PRODUCTION, SECRETS_KEY: '' },
      /^NODE_ENV=production needs SECRETS_KEY/,
    ],
    [
      'a key of zeros in production',
      { ...PRODUCTION, SECRETS_KEY: `a:${Buffer.alloc(32).toString('base64')}` },
      /The key a of SECRETS_KEY .* looks like a placeholder/,
    ],
    [
      'an old key made of words in production',
      {
        ...PRODUCTION,
        SECRETS_KEYS_OLD: `b:${Buffer.from('quick brown fox jumps over it 12').toString('base64')}`,
      },
      /The key b of SECRETS_KEY .* looks like a placeholder/,
    ],
  ])('refuses %s in one sentence', (_what, variables, sentence) => {
    const message = refusal(variables);
    expect(message).toMatch(sentence);
    expect(String(message).split('\n')).toHaveLength(1);
  });

  it('names every wrong variable at once', () => {
    const message = refusal({ PORT: 'x', NODE_ENV: 'y', DB_POOL_MAX: 'z' });
    for (const name of ['PORT', 'NODE_ENV', 'DB_POOL_MAX']) expect(message).toContain(name);
  });

  it('never repeats a secret', () => {
    expect(refusal({ INGEST_API_TOKEN: 'hush hush hush hush' })).not.toContain('hush');
    expect(refusal({ ...PRODUCTION, INGEST_API_TOKEN: 'changeme-hushhush' })).not.toContain('hush');
    expect(refusal({ DATABASE_URL: 'mysql://root:hush@db/x' })).not.toContain('hush');
    expect(refusal({ SECRETS_KEY: 'a:hush' })).not.toContain('hush');
    expect(refusal({ SECRETS_KEYS_OLD: 'a:hush,hush' })).not.toContain('hush');
  });

  it('takes a random secret in production', () => {
    expect(parseEnvironment({ ...PRODUCTION, INGEST_API_TOKEN: SECRET }).ingestApiToken).toBe(SECRET);
  });

  it('reads keys with their names, the newest and older ones', () => {
    const env = parseEnvironment({ ...PRODUCTION, SECRETS_KEYS_OLD: ` ${OLD_KEY} ,` });
    expect(env.secretsKey?.kid).toBe('2026a');
    expect(env.secretsKey?.bytes).toHaveLength(32);
    expect(env.oldSecretsKeys.map(({ kid }) => kid)).toEqual(['2025b']);
  });

  it('can be told not to profile', () => {
    expect(parseEnvironment({ PROFILING: 'off', SLOW_OPERATION_MS: '250.5' })).toMatchObject({
      isProfiling: false,
      slowOperationMs: 250.5,
    });
  });

  it('lets a pooler be gone round', () => {
    const env = parseEnvironment({
      DATABASE_URL: 'postgres://pooler:6432/x',
      DATABASE_DIRECT_URL: 'postgres://db/x',
      DB_POOLER: 'transaction',
    });
    expect(env).toMatchObject({ dbPooler: 'transaction', databaseDirectUrl: 'postgres://db/x' });
  });
});

describe('mergeEnvFiles', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'guildhall env '));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('reads nothing where there are no files', () => {
    expect(mergeEnvFiles(join(folder, 'nowhere'), { PORT: '1' })).toEqual({ PORT: '1' });
  });

  it('lets .env.local win over .env, and the own variables over both', () => {
    writeFileSync(join(folder, '.env'), 'A=env\nB=env\nC=env # comment\n# D=env\nE="two words"\n');
    writeFileSync(join(folder, '.env.local'), 'B=local\nC=local\n');
    expect(mergeEnvFiles(folder, { C: 'own' })).toEqual({ A: 'env', B: 'local', C: 'own', E: 'two words' });
  });

  it('fails on a file that it may not read as one', () => {
    const merge = (): unknown => mergeEnvFiles(join(folder, '.env'), {});
    expect(merge).toThrow(StartupError);
    expect(merge).toThrow(/cannot be read \(ENOTDIR\)/);
  });
});
