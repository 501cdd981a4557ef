import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, get } from '../support/api-client.js';
import { findBrowser, PageOnAnotherOrigin } from '../support/browser.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { INGEST_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';

const ITEMS = '/compat/dofus/api/data?resource=items&limit=3';
const FOREIGN = 'https://tracker.example.org';
const NATIVE = '/api/v1/market/games';

describe('pages of other origins', () => {
  let database: TestDatabase;
  let server: ServerProcess;

  beforeAll(async () => {
    database = await createTestDatabase();
    server = await startServerProcess({
      DATABASE_URL: database.url,
      CORS_ORIGINS: 'https://app.example.org',
      COMPAT_DOFUS_ANONYMOUS: 'read',
    });
  });

  afterAll(async () => {
    await server.stop();
    await database.drop();
  });

  const preflight = (path: string, origin: string) =>
    call(server.url, 'OPTIONS', path, {
      token: null,
      headers: {
        origin,
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'authorization,content-type',
      },
    });

  it('may ask the compat mount for leave without a token, as its clients do before every call', async () => {
    const { status, headers, text } = await preflight(ITEMS, FOREIGN);
    expect({ status, text }).toEqual({ status: 200, text: '' });
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-allow-headers')).toBe('authorization,content-type');
    expect(headers.get('access-control-allow-methods')).toContain('PATCH');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('of any origin read the compat mount, those of the list all else', async () => {
    const origin = async (path: string, from: string): Promise<string | null> =>
      (await get(server.url, path, { headers: { origin: from } })).headers.get('access-control-allow-origin');
    expect(await origin(ITEMS, FOREIGN)).toBe('*');
    expect(await origin(NATIVE, FOREIGN)).toBeNull();
    expect(await origin(NATIVE, 'https://app.example.org')).toBe('https://app.example.org');
    expect(await origin('/compat/dofusette/api/data', FOREIGN)).toBeNull();
    expect((await preflight(NATIVE, FOREIGN)).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('of chosen origins alone read a mount that was closed to others', async () => {
    const other = await startServerProcess({
      DATABASE_URL: database.url,
      COMPAT_DOFUS_ANONYMOUS: 'read',
      COMPAT_DOFUS_CORS_ORIGINS: FOREIGN,
    });
    const origin = async (from: string): Promise<string | null> =>
      (await get(other.url, ITEMS, { token: null, headers: { origin: from } })).headers.get(
        'access-control-allow-origin',
      );
    expect(await origin(FOREIGN)).toBe(FOREIGN);
    expect(await origin('https://app.example.org')).toBeNull();
    await other.stop();
  }, 30_000);

  it('of none get leave where no origin is set, and preflights an answer all the same', async () => {
    const other = await startServerProcess({ DATABASE_URL: database.url, COMPAT_DOFUS_CORS_ORIGINS: 'none' });
    for (const path of [ITEMS, NATIVE]) {
      const answer = await call(other.url, 'OPTIONS', path, { token: null, headers: { origin: FOREIGN } });
      expect(answer.status).toBe(200);
      for (const name of ['access-control-allow-origin', 'vary']) expect(answer.headers.get(name)).toBeNull();
    }
    await other.stop();
  }, 30_000);

  const browser = findBrowser();
  (browser === undefined ? describe.skip : describe)('in a real browser (needs chromium)', () => {
    let page: PageOnAnotherOrigin;

    beforeAll(async () => {
      page = await PageOnAnotherOrigin.open(browser!);
    }, 60_000);
    afterAll(() => page.close());

    it('read every compat mount, with and without a token', async () => {
      for (const headers of [{}, { Authorization: `Bearer ${INGEST_TOKEN}` }]) {
        const answer = await page.fetch(server.url + ITEMS, {
          headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...headers },
        });
        expect(answer).toMatchObject({ status: 200 });
        expect(Array.isArray(JSON.parse(answer.text))).toBe(true);
      }
    }, 30_000);

    it('are kept from the native API, and see why a compat call was refused', async () => {
      await expect(
        page.fetch(server.url + NATIVE, { headers: { Authorization: `Bearer ${INGEST_TOKEN}` } }),
      ).rejects.toThrow('Failed to fetch');
      const refused = await page.fetch(`${server.url}/compat/dofus/api/data?resource=nothing`, {
        headers: {},
      });
      expect(refused.status).toBe(400);
    }, 30_000);
  });
});
