import { type Call, call, post } from '../support/api-client.js';
import { codeOf, enrol, type Enrolled } from '../support/authenticator.js';
import { newPerson, type Person, signInAnswer } from '../support/people.js';
import { ADMIN_TOKEN } from '../support/server-process.js';

/** What is sent in the end; `path` with its ids. */
export type Sent = Call & { path: string };

const ACCOUNT = '/api/v1/account';
const A_KEY = { name: 'spec', scopes: ['market:read'] };
const A_ROLE = { role: 'curator' };

/** Calls that succeed on routes of second factors, API keys and roles in domains. Each has an account of its own. */
export function secondFactorAndKeyStories(base: () => string): Record<string, () => Promise<Sent>> {
  const aPerson = (): Promise<Person> => newPerson(base());
  const anEnrolledPerson = async (): Promise<Person & Enrolled> => {
    const person = await aPerson();
    return { ...person, ...(await enrol(base(), person)) };
  };
  const as = (person: Person, path: string, body?: object): Sent => ({
    path,
    token: person.accessToken,
    ...(body && { body }),
  });
  const rolePath = async (): Promise<string> => `/api/v1/admin/market/roles/${(await aPerson()).id}`;

  return {
    'POST /api/v1/auth/sign-in/second-factor': async () => {
      const { email, password, recoveryCodes } = await anEnrolledPerson();
      const { json } = await signInAnswer(base(), { email, password });
      const { challengeToken } = json as { challengeToken: string };
      const body = { challengeToken, recoveryCode: recoveryCodes[0] };
      return { path: '/api/v1/auth/sign-in/second-factor', token: null, body };
    },
    'POST /api/v1/account/totp': async () => as(await aPerson(), `${ACCOUNT}/totp`),
    'POST /api/v1/account/totp/confirm': async () => {
      const person = await aPerson();
      const { json } = await call(base(), 'POST', `${ACCOUNT}/totp`, { token: person.accessToken });
      return as(person, `${ACCOUNT}/totp/confirm`, { code: codeOf((json as { secret: string }).secret) });
    },
    'DELETE /api/v1/account/totp': async () => as(await anEnrolledPerson(), `${ACCOUNT}/totp`),
    'POST /api/v1/account/recovery-codes': async () =>
      as(await anEnrolledPerson(), `${ACCOUNT}/recovery-codes`),
    'POST /api/v1/account/keys': async () => as(await aPerson(), `${ACCOUNT}/keys`, A_KEY),
    'DELETE /api/v1/account/keys/{id}': async () => {
      const person = await aPerson();
      const { json } = await post(base(), `${ACCOUNT}/keys`, A_KEY, { token: person.accessToken });
      return as(person, `${ACCOUNT}/keys/${(json as { id: string }).id}`);
    },
    'PUT /api/v1/admin/market/roles/{accountId}': async () => ({ path: await rolePath(), body: A_ROLE }),
    'DELETE /api/v1/admin/market/roles/{accountId}': async () => {
      const path = await rolePath();
      await call(base(), 'PUT', path, { token: ADMIN_TOKEN, body: A_ROLE });
      return { path };
    },
  };
}
