import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { Env, TlsFiles } from '../platform/config/env.js';
import { StartupError } from '../platform/config/startup-error.js';

const LOOKS_EVERY_MS = 60_000;
const SELF_SIGNED_DAYS = 397;

/** Certificate and key as PEM. */
export interface TlsKeys {
  cert: Buffer;
  key: Buffer;
}

/** A server that takes new keys while it serves. */
export interface TlsServer {
  setSecureContext(options: SecureContextOptions): void;
}

/**
 * Reads the keys for https; in development makes a self-signed certificate for this machine the first time.
 * @throws StartupError when they cannot be read or do not belong together
 */
export async function tlsKeys(env: Env): Promise<TlsKeys | undefined> {
  if (env.tls === undefined) return undefined;
  if (env.tls === 'self-signed') await makeSelfSigned(env);
  const keys = readKeys(filesOf(env, env.tls));
  try {
    createSecureContext(keys);
  } catch (error) {
    throw new StartupError(
      `The certificate and key of TLS_CERT_FILE and TLS_KEY_FILE cannot be used: ${(error as Error).message}.`,
    );
  }
  return keys;
}

/**
 * Takes renewed files without a restart; half-written ones are left until they are whole.
 * @param server that serves https @returns ends the watch
 */
export function followRenewals(env: Env, server: TlsServer, everyMs = LOOKS_EVERY_MS): () => void {
  if (env.tls === undefined) return () => undefined;
  const files = filesOf(env, env.tls);
  let known = newest(files);
  const timer = setInterval(() => {
    const found = newest(files);
    if (found === known) return;
    try {
      server.setSecureContext(readKeys(files));
      known = found;
    } catch {
      // the old ones go on; the next look tries again
    }
  }, everyMs);
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

/** Changes with either file; -1 while one is away. */
function newest({ certFile, keyFile }: Files): number {
  try {
    return statSync(certFile).mtimeMs + statSync(keyFile).mtimeMs;
  } catch {
    return -1;
  }
}

async function makeSelfSigned(env: Env): Promise<void> {
  const { certFile, keyFile } = filesOf(env, 'self-signed');
  if (existsSync(certFile) && existsSync(keyFile)) return;
  const { generate } = await import('selfsigned');
  const notAfterDate = new Date(Date.now() + SELF_SIGNED_DAYS * 86_400_000);
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
