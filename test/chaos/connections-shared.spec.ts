import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SANDBOX_CLIENT } from '../../src/identity/connections/built-in.providers.js';
import type { SandboxCall } from '../../src/sandbox/oauth/oauth-sandbox.js';
import { post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { HelperProcess } from '../support/helper-process.js';
import { agreeAtProvider, codeAtTheEnd } from '../support/oauth-browser.js';
import { newPerson, type Person } from '../support/people.js';
import { SECRETS_KEY, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';

// A provider that rotates refresh tokens takes one that comes twice for a theft and ends the grant. Here it is a process of its own, and
// counts; two processes of the application and a server share one connection, and what they know of each other is the database.

const TIMES = 10;
const ROUNDS = 3;

let database: TestDatabase;
let sandbox: HelperProcess;
let server: ServerProcess;
let users: HelperProcess[];
let person: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  sandbox = await HelperProcess.start('oauth-sandbox', {
    clients: [{ ...SANDBOX_CLIENT, redirectUris: [] }],
    isRotating: true,
  });
  const env = { NODE_ENV: 'test', DATABASE_URL: database.url, SANDBOX_OAUTH_URL: sandbox.url };
  server = await startServerProcess(env);
  const settings = { ...env, SECRETS_KEY, GUILDHALL_ROLE: 'api', LOG_LEVEL: 'warn' };
  users = await Promise.all([1, 2].map(() => HelperProcess.start('connection-user', settings)));
  person = await newPerson(server.url);
  const path = '/api/v1/connections/sandbox';
  const { accessToken: token } = person;
  const { json } = await post(server.url, `${path}/authorize`, {}, { token });
  const walk = await agreeAtProvider(server.url, (json as { url: string }).url, 'grace');
  const done = await post(
    server.url,
    `${path}/complete`,
    { code: codeAtTheEnd(await walk.open()) },
    { token },
  );
  if (done.status !== 204) throw new Error(`Connecting failed: ${done.text}`);
}, 90_000);

afterAll(async () => {
  await Promise.all(users.map((user) => user.stop()));
  await server.stop();
  await sandbox.stop();
  await database.drop();
});

/** Statuses of the provider's answers to questions for tokens, the first of which was for the code. */
async function tokenAnswers(): Promise<number[]> {
  const calls = (await (await fetch(`${sandbox.url}/sandbox/calls`)).json()) as SandboxCall[];
  return calls.filter(({ route }) => route === 'token').map(({ status }) => status);
}

const slowly = (delayMs: number): Promise<Response> =>
  fetch(`${sandbox.url}/sandbox/faults`, {
    method: 'POST',
    body: JSON.stringify({ route: 'token', kind: 'slow', delayMs }),
  });

/** The access token is about to end. */
async function age(): Promise<void> {
  const url = new URL(database.url);
  url.searchParams.set('options', `-c app.user_id=${person.id}`);
  await queryRows(
    url.href,
    "UPDATE identity.connection SET access_expires_at = now() + interval '5 seconds' WHERE user_id = $1",
    [person.id],
  );
}

async function askAll(): Promise<string[]> {
  const question = { userId: person.id, provider: 'sandbox', times: TIMES };
  const told = await Promise.all(users.map((user) => user.ask<{ answers: string[] }>(question)));
  return told.flatMap(({ answers }) => answers);
}

describe('one connection and two processes', () => {
  it('is renewed once, however often both ask at once, round after round', async () => {
    expect(new Set([process.pid, sandbox.pid, server.pid, ...users.map(({ pid }) => pid)]).size).toBe(5);
    expect(await tokenAnswers()).toEqual([200]);
    const tokens = new Set<string>();
    for (let round = 1; round <= ROUNDS; round += 1) {
      await age();
      await slowly(400);
      const answers = await askAll();
      expect(answers).toHaveLength(2 * TIMES);
      expect(new Set(answers).size).toBe(1);
      expect(answers[0]).toMatch(/^sandbox-access-/);
      tokens.add(answers[0]!);
      expect(await tokenAnswers()).toEqual(Array.from({ length: round + 1 }, () => 200));
    }
    expect(tokens.size).toBe(ROUNDS);
  });

  it('is given as it is by both while it lasts', async () => {
    const before = await tokenAnswers();
    expect(new Set(await askAll()).size).toBe(1);
    expect(await tokenAnswers()).toEqual(before);
  });
});
