import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { MARKET_FRAMES } from '../../src/market/stream/market.frames.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { LiveClient } from '../support/live-client.js';
import { READ_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { expectOneSentence, startUntilExit, TrialFolders } from '../support/start-trial.js';

interface SecureAnswer {
  status: number | undefined;
  headers: NodeJS.Dict<string | string[]>;
}

describe('https', () => {
  const folders = new TrialFolders();
  let dir: string;
  let database: TestDatabase;
  let server: ServerProcess;

  const file = (name: 'cert' | 'key'): string => join(dir, 'tls', `${name}.pem`);
  const get = (path: string, ca: Buffer, url = server.url): Promise<SecureAnswer> =>
    new Promise((resolve, reject) => {
      request(new URL(path, url), { ca, agent: false }, (response) => {
        response.resume();
        response.once('end', () => resolve({ status: response.statusCode, headers: response.headers }));
      })
        .once('error', reject)
        .end();
    });

  beforeAll(async () => {
    dir = folders.make();
    database = await createTestDatabase();
    server = await startServerProcess({
      DATABASE_URL: database.url,
      DATA_DIR: dir,
      TLS_SELF_SIGNED: 'true',
    });
  }, 60_000);

  afterAll(async () => {
    await server.stop();
    await database.drop();
    folders.cleanUp();
  });

  it('is served with a certificate that was made for this machine', async () => {
    expect(server.url).toMatch(/^https:/);
    const answer = await get('/health', readFileSync(file('cert')));
    expect(answer.status).toBe(200);
    expect(answer.headers['strict-transport-security']).toBeUndefined(); // or no browser would pass over it again
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  it('carries sockets too', async () => {
    const ca = readFileSync(file('cert'));
    const client = await LiveClient.open(server.url, MARKET_FRAMES, {
      token: READ_TOKEN,
      ca,
      origin: server.url,
    });
    expect((await client.ask('ping')).event).toBe('pong');
    client.close();
    await expect(
      LiveClient.open(server.url, MARKET_FRAMES, {
        token: READ_TOKEN,
        ca,
        origin: server.url.replace('https', 'http'),
      }),
    ).rejects.toMatchObject({ status: 403 });
  });

  it('gives a client that does not know the certificate nothing', async () => {
    await expect(get('/health', Buffer.from(''))).rejects.toThrow(/self-signed/);
  });

  it('answers plain HTTP with nothing that could be taken for an answer', async () => {
    await expect(fetch(server.url.replace('https', 'http') + '/health')).rejects.toThrow();
  });

  it('keeps its certificate over a restart', async () => {
    const before = readFileSync(file('cert'), 'utf8');
    await server.stop();
    server = await startServerProcess({ DATABASE_URL: database.url, DATA_DIR: dir, TLS_SELF_SIGNED: 'true' });
    expect(readFileSync(file('cert'), 'utf8')).toBe(before);
    expect((await peerOf(server.url)).subject.CN).toBe('localhost');
  }, 60_000);

  it('takes files of the operator', async () => {
    const own = folders.make();
    for (const name of ['cert', 'key'] as const) copyFileSync(file(name), join(own, `${name}.pem`));
    const other = await startServerProcess({
      DATABASE_URL: database.url,
      NODE_ENV: 'production',
      TLS_CERT_FILE: join(own, 'cert.pem'),
      TLS_KEY_FILE: join(own, 'key.pem'),
    });
    expect((await peerOf(other.url)).subject.CN).toBe('localhost');
    const { headers } = await get('/health', readFileSync(file('cert')), other.url);
    expect(headers['strict-transport-security']).toMatch(/^max-age=\d{8,}; includeSubDomains$/);
    await other.stop();
  }, 60_000);

  it.each([
    ['are not there', () => undefined, /^TLS_CERT_FILE or TLS_KEY_FILE cannot be read: /],
    [
      'are none',
      (own: string) => ['cert', 'key'].forEach((name) => writeFileSync(join(own, `${name}.pem`), 'nonsense')),
      /^The certificate and key of TLS_CERT_FILE and TLS_KEY_FILE cannot be used: /,
    ],
  ])('says in one sentence that the files %s', async (_what, prepare, sentence) => {
    const own = join(dir, 'broken');
    mkdirSync(own, { recursive: true });
    prepare(own);
    const env = {
      DATABASE_URL: database.url,
      TLS_CERT_FILE: join(own, 'cert.pem'),
      TLS_KEY_FILE: join(own, 'key.pem'),
    };
    expectOneSentence(await startUntilExit({ env }), sentence);
    rmSync(own, { recursive: true });
  });
});

function peerOf(url: string): Promise<PeerCertificate> {
  const { hostname: host, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({ host, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate());
      socket.destroy();
    });
    socket.once('error', reject);
  });
}
