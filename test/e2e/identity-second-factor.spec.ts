import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type Answer, call, get, post } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { codeOf, enrol, type Enrolled } from '../support/authenticator.js';
import { runCli } from '../support/cli-process.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson, PASSWORD, type Person, signInAnswer } from '../support/people.js';
import { READ_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';

let database: TestDatabase;
let server: ServerProcess;
let anna: Person;
let annas: Enrolled;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url, DEBUG: 'true', LOG_LEVEL: 'debug' });
  anna = await newPerson(server.url);
  annas = await enrol(server.url, anna);
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const ACCOUNT = '/api/v1/account';
const TOTP = `${ACCOUNT}/totp`;
const secondStep = (body: object): Promise<Answer> =>
  post(server.url, '/api/v1/auth/sign-in/second-factor', body, { token: null });
const firstStep = async (who: Person = anna, password = PASSWORD): Promise<string> => {
  const { status, json } = await signInAnswer(server.url, { email: who.email, password });
  expect({ status, json }).toEqual({
    status: 200,
    json: { isSecondFactorNeeded: true, challengeToken: expect.any(String), expiresInS: 300 },
  });
  return (json as { challengeToken: string }).challengeToken;
};
/** Makes codes that were used count again, as the next minute would. */
const forgetSteps = (): Promise<unknown> => queryRows(database.url, 'UPDATE identity.totp SET last_step = 0');
const makeStale = (person: Person): Promise<unknown> =>
  queryRows(
    database.url,
    `UPDATE identity.session SET proved_at = now() - interval '6 minutes' WHERE id = $1`,
    [person.sessionId],
  );
const refreshed = async (person: Person): Promise<Person> => {
  const { json } = await post(
    server.url,
    '/api/v1/auth/refresh',
    { refreshToken: person.refreshToken },
    { token: null },
  );
  return { ...person, ...(json as Person) };
};

describe('signing in with a second factor', () => {
  it('takes two steps; the first opens nothing', async () => {
    await forgetSteps();
    const challengeToken = await firstStep();
    expectProblem(await get(server.url, ACCOUNT, { token: challengeToken }), 401, 'auth/invalid-token');
    const answer = await secondStep({ challengeToken, code: codeOf(annas.seed), deviceName: 'phone' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { accessToken } = answer.json as Person;
    expect((await get(server.url, ACCOUNT, { token: accessToken })).json).toMatchObject({ id: anna.id });
    const { json } = await get(server.url, `${ACCOUNT}/sessions`, { token: accessToken });
    expect(json.items[0]).toMatchObject({ deviceName: 'phone', isCurrent: true });
    expectProblem(
      await secondStep({ challengeToken, code: codeOf(annas.seed, 1) }),
      401,
      'identity/invalid-challenge',
    );
  });

  it('takes a code once, and a recovery code once', async () => {
    await forgetSteps();
    const code = codeOf(annas.seed);
    expect((await secondStep({ challengeToken: await firstStep(), code })).status).toBe(200);
    const challengeToken = await firstStep();
    expectProblem(await secondStep({ challengeToken, code }), 422, 'identity/wrong-second-factor');
    const [recoveryCode] = annas.recoveryCodes;
    expect((await secondStep({ challengeToken, recoveryCode })).status).toBe(200);
    expectProblem(
      await secondStep({ challengeToken: await firstStep(), recoveryCode }),
      422,
      'identity/wrong-second-factor',
    );
  });

  it('asks nothing before the password was right', async () => {
    const wrong = await signInAnswer(server.url, { email: anna.email, password: 'wrong password' });
    expectProblem(wrong, 401, 'identity/invalid-credentials');
  });

  it.each<[string, object, number, string]>([
    ['nothing', {}, 400, 'http/malformed'],
    ['no code', { challengeToken: 'x' }, 422, 'identity/second-factor-needed'],
    [
      'an invented challenge',
      { challengeToken: 'x'.repeat(43), code: '123456' },
      401,
      'identity/invalid-challenge',
    ],
    ['a number as code', { challengeToken: 'x', code: 123_456 }, 400, 'http/malformed'],
    ['a long code', { challengeToken: 'x', code: '1'.repeat(21) }, 400, 'http/malformed'],
    ['more than asked', { challengeToken: 'x', code: '123456', userId: randomUUID() }, 400, 'http/malformed'],
  ])('refuses %s', async (_what, body, status, code) => {
    expectProblem(await secondStep(body), status, code);
  });

  it('is not gone round by a new password', async () => {
    const reset = await runCli(['account', 'reset-password', '--email', anna.email], {
      DATABASE_URL: database.url,
    });
    const password = /password (\S+)/.exec(reset.stdout)![1]!;
    await forgetSteps();
    const answer = await secondStep({
      challengeToken: await firstStep(anna, password),
      code: codeOf(annas.seed),
    });
    expect(answer.status).toBe(200);
    anna = { ...anna, ...(answer.json as Person), password };
  });
});

describe('one’s own second factor', () => {
  it('is shown without its secret', async () => {
    const { json } = await get(server.url, TOTP, { token: anna.accessToken });
    expect(json).toEqual({ isEnabled: true, confirmedAt: expect.any(String), recoveryCodesLeft: 9 });
    const ben = await newPerson(server.url);
    expect((await get(server.url, TOTP, { token: ben.accessToken })).json).toEqual({
      isEnabled: false,
      confirmedAt: null,
      recoveryCodesLeft: 0,
    });
  });

  it('is asked for by a step-up, and then may be taken off', async () => {
    const ben = await newPerson(server.url);
    const bens = await enrol(server.url, ben);
    await makeStale(ben);
    const stale = await refreshed(ben);
    const token = stale.accessToken;
    expectProblem(await call(server.url, 'DELETE', TOTP, { token }), 403, 'auth/step-up-needed');
    expectProblem(
      await call(server.url, 'POST', `${ACCOUNT}/recovery-codes`, { token }),
      403,
      'auth/step-up-needed',
    );
    const prove = (body: object): Promise<Answer> => post(server.url, `${ACCOUNT}/step-up`, body, { token });
    expectProblem(await prove({ password: PASSWORD }), 422, 'identity/second-factor-needed');
    expectProblem(await prove({ code: codeOf(bens.seed) }), 422, 'identity/wrong-password');
    expectProblem(await prove({ password: PASSWORD, code: '000000' }), 422, 'identity/wrong-second-factor');
    const proved = await prove({ password: PASSWORD, code: codeOf(bens.seed, 1) });
    expect(proved.status).toBe(200);
    const fresh = { token: (proved.json as Person).accessToken };
    const renewed = await call(server.url, 'POST', `${ACCOUNT}/recovery-codes`, fresh);
    expect((renewed.json as Enrolled).recoveryCodes).toHaveLength(10);
    expect((await call(server.url, 'DELETE', TOTP, fresh)).status).toBe(204);
    expectProblem(await call(server.url, 'DELETE', TOTP, fresh), 404, 'identity/no-second-factor');
    expectProblem(
      await call(server.url, 'POST', `${ACCOUNT}/recovery-codes`, fresh),
      404,
      'identity/no-second-factor',
    );
    expect((await signInAnswer(server.url, { email: ben.email, password: PASSWORD })).json).toHaveProperty(
      'accessToken',
    );
  });

  it('is enrolled once, and confirmed once', async () => {
    const token = anna.accessToken;
    expectProblem(await call(server.url, 'POST', TOTP, { token }), 409, 'identity/second-factor-exists');
    expectProblem(
      await post(server.url, `${TOTP}/confirm`, { code: '123456' }, { token }),
      409,
      'identity/second-factor-exists',
    );
    const ben = await newPerson(server.url);
    expectProblem(
      await post(server.url, `${TOTP}/confirm`, { code: '123456' }, { token: ben.accessToken }),
      404,
      'identity/no-second-factor',
    );
    expectProblem(await post(server.url, `${TOTP}/confirm`, { code: '' }, { token: ben.accessToken }), 400);
  });

  it('is for people, not for services and strangers', async () => {
    expectProblem(await call(server.url, 'POST', TOTP, { token: READ_TOKEN }), 403, 'auth/forbidden');
    expectProblem(await call(server.url, 'POST', TOTP, { token: null }), 401, 'auth/missing-token');
  });

  it('is taken off by the operator when phone and codes are lost', async () => {
    const ben = await newPerson(server.url);
    await enrol(server.url, ben);
    const env = { DATABASE_URL: database.url };
    const done = await runCli(['account', 'remove-second-factor', '--email', ben.email], env);
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect((await signInAnswer(server.url, { email: ben.email, password: PASSWORD })).json).toHaveProperty(
      'accessToken',
    );
    const again = await runCli(['account', 'remove-second-factor', '--email', ben.email], env);
    expect(again.code).toBe(1);
  });
});

describe('codes and seeds', () => {
  it('are in no log and no row, and every change is in the audit trail', async () => {
    const rows = await queryRows<{ row: string }>(
      database.url,
      `SELECT t::text AS row FROM identity.totp t UNION ALL SELECT r::text FROM identity.recovery_code r
       UNION ALL SELECT c::text FROM identity.sign_in_challenge c UNION ALL SELECT d::text FROM platform.audit_detail d
       UNION ALL SELECT p::text FROM platform.api_performance_logs p`,
    );
    const seen = rows.map(({ row }) => row).join('\n') + server.output();
    expect(seen).toContain('second-factor');
    for (const secret of [annas.seed, ...annas.recoveryCodes]) {
      expect(seen).not.toContain(secret);
      expect(seen).not.toContain(secret.replaceAll('-', ''));
      expect(seen).not.toContain(Buffer.from(secret).toString('hex'));
    }
    const actions = await queryRows<{ action: string }>(
      database.url,
      "SELECT DISTINCT action FROM platform.audit_event WHERE action ~ 'second-factor|recovery' ORDER BY 1",
    );
    expect(actions.map(({ action }) => action)).toEqual([
      'identity.recovery-code-used',
      'identity.recovery-codes-renewed',
      'identity.second-factor-added',
      'identity.second-factor-begun',
      'identity.second-factor-proved',
      'identity.second-factor-refused',
      'identity.second-factor-removed',
    ]);
  });
});
