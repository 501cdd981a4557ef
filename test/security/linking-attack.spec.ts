import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SANDBOX_CLIENT } from '../../src/identity/connections/built-in.providers.js';
import { type OauthSandbox, openOauthSandbox } from '../../src/sandbox/oauth/oauth-sandbox.js';
import { type Answer, get, post } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { agreeAtProvider, codeAtTheEnd } from '../support/oauth-browser.js';
import { newPerson, type Person } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';

// Somebody begins to connect, or to link, and has another person open the provider's page: whoever agrees there must not find what is
// theirs in the account of who began (RFC 6749, 10.12; RFC 9700, 4.7).

const RETURN_TO = 'guildhall-app://done';

let database: TestDatabase;
let sandbox: OauthSandbox;
let server: ServerProcess;
let attacker: Person;
let victim: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  sandbox = await openOauthSandbox({ clients: [{ ...SANDBOX_CLIENT, redirectUris: [] }] });
  server = await startServerProcess({
    DATABASE_URL: database.url,
    SANDBOX_OAUTH_URL: sandbox.url,
    APP_RETURN_URLS: RETURN_TO,
    TRUST_PROXY: '1',
  });
});

beforeEach(async () => {
  [attacker, victim] = [await newPerson(server.url), await newPerson(server.url)];
});

afterAll(async () => {
  await server.stop();
  await sandbox.close();
  await database.drop();
});

const WAYS = [
  { begins: '/api/v1/connections/sandbox/authorize', ends: '/api/v1/connections/sandbox/complete' },
  { begins: '/api/v1/account/identities/sandbox/link', ends: '/api/v1/account/identities/sandbox/complete' },
] as const;
type Way = (typeof WAYS)[number];

/** Who began has the page opened by the other one. @returns the code in the other one's browser */
async function lure(way: Way, who: string): Promise<string> {
  const begun = await post(server.url, way.begins, { returnTo: RETURN_TO }, { token: attacker.accessToken });
  const walk = await agreeAtProvider(server.url, (begun.json as { url: string }).url, who);
  return codeAtTheEnd(await walk.open());
}

const bring = (way: Way, code: string, token: string | null): Promise<Answer> =>
  post(server.url, way.ends, { code }, { token });

/** What an account has: its connections and identities. */
async function holdings({ accessToken: token }: Person): Promise<unknown[]> {
  const connections = (await get(server.url, '/api/v1/connections', { token })).json.items as {
    state: string;
  }[];
  const identities = (await get(server.url, '/api/v1/account/identities', { token })).json.items as unknown[];
  return [...connections.filter(({ state }) => state !== 'none'), ...identities];
}

const ownUrl = (who: Person): string => {
  const url = new URL(database.url);
  url.searchParams.set('options', `-c app.user_id=${who.id}`);
  return url.href;
};
const pendingOf = (who: Person): Promise<{ id: string }[]> =>
  queryRows(ownUrl(who), 'SELECT id FROM identity.pending_grant WHERE user_id = $1', [who.id]);
const revocations = (): number => sandbox.calls.filter(({ route }) => route === 'revoke').length;

/** Time goes by, and the job that waits for it runs. */
async function lapse(who: Person): Promise<void> {
  const [pending] = await pendingOf(who);
  await queryRows(
    ownUrl(who),
    `UPDATE identity.pending_grant SET expires_at = now() - interval '1 second' WHERE user_id = $1`,
    [who.id],
  );
  await queryRows(
    database.url,
    `INSERT INTO platform.job (id, user_id, name, queue, payload)
     VALUES (gen_random_uuid(), '00000000-0000-7000-8000-000000000003', 'identity.expire-grant', 'identity', $1)`,
    [JSON.stringify({ grantId: pending!.id })],
  );
  await waitUntil('what waited is gone', 15_000, async () => (await pendingOf(who)).length === 0);
}

describe.each(WAYS)('$begins', (way) => {
  it('of one account, agreed to by another person, gives neither of them anything', async () => {
    const code = await lure(way, 'victim');
    expect(await holdings(attacker)).toEqual([]);
    // The code is in the victim's app, which brings it in the victim's name.
    expectProblem(await bring(way, code, victim.accessToken), 422, 'identity/invalid-code');
    expectProblem(await bring(way, code, null), 401, 'auth/missing-token');
    expect([await holdings(attacker), await holdings(victim)]).toEqual([[], []]);
    expect(await pendingOf(attacker)).toHaveLength(1);
    await lapse(attacker);
    expectProblem(await bring(way, code, attacker.accessToken), 422, 'identity/invalid-code');
  });

  it('is ended by a code that works once, there and nowhere else', async () => {
    const code = await lure(way, `self-${way.begins.length}`);
    const other = WAYS.find((another) => another !== way)!;
    for (const wrong of [`${code}x`, '', 'x', code.toUpperCase()])
      expectProblem(await bring(way, wrong, attacker.accessToken), 422, 'identity/invalid-code');
    expectProblem(await bring(other, code, attacker.accessToken), 422, 'identity/invalid-code');
    const answers = await Promise.all([1, 2, 3].map(() => bring(way, code, attacker.accessToken)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 422, 422]);
    expectProblem(await bring(way, code, attacker.accessToken), 422, 'identity/invalid-code');
    expect(await holdings(attacker)).toHaveLength(1);
  });

  it('is over after ten minutes', async () => {
    const code = await lure(way, `late-${way.begins.length}`);
    const [{ lifeS } = { lifeS: 0 }] = await queryRows<{ lifeS: number }>(
      ownUrl(attacker),
      `SELECT extract(epoch FROM expires_at - created_at)::int AS "lifeS" FROM identity.pending_grant`,
    );
    expect(lifeS).toBe(600);
    await lapse(attacker);
    expectProblem(await bring(way, code, attacker.accessToken), 422, 'identity/invalid-code');
  });
});

describe('tokens that nobody comes for', () => {
  const way = WAYS[0];

  it('are sealed while they wait, and taken back at the provider afterwards', async () => {
    await lure(way, 'nobody-comes');
    const [row] = await queryRows<{ text: string }>(
      ownUrl(attacker),
      'SELECT g::text AS text FROM identity.pending_grant g',
    );
    expect(row!.text).not.toContain(Buffer.from('sandbox-').toString('hex'));
    const before = revocations();
    await lapse(attacker);
    await waitUntil('the provider was told', 15_000, () => Promise.resolve(revocations() === before + 1));
    expect(sandbox.revokeAllOf('nobody-comes')).toBe(0);
  });

  it('do not end the connection that the victim has made with an account of their own', async () => {
    const { json } = await post(server.url, way.begins, {}, { token: victim.accessToken });
    const walk = await agreeAtProvider(server.url, (json as { url: string }).url, 'connected');
    expect((await bring(way, codeAtTheEnd(await walk.open()), victim.accessToken)).status).toBe(204);
    await lure(way, 'connected');
    const before = revocations();
    await lapse(attacker);
    await waitUntil('the job has ended', 5_000, async () => {
      const left = await queryRows(
        database.url,
        `SELECT 1 FROM platform.job WHERE name IN ('identity.expire-grant', 'identity.revoke-token')
           AND state IN ('open', 'relayed') AND created_at > now() - interval '1 minute' AND run_at <= now()`,
      );
      return left.length === 0;
    });
    expect(revocations()).toBe(before);
    expect(await holdings(victim)).toEqual([expect.objectContaining({ state: 'connected' })]);
  });
});
