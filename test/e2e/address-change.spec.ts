import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, get, post } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { codeOf, Mailbox, type ReceivedMail } from '../support/mailbox.js';
import {
  fromAnywhere,
  newAddress,
  PASSWORD,
  type SignedIn,
  signIn,
  signInAnswer,
} from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';

const PATH = '/api/v1/account/email';

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

interface Owner extends SignedIn {
  email: string;
}

/** Somebody whose address is confirmed. */
async function anOwner(): Promise<Owner> {
  const email = newAddress();
  const headers = fromAnywhere();
  await post(server.url, '/api/v1/auth/register', { email, password: PASSWORD }, { token: null, headers });
  const code = codeOf(await mailbox.next());
  await post(server.url, '/api/v1/auth/email/verify', { code }, { token: null, headers });
  return { email, ...(await signIn(server.url, { email, password: PASSWORD })) };
}

const ask = ({ accessToken: token }: SignedIn, email: string): Promise<Answer> =>
  post(server.url, PATH, { email }, { token, headers: fromAnywhere() });
const confirm = ({ accessToken: token }: SignedIn, code: string): Promise<Answer> =>
  post(server.url, `${PATH}/confirm`, { code }, { token, headers: fromAnywhere() });
const addressOf = async ({ accessToken: token }: SignedIn): Promise<string> =>
  (await get(server.url, '/api/v1/account', { token })).json.email as string;

/** Two mails go out, in any order. */
async function twoMails(): Promise<Record<string, ReceivedMail>> {
  const mails = [await mailbox.next(), await mailbox.next()];
  return Object.fromEntries(mails.map((mail) => [mail.to, mail]));
}

describe('another address', () => {
  it('counts when its mailbox was read; the one so far is told, and codes sent to it are void', async () => {
    const owner = await anOwner();
    const email = newAddress();
    const answer = await ask(owner, email.toUpperCase());
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 202, text: '' });
    const mails = await twoMails();
    expect(mails[owner.email]).toMatchObject({ subject: 'Another address for your account' });
    expect(mails[email]).toMatchObject({ subject: 'Confirm your new address' });
    expect(await addressOf(owner)).toBe(owner.email);
    const headers = fromAnywhere();
    await post(server.url, '/api/v1/auth/password-reset', { email: owner.email }, { token: null, headers });
    const reset = codeOf(await mailbox.next());
    const code = codeOf(mails[email]!);
    const stranger = await anOwner();
    expectProblem(await confirm(owner, `${code}x`), 422, 'identity/invalid-code');
    const outcomes = await Promise.all([1, 2, 3].map(() => confirm(owner, code)));
    expect(outcomes.map(({ status }) => status).sort()).toEqual([204, 422, 422]);
    expectProblem(await confirm(stranger, code), 422, 'identity/invalid-code');
    expect(await addressOf(owner)).toBe(email);
    expectProblem(await signInAnswer(server.url, { email: owner.email, password: PASSWORD }), 401);
    await signIn(server.url, { email, password: PASSWORD });
    const late = { code: reset, newPassword: 'a thief’s password' };
    expectProblem(
      await post(server.url, '/api/v1/auth/password-reset/confirm', late, { token: null, headers }),
      422,
      'identity/invalid-code',
    );
  }, 60_000);

  it('that another account has is answered alike, and its owner gets a mail without a code', async () => {
    const [owner, holder] = [await anOwner(), await anOwner()];
    const free = await ask(owner, newAddress());
    await twoMails();
    const taken = await ask(owner, holder.email);
    expect({ status: taken.status, text: taken.text }).toEqual({ status: free.status, text: free.text });
    const mails = await twoMails();
    expect(mails[owner.email]).toMatchObject({ subject: 'Another address for your account' });
    expect(mails[holder.email]).toMatchObject({ subject: 'Your address was asked for' });
    expect(codeOf(mails[holder.email]!)).toBe('');
    expect([await addressOf(owner), await addressOf(holder)]).toEqual([owner.email, holder.email]);
  }, 60_000);

  it('is nobody else’s: of two who wait for one address the first who confirms has it', async () => {
    const [one, two] = [await anOwner(), await anOwner()];
    const email = newAddress();
    await ask(one, email);
    const codeOfOne = codeOf((await twoMails())[email]!);
    await ask(two, email);
    const codeOfTwo = codeOf((await twoMails())[email]!);
    // A code is its account's: whoever reads a mailbox by mistake has nothing.
    expectProblem(await confirm(one, codeOfTwo), 422, 'identity/invalid-code');
    expect((await confirm(one, codeOfOne)).status).toBe(204);
    expectProblem(await confirm(two, codeOfTwo), 422, 'identity/invalid-code');
    expect([await addressOf(one), await addressOf(two)]).toEqual([email, two.email]);
  }, 60_000);

  it('asks for a fresh proof and an address', async () => {
    const owner = await anOwner();
    expectProblem(await ask(owner, 'no address'), 400, 'identity/invalid-email');
    await queryRows(
      database.url,
      "UPDATE identity.session SET proved_at = now() - interval '1 hour' WHERE id = $1",
      [owner.sessionId],
    );
    const { refreshToken } = owner;
    const { json } = await post(server.url, '/api/v1/auth/refresh', { refreshToken }, { token: null });
    expectProblem(await ask(json as SignedIn, newAddress()), 403, 'auth/step-up-needed');
  });
});

describe('where no mail is sent', () => {
  it('counts at once when it is free; the answer does not say', async () => {
    const own = await createTestDatabase();
    const silent = await startServerProcess({ DATABASE_URL: own.url, TRUST_PROXY: '1' });
    const person = async (): Promise<Owner> => {
      const email = newAddress();
      const sent = { token: null, headers: fromAnywhere() };
      await post(silent.url, '/api/v1/auth/register', { email, password: PASSWORD }, sent);
      return { email, ...(await signIn(silent.url, { email, password: PASSWORD })) };
    };
    const [owner, holder] = [await person(), await person()];
    const wish = (email: string): Promise<Answer> =>
      post(silent.url, PATH, { email }, { token: owner.accessToken, headers: fromAnywhere() });
    const email = newAddress();
    const [taken, free] = [await wish(holder.email), await wish(email)];
    expect([taken.status, free.status, taken.text, free.text]).toEqual([202, 202, '', '']);
    const { json } = await get(silent.url, '/api/v1/account', { token: owner.accessToken });
    expect(json).toMatchObject({ email, emailVerifiedAt: null });
    await signIn(silent.url, { email, password: PASSWORD });
    await silent.stop();
    await own.drop();
  }, 60_000);
});
