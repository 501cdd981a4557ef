import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shippedCatalog } from '../../src/destiny/catalysts/catalog.reader.js';
import { get, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { agreeAtProvider } from '../support/oauth-browser.js';
import { dataFolderOf, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { point, upload } from '../contract/compat-calls.js';

// What a newcomer finds besides prices. One price is there already, so that no history is simulated.

let database: TestDatabase;
let server: ServerProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  const before = await startServerProcess({ DATABASE_URL: database.url });
  await upload(before, point({ item_name: 'zz one', server: 'Hell Mina', price_unit_avg: 1 }));
  await before.stop();
  server = await startServerProcess({
    DATABASE_URL: database.url,
    NODE_ENV: 'development',
    DEMO_SEED: 'true',
  });
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

describe('the demonstration', () => {
  it('has an account to sign in with, whose password is printed', async () => {
    const folder = dataFolderOf({ DATABASE_URL: database.url }).DATA_DIR!;
    const password = readFileSync(join(folder, 'demo-password'), 'utf8').trim();
    expect(server.output()).toContain(`sign-in   demo@guildhall.example   password ${password} `);
    const body = { email: 'demo@guildhall.example', password, deviceName: 'a specimen' };
    expect(await post(server.url, '/api/v1/auth/sign-in', body, { token: null })).toMatchObject({
      status: 200,
    });
  });

  it('has a provider of its own to sign in with, which says what it is', async () => {
    const issuer = /OAuth stand-in at (http:\/\/127\.0\.0\.1:\d+)/.exec(server.output())?.[1];
    const codeVerifier = randomBytes(32).toString('base64url');
    const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
    const begun = await post(
      server.url,
      '/api/v1/auth/external/sandbox/start',
      { codeChallenge },
      { token: null },
    );
    const url = (begun.json as { url: string }).url;
    expect(new URL(url).origin).toBe(issuer);
    const page = await fetch(`${issuer}/.well-known/openid-configuration`);
    expect(page.headers.get('x-guildhall-sandbox')).not.toBeNull();
    const end = await (await agreeAtProvider(server.url, url, 'newcomer')).open();
    const code = /[\w-]{40,}/.exec(end.text)?.[0];
    const body = { code, codeVerifier, deviceName: 'a specimen' };
    const signedIn = await post(server.url, '/api/v1/auth/external/exchange', body, { token: null });
    expect(signedIn.status).toBe(200);
    const account = await get(server.url, '/api/v1/account', { token: signedIn.json.accessToken });
    expect(account.json).toMatchObject({ displayName: 'Sandbox newcomer', role: 'member' });
  });

  it('has a Bungie.net to connect to, which says what it is and knows our catalysts', async () => {
    const base = /Bungie stand-in at (http:\/\/127\.0\.0\.1:\d+)/.exec(server.output())?.[1];
    const answer = await fetch(`${base}/Platform/Destiny2/Manifest/`, {
      headers: { 'x-api-key': 'key-of-the-stand-in' },
    });
    expect(answer.headers.get('x-guildhall-sandbox')).toBe('bungie');
    const { Response: manifest } = (await answer.json()) as {
      Response: { jsonWorldComponentContentPaths: { en: { DestinyRecordDefinition: string } } };
    };
    const path = manifest.jsonWorldComponentContentPaths.en.DestinyRecordDefinition;
    const records = (await (await fetch(`${base}${path}`)).json()) as object;
    for (const { recordHash } of shippedCatalog().catalysts)
      expect(records).toHaveProperty(String(recordHash));
  });
});
