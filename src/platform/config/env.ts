import { join, resolve } from 'node:path';
import { z } from 'zod';
import { mergeEnvFiles } from './env-files.js';
import { packageRoot } from './package-root.js';
import { StartupError } from './startup-error.js';

// The one schema of the environment and the only reader of process.env. Everything else receives the frozen, typed Env, so
// a misspelt or missing variable fails here, in one sentence, before anything has started.

export const DOMAINS = ['market'] as const;
export type DomainName = (typeof DOMAINS)[number];

const PLACEHOLDERS = /^(change-?me|secret|password|example|test|token|xxx+|your[-_].*|<.*>)$/i;

const flag = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['true', 'false', '1', '0']))
  .transform((value) => value === 'true' || value === '1')
  .optional();
const port = z.coerce.number().int().min(0).max(65_535);
const secret = z
  .string()
  .min(16, 'must have at least 16 characters')
  .max(512)
  .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')
  .optional();
const csv = z.string().transform((value) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

const schema = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  GUILDHALL_ROLE: z.enum(['api', 'worker', 'all']).default('all'),
  PORT: port.default(8000),
  HOST: z.string().min(1).optional(),
  DEBUG: flag,
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).optional(),
  DOMAINS: csv.pipe(z.array(z.enum(DOMAINS)).min(1)).optional(),
  DATABASE_URL: z.string().optional(),
  DATABASE_DIRECT_URL: z.string().optional(),
  DB_POOLER: z.enum(['none', 'transaction']).default('none'),
  DB_POOL_MAX: z.coerce.number().int().min(2).max(200).default(10),
  REDIS_URL: z.string().optional(),
  JOBS_LOCK_S: z.coerce.number().min(1).max(300).default(15),
  DATA_DIR: z.string().min(1).default('.data'),
  INGEST_API_TOKEN: secret,
  READ_API_TOKEN: secret,
  ADMIN_API_TOKEN: secret,
  REGISTRATION: z.enum(['open', 'closed']).optional(),
  ACCESS_TOKEN_S: z.coerce.number().int().min(60).max(3_600).default(600),
  REFRESH_TOKEN_DAYS: z.coerce.number().int().min(1).max(365).default(30),
  SMTP_URL: z.string().optional(),
  MAIL_FROM: z.string().min(3).max(320).default('Guildhall <guildhall@localhost>'),
  CORS_ORIGINS: csv.default([]),
  TRUST_PROXY: z.coerce.number().int().min(0).max(10).default(0),
  COMPAT_DOFUS_ANONYMOUS: z.enum(['off', 'read', 'write']).optional(),
  DEMO_SEED: flag,
  MARKET_RAW_MONTHS: z.coerce.number().int().min(0).max(1_200).default(0),
  SHUTDOWN_GRACE_S: z.coerce.number().min(0).max(300).default(10),
  PROFILING: z.enum(['on', 'off']).default('on'),
  PROFILING_RETENTION_DAYS: z.coerce.number().int().min(1).max(365).default(14),
  SLOW_REQUEST_MS: z.coerce.number().min(1).max(86_400_000).default(10_000),
  SLOW_OPERATION_MS: z.coerce.number().min(1).max(86_400_000).default(10_000),
});

export type Role = 'api' | 'worker' | 'all';
export type AnonymousAccess = 'off' | 'read' | 'write';

export interface Env {
  readonly nodeEnv: 'development' | 'test' | 'production';
  readonly role: Role;
  readonly port: number;
  readonly host: string;
  /** Log request bodies, redacted. */
  readonly isDebug: boolean;
  readonly logLevel: string;
  readonly domains: readonly DomainName[];
  /** URL of the owner role; undefined = the embedded PostgreSQL below `dataDir`. */
  readonly databaseUrl: string | undefined;
  /** URL that bypasses a pooler: migrations and session locks use it. */
  readonly databaseDirectUrl: string | undefined;
  readonly dbPooler: 'none' | 'transaction';
  readonly dbPoolMax: number;
  /** Queues, instead of PostgreSQL. */
  readonly redisUrl: string | undefined;
  /** A worker silent for so long is taken for dead. */
  readonly jobsLockMs: number;
  /** Absolute path. */
  readonly dataDir: string;
  readonly ingestApiToken: string | undefined;
  readonly readApiToken: string | undefined;
  readonly adminApiToken: string | undefined;
  /** Strangers may make themselves an account. */
  readonly isRegistrationOpen: boolean;
  /** Life of an access token. */
  readonly accessTokenS: number;
  /** Days without use after which a device is signed out. */
  readonly refreshTokenDays: number;
  /** smtp:// or smtps:// URL of the mail server; undefined = no mail is sent. */
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string;
  readonly corsOrigins: readonly string[];
  /** Number of proxies in front whose X-Forwarded-For is believed. */
  readonly trustProxyHops: number;
  readonly compatDofusAnonymous: AnonymousAccess;
  readonly isDemoSeeded: boolean;
  /** Whole months of raw prices kept beside the current one; 0 = all. */
  readonly marketRawMonths: number;
  readonly shutdownGraceS: number;
  /** Requests and jobs are timed and written down. */
  readonly isProfiling: boolean;
  /** Days for which their rows are kept. */
  readonly profilingRetentionDays: number;
  /** A longer request or job raises an alert. */
  readonly slowRequestMs: number;
  /** So does one with a longer operation inside of it. */
  readonly slowOperationMs: number;
}

/** Reads the environment files and the process's variables. @throws StartupError naming each wrong variable. */
export function loadEnv(): Env {
  return parseEnvironment(mergeEnvFiles(packageRoot(), process.env));
}

/** @throws StartupError naming each wrong variable. */
export function parseEnvironment(variables: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new StartupError(
      `The configuration is not valid (${faults.join('; ')}); .env.example explains every variable.`,
    );
  }
  const v = parsed.data;
  const isProduction = v.NODE_ENV === 'production';
  const env: Env = {
    nodeEnv: v.NODE_ENV,
    role: v.GUILDHALL_ROLE,
    port: v.PORT,
    host: v.HOST ?? (isProduction ? '0.0.0.0' : '127.0.0.1'),
    isDebug: v.DEBUG ?? false,
    logLevel: v.LOG_LEVEL ?? (v.DEBUG ? 'debug' : 'info'),
    domains: v.DOMAINS ?? DOMAINS,
    databaseUrl: v.DATABASE_URL,
    databaseDirectUrl: v.DATABASE_DIRECT_URL ?? v.DATABASE_URL,
    dbPooler: v.DB_POOLER,
    dbPoolMax: v.DB_POOL_MAX,
    redisUrl: v.REDIS_URL,
    jobsLockMs: v.JOBS_LOCK_S * 1_000,
    dataDir: resolve(packageRoot(), v.DATA_DIR),
    ingestApiToken: v.INGEST_API_TOKEN,
    readApiToken: v.READ_API_TOKEN,
    adminApiToken: v.ADMIN_API_TOKEN,
    isRegistrationOpen: (v.REGISTRATION ?? (isProduction ? 'closed' : 'open')) === 'open',
    accessTokenS: v.ACCESS_TOKEN_S,
    refreshTokenDays: v.REFRESH_TOKEN_DAYS,
    smtpUrl: v.SMTP_URL,
    mailFrom: v.MAIL_FROM,
    corsOrigins: v.CORS_ORIGINS,
    trustProxyHops: v.TRUST_PROXY,
    compatDofusAnonymous: v.COMPAT_DOFUS_ANONYMOUS ?? (isProduction ? 'off' : 'write'),
    isDemoSeeded: v.DEMO_SEED ?? (v.NODE_ENV === 'development' && v.DATABASE_URL === undefined),
    marketRawMonths: v.MARKET_RAW_MONTHS,
    shutdownGraceS: v.SHUTDOWN_GRACE_S,
    isProfiling: v.PROFILING === 'on',
    profilingRetentionDays: v.PROFILING_RETENTION_DAYS,
    slowRequestMs: v.SLOW_REQUEST_MS,
    slowOperationMs: v.SLOW_OPERATION_MS,
  };
  refuseUnsafe(env);
  return Object.freeze(env);
}

function refuseUnsafe(env: Env): void {
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
  if (env.nodeEnv !== 'production') return;
  if (env.databaseUrl === undefined) {
    throw new StartupError(
      'NODE_ENV=production needs DATABASE_URL: the embedded PostgreSQL is for development and demonstration.',
    );
  }
  for (const [name, value] of [
    ['INGEST_API_TOKEN', env.ingestApiToken],
    ['READ_API_TOKEN', env.readApiToken],
    ['ADMIN_API_TOKEN', env.adminApiToken],
  ] as const) {
    if (value !== undefined && isPlaceholder(value)) {
      throw new StartupError(
        `${name} looks like a placeholder; set a random secret, for example from: openssl rand -hex 32.`,
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

/** Where the demonstration token of a development installation is kept, so that it survives restarts. */
export function demoTokenPath(env: Env): string {
  return join(env.dataDir, 'demo-token');
}

/** The password of the demonstration account, likewise. */
export function demoPasswordPath(env: Env): string {
  return join(env.dataDir, 'demo-password');
}

/** The same for the administrator's. */
export function adminTokenPath(env: Env): string {
  return join(env.dataDir, 'admin-token');
}
