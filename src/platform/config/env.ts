import { join, resolve } from 'node:path';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { BUNGIE_VARIABLES, type BungieSettings, bungieSettings } from './bungie-settings.js';
import { AI_VARIABLES, type AiSettings, aiSettings } from './ai-settings.js';
import { mergeEnvFiles } from './env-files.js';
import { LANGFUSE_VARIABLES, type LangfuseProject, langfuseProjects } from './langfuse-settings.js';
import { STORY_VARIABLES, type StorySettings } from './story-settings.js';
import { packageRoot } from './package-root.js';
import { REALTIME_VARIABLES, type RealtimeSettings, realtimeSettings } from './realtime-settings.js';
import { type ClientRegistration, googleRegistration, PROVIDER_VARIABLES } from './provider-settings.js';
import { type SecretsKey, secretsKeySchema } from './secrets-key.js';
import { SEARCH_VARIABLES, type SearchServerSettings, searchServerSettings } from './search-settings.js';
import { SHEETS_VARIABLES, type SheetsSettings, sheetsSettings } from './sheets-settings.js';
import { StartupError } from './startup-error.js';
import type { TrustedIssuer } from './trusted-issuers.js';
import { refuseUnsafe } from './unsafe-settings.js';
import { STORAGE_VARIABLES, type StoragePlace, storagePlace } from './storage-place.js';

// The one schema of the environment and the only reader of process.env. Everything else receives the frozen, typed Env, so
// a misspelt or missing variable fails here, in one sentence, before anything has started.

export const DOMAINS = ['market', 'agent-analytics', 'destiny', 'running', 'tabletop'] as const;
export type DomainName = (typeof DOMAINS)[number];
/** Where the dashboard's page is served from in its own deployments. */
const CUPID_ORIGINS = ['localhost', '127.0.0.1'].flatMap((host) =>
  ['', ':3000', ':5173'].map((port) => `http://${host}${port}`),
);

const flag = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['true', 'false', '1', '0']))
  .transform((value) => value === 'true' || value === '1')
  .optional();
const webUrl = z.url({ protocol: /^https?$/ });
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

/** A number of proxies, or a list of their addresses and networks. */
const proxies = z.union(
  [z.coerce.number().int().min(0).max(10), csv.pipe(z.array(z.string().refine(isAddressOrNetwork)).min(1))],
  'must be a number from 0 to 10, or a list of addresses and networks',
);

export const variablesSchema = z.object({
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
  SECRETS_KEY: secretsKeySchema.optional(),
  SECRETS_KEYS_OLD: csv.pipe(z.array(secretsKeySchema).max(20)).default([]),
  ...PROVIDER_VARIABLES,
  ...LANGFUSE_VARIABLES,
  ...STORY_VARIABLES,
  ...BUNGIE_VARIABLES,
  ...AI_VARIABLES,
  ...SEARCH_VARIABLES,
  ...SHEETS_VARIABLES,
  CORS_ORIGINS: csv.default([]),
  TRUST_PROXY: proxies.default(0),
  TLS_CERT_FILE: z.string().min(1).optional(),
  TLS_KEY_FILE: z.string().min(1).optional(),
  TLS_SELF_SIGNED: flag,
  RATE_LIMITS: z.enum(['on', 'off']).default('on'),
  RATE_LIMIT_PER_MIN: z.coerce.number().int().min(0).max(1_000_000).default(1_200),
  COMPAT_DOFUS_ANONYMOUS: z.enum(['off', 'read', 'write']).optional(),
  COMPAT_DOFUS_CORS_ORIGINS: csv.optional(),
  COMPAT_CUPID_ANONYMOUS: z.enum(['off', 'read', 'write']).optional(),
  COMPAT_CUPID_CORS_ORIGINS: csv.optional(),
  COMPAT_DESTINY_ANONYMOUS: z.enum(['off', 'read']).default('off'),
  COMPAT_ROOT: z.enum(['cupid']).optional(),
  AGENT_PAYLOAD_MONTHS: z.coerce.number().int().min(0).max(1_200).default(0),
  DEMO_SEED: flag,
  DESTINY_LANGUAGES: csv
    .pipe(z.array(z.string().regex(/^[a-z]{2,3}(?:-[a-z]{2,4})?$/)).min(1))
    .default(['en']),
  MARKET_CALENDAR_URL: webUrl.optional(),
  MARKET_RAW_MONTHS: z.coerce.number().int().min(0).max(1_200).default(0),
  MARKET_DUMP_DAYS: z.coerce.number().int().min(0).max(36_600).default(400),
  SHUTDOWN_GRACE_S: z.coerce.number().min(0).max(300).default(10),
  PROFILING: z.enum(['on', 'off']).default('on'),
  PROFILING_RETENTION_DAYS: z.coerce.number().int().min(1).max(365).default(14),
  SLOW_REQUEST_MS: z.coerce.number().min(1).max(86_400_000).default(10_000),
  SLOW_OPERATION_MS: z.coerce.number().min(1).max(86_400_000).default(10_000),
  OUTBOUND_ALLOW_PRIVATE: flag,
  ...REALTIME_VARIABLES,
  ...STORAGE_VARIABLES,
  STORAGE_QUOTA_MB: z.coerce.number().int().min(1).max(1_000_000).default(200),
});

export type Role = 'api' | 'worker' | 'all';
export type AnonymousAccess = 'off' | 'read' | 'write';

/** Where certificate chain and key are, in PEM; `self-signed` ones are made below `dataDir`. */
export type TlsFiles = { readonly certFile: string; readonly keyFile: string } | 'self-signed';

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
  /** Wraps the data keys of users; undefined only until a development installation has made one up. */
  readonly secretsKey: SecretsKey | undefined;
  /** Keys that still open what they once wrapped. */
  readonly oldSecretsKeys: readonly SecretsKey[];
  /** Where browsers reach this installation, without a slash at the end; undefined = as the request says. */
  readonly publicUrl: string | undefined;
  /** Addresses of apps to which a browser may be sent back, each as it is. */
  readonly appReturnUrls: readonly string[];
  /** Our registration at Google, or whoever stands in for it; undefined = nobody signs in there. */
  readonly google: ClientRegistration | undefined;
  /** Base of the OAuth stand-in, for trying and tests. */
  readonly sandboxOauthUrl: string | undefined;
  /** Where Discord's webhooks are called, without a slash at the end. */
  readonly discordUrl: string;
  /** Whose tokens are taken as they are. */
  readonly trustedIssuers: readonly TrustedIssuer[];
  /** Projects of Langfuse that are read. */
  readonly langfuse: readonly LangfuseProject[];
  /** What the game calls its chapters and agents, where it differs from the defaults. */
  readonly storyNames: StorySettings;
  /** Undefined: Bungie.net is not asked. */
  readonly bungie: BungieSettings | undefined;
  /** Languages of the manifest that are kept; the first one is that of answers which name none. */
  readonly destinyLanguages: readonly string[];
  /** The language model that is asked; undefined = everything works by rules. */
  readonly ai: AiSettings | undefined;
  /** The search server that is asked for campaigns; undefined = PostgreSQL answers. */
  readonly searchServer: SearchServerSettings | undefined;
  /** Google sheets that are read for Destiny. */
  readonly sheets: SheetsSettings;
  /** From the end of one synchronisation to the start of the next. */
  readonly syncIntervalMs: number;
  readonly corsOrigins: readonly string[];
  /** Proxies in front whose X-Forwarded-For is believed: how many, or which. */
  readonly trustProxy: number | readonly string[];
  /** Serves https and wss; undefined = plain HTTP. */
  readonly tls: TlsFiles | undefined;
  /** Calls are counted and refused when there are too many. */
  readonly isRateLimited: boolean;
  /** Calls that an account or a tokenless client may make per minute; 0 = any number. */
  readonly rateLimitPerMin: number;
  readonly compatCupidAnonymous: AnonymousAccess;
  /** What is the same for everybody; what players own is never open. */
  readonly compatDestinyAnonymous: 'off' | 'read';
  readonly compatCupidCorsOrigins: readonly string[];
  /** The mount that answers at the root too. */
  readonly compatRoot: 'cupid' | undefined;
  /** Whole months of texts of Langfuse that are kept beside the current one; 0 = all. */
  readonly agentPayloadMonths: number;
  readonly compatDofusAnonymous: AnonymousAccess;
  readonly compatDofusCorsOrigins: readonly string[];
  readonly isDemoSeeded: boolean;
  /** Whole months of raw prices kept beside the current one; 0 = all. */
  readonly marketRawMonths: number;
  /** Days back from today of which dumps are made and kept; 0 = all. */
  readonly marketDumpDays: number;
  /** Where the calendar of the day is read from, with `{from}` and `{to}` for dates; undefined = it is imported by hand. */
  readonly marketCalendarUrl: string | undefined;
  readonly shutdownGraceS: number;
  /** Requests and jobs are timed and written down. */
  readonly isProfiling: boolean;
  /** Days for which their rows are kept. */
  readonly profilingRetentionDays: number;
  /** A longer request or job raises an alert. */
  readonly slowRequestMs: number;
  /** So does one with a longer operation inside of it. */
  readonly slowOperationMs: number;
  /** Tests only: URLs that users give may be http and lead to private addresses. */
  readonly isOutboundPrivateAllowed: boolean;
  readonly realtime: RealtimeSettings;
  readonly storage: StoragePlace;
  /** Bytes of files that one account may keep. */
  readonly storageQuotaBytes: number;
}

/** Reads the environment files and the process's variables. @throws StartupError naming each wrong variable. */
export function loadEnv(): Env {
  return parseEnvironment(mergeEnvFiles(packageRoot(), process.env));
}

/** @throws StartupError naming each wrong variable. */
export function parseEnvironment(variables: Record<string, string | undefined>): Env {
  const v = readVariables(variables);
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
    secretsKey: v.SECRETS_KEY,
    oldSecretsKeys: v.SECRETS_KEYS_OLD,
    publicUrl: v.PUBLIC_URL?.replace(/\/+$/, ''),
    appReturnUrls: v.APP_RETURN_URLS,
    google: googleRegistration(v),
    sandboxOauthUrl: v.SANDBOX_OAUTH_URL,
    discordUrl: v.DISCORD_URL.replace(/\/+$/, ''),
    trustedIssuers: v.TRUSTED_ISSUERS,
    langfuse: langfuseProjects(v),
    storyNames: v.AGENT_NAMES,
    bungie: bungieSettings(v),
    destinyLanguages: [...new Set(v.DESTINY_LANGUAGES)],
    ai: aiSettings(v),
    searchServer: searchServerSettings(v),
    sheets: sheetsSettings(v),
    syncIntervalMs: v.SYNC_INTERVAL_SECONDS * 1_000,
    corsOrigins: v.CORS_ORIGINS,
    trustProxy: v.TRUST_PROXY,
    tls: tlsFiles(v),
    isRateLimited: v.RATE_LIMITS === 'on',
    rateLimitPerMin: v.RATE_LIMIT_PER_MIN,
    compatDofusAnonymous: v.COMPAT_DOFUS_ANONYMOUS ?? (isProduction ? 'off' : 'write'),
    compatDestinyAnonymous: v.COMPAT_DESTINY_ANONYMOUS,
    ...cupidSettings(v, isProduction),
    compatDofusCorsOrigins: (v.COMPAT_DOFUS_CORS_ORIGINS ?? ['*']).filter((origin) => origin !== 'none'),
    isDemoSeeded: v.DEMO_SEED ?? (v.NODE_ENV === 'development' && v.DATABASE_URL === undefined),
    marketCalendarUrl: v.MARKET_CALENDAR_URL,
    marketRawMonths: v.MARKET_RAW_MONTHS,
    marketDumpDays: v.MARKET_DUMP_DAYS,
    shutdownGraceS: v.SHUTDOWN_GRACE_S,
    isProfiling: v.PROFILING === 'on',
    profilingRetentionDays: v.PROFILING_RETENTION_DAYS,
    slowRequestMs: v.SLOW_REQUEST_MS,
    slowOperationMs: v.SLOW_OPERATION_MS,
    isOutboundPrivateAllowed: v.OUTBOUND_ALLOW_PRIVATE ?? false,
    realtime: realtimeSettings(v),
    storage: storagePlace(v),
    storageQuotaBytes: v.STORAGE_QUOTA_MB * 1_048_576,
  };
  refuseUnsafe(env);
  return Object.freeze(env);
}

function readVariables(variables: Record<string, string | undefined>): z.infer<typeof variablesSchema> {
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = variablesSchema.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new StartupError(
      `The configuration is not valid (${faults.join('; ')}); .env.example explains every variable.`,
    );
  }
  return parsed.data;
}

/** @throws StartupError for half of the two */
function tlsFiles(v: z.output<typeof variablesSchema>): TlsFiles | undefined {
  const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile } = v;
  if ((certFile === undefined) !== (keyFile === undefined))
    throw new StartupError('TLS_CERT_FILE and TLS_KEY_FILE come together: set both or neither.');
  if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile };
  return v.TLS_SELF_SIGNED === true ? 'self-signed' : undefined;
}

function isAddressOrNetwork(text: string): boolean {
  const [address = '', ...prefix] = text.split('/');
  return isIP(address) !== 0 && (prefix.length === 0 || ipaddr.isValidCIDR(text));
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

/** The same for the key that wraps data keys. */
export function secretsKeyPath(env: Env): string {
  return join(env.dataDir, 'secrets-key');
}

/** Where the newest seals of the audit chain are written down, outside of the database. */
export function auditHeadsPath(env: Env): string {
  return join(env.dataDir, 'audit-heads.jsonl');
}

/** Where files lie that no bucket holds, and where uploads arrive. */
export function filesPath(env: Env): string {
  return join(env.dataDir, 'files');
}

/** Of the dashboard's mount and what it shows. */
function cupidSettings(
  v: z.output<typeof variablesSchema>,
  isProduction: boolean,
): Pick<Env, 'compatCupidAnonymous' | 'compatCupidCorsOrigins' | 'compatRoot' | 'agentPayloadMonths'> {
  const origins = v.COMPAT_CUPID_CORS_ORIGINS ?? CUPID_ORIGINS;
  return {
    compatCupidAnonymous: v.COMPAT_CUPID_ANONYMOUS ?? (isProduction ? 'off' : 'write'),
    compatCupidCorsOrigins: origins.filter((origin) => origin !== 'none'),
    compatRoot: v.COMPAT_ROOT,
    agentPayloadMonths: v.AGENT_PAYLOAD_MONTHS,
  };
}
