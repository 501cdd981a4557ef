import { afterEach, describe, expect, it } from '@jest/globals';
import { X509Certificate } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { generate } from 'selfsigned';
import { waitUntil } from '../../test/support/wait-until.js';
import { parseEnvironment } from '../platform/config/env.js';
import { followRenewals, tlsKeys } from './tls.js';

const DAY_MS = 86_400_000;
const EVERY_MS = 5;
const undo: (() => void)[] = [];

afterEach(() => undo.splice(0).forEach((step) => step()));

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'guildhall-tls-'));
  undo.unshift(() => rmSync(dir, { recursive: true }));
  return dir;
}

/** A certificate and key in `dir`, good for so many days. */
async function writePair(dir: string, days: number): Promise<void> {
  const notAfterDate = new Date(Date.now() + days * DAY_MS);
  const pems = await generate([{ name: 'commonName', value: 'guild' }], { keyType: 'ec', notAfterDate });
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'key.pem'), pems.private);
  writeFileSync(join(dir, 'cert.pem'), pems.cert);
}

const selfSigned = (dir: string) =>
  parseEnvironment({ NODE_ENV: 'test', DATA_DIR: dir, TLS_SELF_SIGNED: 'true' });
const operators = (dir: string) =>
  parseEnvironment({
    NODE_ENV: 'test',
    TLS_CERT_FILE: join(dir, 'cert.pem'),
    TLS_KEY_FILE: join(dir, 'key.pem'),
  });

/** A server as far as keys go, and what is logged about them. */
function watcher() {
  const taken: SecureContextOptions[] = [];
  const warnings: string[] = [];
  const server = {
    setSecureContext: (options: SecureContextOptions): void => {
      createSecureContext(options);
      taken.push(options);
    },
  };
  const logger = { warn: (_what: unknown, text: string) => warnings.push(text) };
  return { taken, warnings, server, logger: logger as unknown as Parameters<typeof followRenewals>[3] };
}

describe('a self-signed certificate', () => {
  const daysLeft = (cert: Buffer): number =>
    (Date.parse(new X509Certificate(cert).validTo) - Date.now()) / DAY_MS;

  it('is kept until a month before its end, and then made anew', async () => {
    const dir = folder();
    await writePair(join(dir, 'tls'), 40);
    expect(daysLeft((await tlsKeys(selfSigned(dir)))!.keys.cert)).toBeCloseTo(40, 0);
    await writePair(join(dir, 'tls'), 20);
    expect(daysLeft((await tlsKeys(selfSigned(dir)))!.keys.cert)).toBeGreaterThan(360);
  });

  it('is made anew while it is served', async () => {
    const dir = folder();
    await writePair(join(dir, 'tls'), 40);
    const { stamp } = (await tlsKeys(selfSigned(dir)))!;
    const { taken, server, logger } = watcher();
    undo.push(followRenewals(selfSigned(dir), server, stamp, logger, EVERY_MS));
    await writePair(join(dir, 'tls'), 20);
    await waitUntil('a new one is served', 5_000, () =>
      taken.some(({ cert }) => daysLeft(cert as Buffer) > 360),
    );
  });
});

describe('files that change', () => {
  it('between their reading and the first look are taken all the same', async () => {
    const dir = folder();
    await writePair(dir, 40);
    const { stamp } = (await tlsKeys(operators(dir)))!;
    await writePair(dir, 50);
    const { taken, server, logger } = watcher();
    undo.push(followRenewals(operators(dir), server, stamp, logger, EVERY_MS));
    await waitUntil('they are served', 5_000, () => taken.length > 0);
    expect(taken[0]!.cert).toEqual(readFileSync(join(dir, 'cert.pem')));
  });

  it('into nothing that can be used are warned of once, and taken when they are mended', async () => {
    const [dir, spare] = [folder(), folder()];
    await writePair(dir, 40);
    await writePair(spare, 50);
    const { stamp } = (await tlsKeys(operators(dir)))!;
    const { taken, warnings, server, logger } = watcher();
    undo.push(followRenewals(operators(dir), server, stamp, logger, EVERY_MS));
    copyFileSync(join(spare, 'cert.pem'), join(dir, 'cert.pem')); // not of this key
    await waitUntil('somebody is told', 5_000, () => warnings.length > 0);
    await sleep(20 * EVERY_MS);
    expect({ warnings, taken }).toEqual({ warnings: ['renewed TLS files cannot be used'], taken: [] });
    copyFileSync(join(spare, 'key.pem'), join(dir, 'key.pem'));
    await waitUntil('they are served', 5_000, () => taken.length > 0);
    expect(warnings).toHaveLength(1);
  });
});
