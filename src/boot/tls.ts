import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { Env, TlsFiles } from '../platform/config/env.js';
import { StartupError } from '../platform/config/startup-error.js';
import type { Logger } from '../platform/logging/logger.js';

const LOOKS_EVERY_MS = 60_000;
const DAY_MS = 86_400_000;
const SELF_SIGNED_DAYS = 397;
/** A self-signed certificate that ends sooner is made anew. */
const FEWEST_DAYS_LEFT = 30;

/** Certificate and key as PEM. */
export interface TlsKeys {
  cert: Buffer;
  key: Buffer;
}

/** A server that takes new keys while it serves. */
export interface TlsServer {
  setSecureContext(options: SecureContextOptions): void;
}

/** Keys and the state of the files that they were read from. */
export interface ReadKeys {
  keys: TlsKeys;
  /** Changes with either file; empty while one is away. */
  stamp: string;
}

/**
 * Reads the keys for https; in development makes a self-signed certificate for this machine the first time, and when it is about
 * to end.
 * @throws StartupError when they cannot be read or do not belong together
 */
export async function tlsKeys(env: Env): Promise<ReadKeys | undefined> {
  if (env.tls === undefined) return undefined;
  if (env.tls === 'self-signed') await makeSelfSigned(env);
  const files = filesOf(env, env.tls);
  const stamp = stampOf(files); // before the reading: what changes under it is read again
  const keys = readKeys(files);
  try {
    createSecureContext(keys);
  } catch (error) {
    throw new StartupError(
      `The certificate and key of TLS_CERT_FILE and TLS_KEY_FILE cannot be used: ${(error as Error).message}.`,
    );
  }
  return { keys, stamp };
}

/**
 * Takes renewed files without a restart; half-written ones are left until they are whole, with one warning.
 * @param server that serves https @param served stamp of the keys that it has @returns ends the watch
 */
export function followRenewals(
  env: Env,
  server: TlsServer,
  served: string,
  logger: Pick<Logger, 'warn'>,
  everyMs = LOOKS_EVERY_MS,
): () => void {
  const { tls } = env;
  if (tls === undefined) return () => undefined;
  const files = filesOf(env, tls);
  let known = served;
  let warnedOf: string | undefined;
  const look = async (): Promise<void> => {
    let found = known;
    try {
      if (tls === 'self-signed') await makeSelfSigned(env);
      found = stampOf(files);
      if (found === known) return;
      server.setSecureContext(readKeys(files));
      known = found;
    } catch (error) {
      // The old ones go on; the next look tries again.
      if (found !== warnedOf) logger.warn({ err: error }, 'renewed TLS files cannot be used');
      warnedOf = found;
    }
  };
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

interface Files {
  certFile: string;
  keyFile: string;
}

function filesOf(env: Env, tls: TlsFiles): Files {
  const dir = join(env.dataDir, 'tls');
  return tls === 'self-signed' ? { certFile: join(dir, 'cert.pem'), keyFile: join(dir, 'key.pem') } : tls;
}

function readKeys({ certFile, keyFile }: Files): TlsKeys {
  try {
    return { cert: readFileSync(certFile), key: readFileSync(keyFile) };
  } catch (error) {
    throw new StartupError(`TLS_CERT_FILE or TLS_KEY_FILE cannot be read: ${(error as Error).message}.`);
  }
}

function stampOf({ certFile, keyFile }: Files): string {
  try {
    return `${statSync(certFile).mtimeMs} ${statSync(keyFile).mtimeMs}`;
  } catch {
    return '';
  }
}

async function makeSelfSigned(env: Env): Promise<void> {
  const { certFile, keyFile } = filesOf(env, 'self-signed');
  if (existsSync(keyFile) && lastsLongEnough(certFile)) return;
  const { generate } = await import('selfsigned');
  const notAfterDate = new Date(Date.now() + SELF_SIGNED_DAYS * DAY_MS);
  const pems = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    notAfterDate,
    extensions: [
      { name: 'basicConstraints', cA: false },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
  mkdirSync(join(env.dataDir, 'tls'), { recursive: true });
  writeFileSync(keyFile, pems.private, { mode: 0o600 });
  writeFileSync(certFile, pems.cert);
}

function lastsLongEnough(certFile: string): boolean {
  try {
    const { validTo } = new X509Certificate(readFileSync(certFile));
    return Date.parse(validTo) - Date.now() > FEWEST_DAYS_LEFT * DAY_MS;
  } catch {
    return false;
  }
}
