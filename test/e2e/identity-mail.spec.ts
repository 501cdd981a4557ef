import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, get, post } from '../support/api-client.js';
import { expectProblem, TRACE_OF_CODE } from '../support/answer-shapes.js';
import { runCli } from '../support/cli-process.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { codeOf, Mailbox } from '../support/mailbox.js';
import { fromAnywhere, newAddress, PASSWORD, type Person, signIn, signInAnswer } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';

/** What works by mail where there is a mail server, and by an operator where there is none. */
let database: TestDatabase;
let mailbox: Mailbox;
let server: ServerProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  mailbox = await Mailbox.open();
  server = await startServerProcess({ DATABASE_URL: database.url, SMTP_URL: mailbox.url, TRUST_PROXY: '1' });
});

afterAll(async () => {
  await server.stop();
  await mailbox.close();
  await database.drop();
});

const auth = (path: string, body: object): Promise<Answer> =>
  post(server.url, `/api/v1/auth/${path}`, body, { token: null, headers: fromAnywhere() });

async function confirmed(): Promise<string> {
  const email = newAddress();
  expect((await auth('register', { email, password: PASSWORD })).status).toBe(202);
  const mail = await mailbox.next();
  expect(mail).toMatchObject({ to: email, subject: 'Confirm your address' });
  expect((await auth('email/verify', { code: codeOf(mail) })).status).toBe(204);
  return email;
}

describe('a new account', () => {
  it('signs in when its address is confirmed, by a code that works once', async () => {
    const email = newAddress();
    await auth('register', { email, password: PASSWORD });
    const mail = await mailbox.next();
    expectProblem(
      await signInAnswer(server.url, { email, password: PASSWORD }),
      401,
      'identity/invalid-credentials',
    );
    expectProblem(await auth('email/verify', { code: 'wrong' }), 422, 'identity/invalid-code');
    expectProblem(
      await auth('password-reset/confirm', { code: codeOf(mail), newPassword: 'another password' }),
      422,
    );
    expect((await auth('email/verify', { code: codeOf(mail) })).status).toBe(204);
    expectProblem(await auth('email/verify', { code: codeOf(mail) }), 422, 'identity/invalid-code');
    const { accessToken } = await signIn(server.url, { email, password: PASSWORD });
    const { json } = await get(server.url, '/api/v1/account', { token: accessToken });
    expect(json.emailVerifiedAt).toEqual(expect.any(String));
  });

  it('of an address that has one is answered alike, and only its owner hears of it', async () => {
    const email = await confirmed();
    const again = await auth('register', { email, password: 'a stranger’s password' });
    expect({ status: again.status, text: again.text }).toEqual({ status: 202, text: '' });
    expect(await mailbox.next()).toMatchObject({ to: email, subject: 'You have an account already' });
    await signIn(server.url, { email, password: PASSWORD });
  });

  it('of an address that nobody has confirmed is its reader’s, not the one’s who registered it first', async () => {
    const email = newAddress();
    const [stranger, owner] = [
      { email, password: 'the stranger’s password' },
      { email, password: PASSWORD },
    ];
    await auth('register', stranger);
    const first = await mailbox.next();
    await auth('register', owner);
    const second = await mailbox.next();
    expect(second).toMatchObject({ to: email, subject: 'Set your password' });
    for (const mail of [first, second])
      expectProblem(await auth('email/verify', { code: codeOf(mail) }), 422, 'identity/invalid-code');
    const confirm = { code: codeOf(second), newPassword: PASSWORD };
    expect((await auth('password-reset/confirm', confirm)).status).toBe(204);
    expectProblem(await signInAnswer(server.url, stranger), 401, 'identity/invalid-credentials');
    await signIn(server.url, owner);
  });
});

describe('a forgotten password', () => {
  it('is replaced by a code of a mail; every device is signed out', async () => {
    const email = await confirmed();
    const device = await signIn(server.url, { email, password: PASSWORD });
    expect((await auth('password-reset', { email: email.toUpperCase() })).status).toBe(202);
    const first = await mailbox.next();
    expect(first).toMatchObject({ to: email, subject: 'Reset your password' });
    await auth('password-reset', { email });
    const code = codeOf(await mailbox.next());
    const confirm = (of: string, newPassword: string): Promise<Answer> =>
      auth('password-reset/confirm', { code: of, newPassword });
    expectProblem(await confirm(codeOf(first), 'the next password'), 422, 'identity/invalid-code'); // a newer one counts
    expectProblem(await confirm(code, 'password1'), 422, 'identity/password-too-common');
    const outcomes = await Promise.all([1, 2, 3].map(() => confirm(code, 'the next password')));
    expect(outcomes.map(({ status }) => status).sort()).toEqual([204, 422, 422]);
    expectProblem(await get(server.url, '/api/v1/account', { token: device.accessToken }), 401);
    expectProblem(await auth('refresh', { refreshToken: device.refreshToken }), 401);
    expectProblem(await signInAnswer(server.url, { email, password: PASSWORD }), 401);
    await signIn(server.url, { email, password: 'the next password' });
  });

  it('of an address without an account is answered alike, and no mail goes out', async () => {
    const sent = mailbox.mails.length;
    const email = await confirmed();
    const unknown = await auth('password-reset', { email: newAddress() });
    const nonsense = await auth('password-reset', { email: 'no address' });
    const known = await auth('password-reset', { email });
    for (const answer of [unknown, nonsense, known])
      expect({ status: answer.status, text: answer.text }).toEqual({ status: 202, text: '' });
    await mailbox.next();
    expect(mailbox.mails.length).toBe(sent + 2);
  });

  it('does not wait for ever: a code ends', async () => {
    const email = await confirmed();
    await auth('password-reset', { email });
    const code = codeOf(await mailbox.next());
    await queryRows(database.url, 'UPDATE identity.one_time_token SET expires_at = now()');
    expectProblem(
      await auth('password-reset/confirm', { code, newPassword: 'the next password' }),
      422,
      'identity/invalid-code',
    );
  });
});

describe('an operator', () => {
  const cli = (...args: string[]): ReturnType<typeof runCli> => runCli(args, { DATABASE_URL: database.url });
  const passwordOf = (stdout: string): string => /password (\S+)/.exec(stdout)?.[1] ?? '';

  it('makes the first administrator and resets a password', async () => {
    const email = newAddress();
    const made = await cli('admin', 'create', '--email', email);
    expect({ code: made.code, stderr: made.stderr }).toEqual({ code: 0, stderr: '' });
    const first = await signIn(server.url, { email, password: passwordOf(made.stdout) });
    const { json } = await get(server.url, '/api/v1/account', { token: first.accessToken });
    expect(json).toMatchObject({ email, role: 'administrator' });
    expect((await cli('admin', 'create', '--email', email)).stderr).toBe(
      `There is an account of ${email} already.\n`,
    );
    const reset = await cli('account', 'reset-password', '--email', email);
    expect(reset.stdout).toContain('API keys deleted: 0\nsign-ins elsewhere that stay linked: 0\n');
    expectProblem(await auth('refresh', { refreshToken: first.refreshToken }), 401);
    await signIn(server.url, { email, password: passwordOf(reset.stdout) });
  });

  it('rotates the keys, and nobody is signed out', async () => {
    const email = await confirmed();
    const { accessToken } = await signIn(server.url, { email, password: PASSWORD });
    expect((await cli('identity', 'rotate-keys')).stdout).toMatch(/^the new key signs from 20/);
    expect((await get(server.url, '/api/v1/account', { token: accessToken })).status).toBe(200);
    await signIn(server.url, { email, password: PASSWORD });
  });

  it.each<[string[], RegExp]>([
    [['admin', 'create'], /--email is missing/],
    [['admin', 'create', '--email', 'nobody'], /--email takes/],
    [['admin', 'create', '--email', 'a@example.org', '--role', 'owner'], /--role takes/],
    [['admin', 'destroy', '--email', 'a@example.org'], /There is no command admin destroy/],
    [['account', 'reset-password', '--email', 'nobody@example.org'], /There is no account/],
    [['account', '--colour'], /colour/],
  ])('is told in one sentence what is wrong: %j', async (args, sentence) => {
    const { code, stderr } = await cli(...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(TRACE_OF_CODE);
  });
});

describe('an installation that is closed', () => {
  it('lets nobody register, known or not', async () => {
    const closed = await startServerProcess({
      DATABASE_URL: database.url,
      REGISTRATION: 'closed',
      GUILDHALL_ROLE: 'api',
    });
    const known = await confirmed();
    for (const email of [newAddress(), known])
      expectProblem(
        await post(closed.url, '/api/v1/auth/register', { email, password: PASSWORD }, { token: null }),
        403,
        'identity/registration-closed',
      );
    const { accessToken } = (
      await post(closed.url, '/api/v1/auth/sign-in', { email: known, password: PASSWORD }, { token: null })
    ).json as Person;
    expect((await get(closed.url, '/api/v1/account', { token: accessToken })).status).toBe(200);
    await closed.stop();
  });
});
