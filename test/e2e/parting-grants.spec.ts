import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SANDBOX_CLIENT } from '../../src/identity/connections/built-in.providers.js';
import { type OauthSandbox, openOauthSandbox } from '../../src/sandbox/oauth/oauth-sandbox.js';
import { call, post } from '../support/api-client.js';
import { runCli } from '../support/cli-process.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { agreeAtProvider, codeAtTheEnd } from '../support/oauth-browser.js';
import { newPerson, type Person } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';

const PATH = '/api/v1/connections/sandbox';

let database: TestDatabase;
let sandbox: OauthSandbox;
let server: ServerProcess;
let ada: Person;
let subject: string;

beforeAll(async () => {
  database = await createTestDatabase();
  sandbox = await openOauthSandbox({ clients: [{ ...SANDBOX_CLIENT, redirectUris: [] }] });
  server = await startServerProcess({
    DATABASE_URL: database.url,
    SANDBOX_OAUTH_URL: sandbox.url,
    TRUST_PROXY: '1',
  });
});

let count = 0;
beforeEach(async () => {
  ada = await newPerson(server.url);
  subject = `ada-${(count += 1)}`;
});

afterAll(async () => {
  await server.stop();
  await sandbox.close();
  await database.drop();
});

/** To the provider's page and back. @returns the code */
async function comeBack(): Promise<string> {
  const { json } = await post(server.url, `${PATH}/authorize`, {}, { token: ada.accessToken });
  const walk = await agreeAtProvider(server.url, (json as { url: string }).url, subject);
  return codeAtTheEnd(await walk.open());
}

async function connect(): Promise<void> {
  const code = await comeBack();
  const answer = await post(server.url, `${PATH}/complete`, { code }, { token: ada.accessToken });
  if (answer.status !== 204) throw new Error(`Connecting failed: ${answer.text}`);
}

const remove = async (): Promise<void> => {
  const answer = await call(server.url, 'DELETE', '/api/v1/account', { token: ada.accessToken });
  expect(answer.status).toBe(204);
};
const revocations = (): number[] =>
  sandbox.calls.filter(({ route }) => route === 'revoke').map(({ status }) => status);
const untilErased = (): Promise<unknown> =>
  waitUntil('the account is erased', 30_000, async () => {
    const left = await queryRows(database.url, 'SELECT 1 FROM identity.account WHERE id = $1', [ada.id]);
    return left.length === 0;
  });
const parting = (): Promise<{ user: string | null; text: string }[]> =>
  queryRows(database.url, 'SELECT user_id AS "user", p::text AS text FROM identity.parting_token p');
const untilTold = (): Promise<unknown> =>
  waitUntil('the provider was told, and nothing is left', 40_000, async () => (await parting()).length === 0);

describe('what a deleted account has granted', () => {
  it('is taken back at the provider', async () => {
    await connect();
    const before = revocations().length;
    await remove();
    await untilErased();
    await untilTold();
    expect(revocations().slice(before)).toEqual([200]);
    expect(sandbox.revokeAllOf(subject)).toBe(0);
  });

  it('is taken back when the provider was away, after the keys of the account have gone', async () => {
    await connect();
    const before = revocations().length;
    sandbox.fail('revoke', 'unavailable', { count: 2 });
    await remove();
    await untilErased();
    await waitUntil('the provider was asked', 20_000, () => Promise.resolve(revocations().length > before));
    const [row, ...others] = await parting();
    expect(others).toEqual([]);
    expect(row!.user).toBeNull();
    for (const known of [ada.id, Buffer.from('sandbox-').toString('hex'), 'sandbox-'])
      expect(row!.text).not.toContain(known);
    const keys = await queryRows(database.url, 'SELECT 1 FROM platform.data_key WHERE user_id = $1', [
      ada.id,
    ]);
    expect(keys).toEqual([]);
    const told = await queryRows(
      database.url,
      "SELECT 1 FROM identity.revocation WHERE kind = 'data-key' AND subject_id = $1",
      [ada.id],
    );
    expect(told).toHaveLength(1);
    await untilTold();
    expect(revocations().slice(before)).toEqual([503, 503, 200]);
    expect(sandbox.revokeAllOf(subject)).toBe(0);
  }, 90_000);

  it('is taken back while it waits for its code, and when an operator erases', async () => {
    const code = await comeBack();
    const before = revocations().length;
    const erased = await runCli(['account', 'erase', '--email', ada.email], { DATABASE_URL: database.url });
    expect(erased).toMatchObject({ code: 0, stderr: '' });
    await untilTold();
    expect(revocations().slice(before)).toEqual([200]);
    // Another process has erased the account; this one hears of it within a second, and the code is worth nothing before.
    const complete = () => post(server.url, `${PATH}/complete`, { code }, { token: ada.accessToken });
    expect([401, 422]).toContain((await complete()).status);
    await waitUntil('the token is void', 5_000, async () => (await complete()).status === 401);
  });

  it('is told again by housekeeping when the job has given up', async () => {
    await connect();
    await call(server.url, 'DELETE', PATH, { token: ada.accessToken });
    await untilTold();
    await connect();
    const before = revocations().length;
    sandbox.fail('revoke', 'error', { count: 1 });
    await remove();
    await waitUntil('the provider was asked', 30_000, () => Promise.resolve(revocations().length > before));
    await queryRows(
      database.url,
      `UPDATE platform.job SET state = 'dead', finished_at = now() WHERE name = 'identity.revoke-token' AND state <> 'done'`,
    );
    await queryRows(
      database.url,
      `ALTER TABLE identity.parting_token NO FORCE ROW LEVEL SECURITY;
       UPDATE identity.parting_token SET created_at = now() - interval '2 hours';
       ALTER TABLE identity.parting_token FORCE ROW LEVEL SECURITY;`,
    );
    await queryRows(
      database.url,
      `INSERT INTO platform.job (id, user_id, name, queue, payload)
       VALUES (gen_random_uuid(), '00000000-0000-7000-8000-000000000003', 'identity.forget-authorizations', 'identity', '{}')`,
    );
    await untilTold();
    expect(revocations().slice(before)).toEqual([500, 200]);
  }, 90_000);
});
