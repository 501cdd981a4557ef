import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { type Answer, call, get, post } from '../support/api-client.js';
import { enrol } from '../support/authenticator.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newAddress } from '../support/people.js';
import {
  ADMIN_TOKEN,
  INGEST_TOKEN,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.js';
import { dumpTables, formsOf } from '../support/table-dump.js';
import { waitUntil } from '../support/wait-until.js';

// Secrets are planted wherever a client may send one, and those are taken that it is given (tokens, tickets, an API key, the seed
// and recovery codes of an authenticator, a webhook's), with bodies logged (DEBUG), and are then looked for in everything that
// is kept: every row of every table, everything the process printed, every answer but the one that hands a secret out.

const DEVICE = 'a phone with a name';
const canary = (what: string): string => `canary-${what}-${randomBytes(9).toString('hex')}`;

function bytesOfBase32(text: string): Buffer {
  const bits = [...text].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

describe('what a client keeps to itself', () => {
  let database: TestDatabase;
  let server: ServerProcess;
  const planted = new Map<string, string>();
  const answers: string[] = [];

  const plant = (what: string, secret = canary(what)): string => {
    planted.set(what, secret);
    return secret;
  };
  const auth = async (path: string, body: object, token: string | null = null): Promise<Answer> => {
    const answer = await post(server.url, `/api/v1/${path}`, body, { token });
    if (answer.status >= 400) answers.push(answer.text);
    return answer;
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    server = await startServerProcess({
      DATABASE_URL: database.url,
      DEBUG: 'true',
      LOG_LEVEL: 'trace',
      SLOW_OPERATION_MS: '1',
    });
    const email = newAddress();
    const password = plant('password');
    await auth('auth/register', { email, password });
    await auth('auth/register', { email, password: plant('second registration') });
    await auth('auth/sign-in', { email, password: plant('wrong password') });
    await auth('auth/sign-in', { email: 'no address', password: plant('no address') });
    await auth('auth/sign-in', { email, password: { $ne: plant('object as password') } });
    const signedIn = await auth('auth/sign-in', { email, password, deviceName: DEVICE });
    const first = signedIn.json as { accessToken: string; refreshToken: string };
    plant('access token', first.accessToken);
    plant('refresh token', first.refreshToken);
    const { accessToken } = first;
    await auth('account/step-up', { password: plant('wrong proof') }, accessToken);
    const proved = await auth('account/step-up', { password }, accessToken);
    plant('proved token', (proved.json as { accessToken: string }).accessToken);
    const next = plant('next password');
    await auth(
      'account/password',
      { currentPassword: plant('wrong current'), newPassword: plant('unused next') },
      accessToken,
    );
    await auth('account/password', { currentPassword: password, newPassword: next }, accessToken);
    const ticket = await auth('auth/ws-ticket', {}, accessToken);
    plant('ticket', (ticket.json as { ticket: string }).ticket);
    const made = await auth('account/keys', { name: 'collector', scopes: ['market:read'] }, accessToken);
    const { key } = made.json as { key: string };
    plant('key', key);
    await get(server.url, '/api/v1/market/games', { token: key });
    const { seed, recoveryCodes } = await enrol(server.url, first);
    plant('seed', seed);
    plant('bytes of the seed', bytesOfBase32(seed).toString('hex'));
    recoveryCodes.forEach((code, index) => plant(`recovery code ${index}`, code));
    const refreshed = await auth('auth/refresh', { refreshToken: first.refreshToken });
    plant('second refresh token', (refreshed.json as { refreshToken: string }).refreshToken);
    await auth('auth/refresh', { refreshToken: plant('made-up refresh token') });
    await auth('auth/password-reset/confirm', {
      code: plant('made-up code'),
      newPassword: plant('reset password'),
    });
    await auth('auth/email/verify', { code: plant('made-up verification') });
    await get(server.url, '/api/v1/account', { token: plant('made-up bearer') });
    await get(server.url, `/api/v1/account?access_token=${plant('token in a query')}`, { token: null });
    await call(server.url, 'POST', '/api/v1/auth/sign-in', {
      token: null,
      body: `{"email":"${email}","password":"${plant('password in broken json')}"`,
    });
    const hook = await post(
      server.url,
      '/api/v1/admin/webhooks',
      { url: `https://hook.example.org/hook?key=kept`, events: ['slow_request_alert'] },
      { token: ADMIN_TOKEN },
    );
    plant('webhook secret', (hook.json as { secret: string }).secret);
    plant('ingest token', INGEST_TOKEN);
    plant('admin token', ADMIN_TOKEN);
    await waitUntil('what waits is written', 15_000, async () => {
      const { json } = await get(server.url, '/api/v1/admin/profiling/logs?limit=200', {
        token: ADMIN_TOKEN,
      });
      return (json.items as unknown[]).length > 15;
    });
  }, 60_000);

  afterAll(async () => {
    await server.stop();
    await database.drop();
  });

  it('is in no row, no line and no refusal', async () => {
    const dump = await dumpTables(database.url);
    await server.stop();
    expect(planted.size).toBeGreaterThan(20);
    expect(dump).toContain(DEVICE); // what a client says in the open is found
    const places = { dump, log: server.output(), refusals: answers.join('\n') };
    const found: string[] = [];
    for (const [what, secret] of planted) {
      for (const form of formsOf(secret))
        for (const [place, text] of Object.entries(places))
          if (text.includes(form)) found.push(`${what} in ${place}`);
    }
    expect(found).toEqual([]);
  }, 30_000);

  it('would be found if it were there', () => {
    expect(planted.get('password')).toMatch(/^canary-password-/);
    expect(formsOf('abc')).toEqual(['abc', '616263', 'YWJj', 'abc']);
    // The log is the one in which bodies are written down.
    expect(server.output()).toContain(`"deviceName":"${DEVICE}"`);
  });
});
