import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { get, post } from '../support/api-client.js';
import { runCli } from '../support/cli-process.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { waitUntil } from '../support/wait-until.js';

let database: TestDatabase;
let servers: ServerProcess[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  const env = { DATABASE_URL: database.url, TRUST_PROXY: '1' };
  servers = [await startServerProcess(env), await startServerProcess({ ...env, GUILDHALL_ROLE: 'api' })];
});

afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await database.drop();
});

describe('an operator whose signing key was stolen', () => {
  it('rotates it at once: every process refuses the tokens so far, and clients refresh theirs', async () => {
    const person = await newPerson(servers[0]!.url);
    const statuses = (token: string): Promise<number[]> =>
      Promise.all(servers.map(async ({ url }) => (await get(url, '/api/v1/account', { token })).status));
    for (let at = 0; at < 3; at += 1) expect(await statuses(person.accessToken)).toEqual([200, 200]);
    const rotated = await runCli(['identity', 'rotate-keys', '--now'], { DATABASE_URL: database.url });
    expect(rotated).toMatchObject({ code: 0, stderr: '' });
    expect(rotated.stdout).not.toContain('restart');
    await waitUntil('both refuse it', 3_000, async () =>
      (await statuses(person.accessToken)).every((status) => status === 401),
    );
    const { refreshToken } = person;
    const { json } = await post(servers[1]!.url, '/api/v1/auth/refresh', { refreshToken }, { token: null });
    expect(await statuses((json as { accessToken: string }).accessToken)).toEqual([200, 200]);
  });
});
