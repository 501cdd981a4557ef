import { randomBytes, randomInt } from 'node:crypto';
import { type Answer, get, post } from './api-client.js';

/** Tokens of one sign-in. */
export interface SignedIn {
  accessToken: string;
  refreshToken: string;
  sessionId: string;
}

/** Somebody with an account, signed in. */
export interface Person extends SignedIn {
  id: string;
  email: string;
  password: string;
}

export const PASSWORD = 'correct horse battery staple';
export const newAddress = (): string => `person-${randomBytes(6).toString('hex')}@example.org`;

/**
 * Headers of a caller from an address of its own, as a proxy tells it: tests sign in oftener than one person may. Needs a server that
 * believes proxies (TRUST_PROXY=1).
 */
export const fromAnywhere = (): Record<string, string> => ({
  'x-forwarded-for': `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`,
});

export const signInAnswer = (base: string, body: object): Promise<Answer> =>
  post(base, '/api/v1/auth/sign-in', body, { token: null, headers: fromAnywhere() });

/** @throws when it does not succeed */
export async function signIn(base: string, who: { email: string; password: string }): Promise<SignedIn> {
  const answer = await signInAnswer(base, { email: who.email, password: who.password });
  if (answer.status !== 200) throw new Error(`Signing in failed: ${answer.text}`);
  const { accessToken, refreshToken, sessionId } = answer.json as SignedIn;
  return { accessToken, refreshToken, sessionId };
}

/** Registers over HTTP, as a client does, and signs in. */
export async function newPerson(base: string, email = newAddress()): Promise<Person> {
  const registered = await post(
    base,
    '/api/v1/auth/register',
    { email, password: PASSWORD },
    { token: null, headers: fromAnywhere() },
  );
  if (registered.status !== 202) throw new Error(`Registering failed: ${registered.text}`);
  const tokens = await signIn(base, { email, password: PASSWORD });
  const account = await get(base, '/api/v1/account', { token: tokens.accessToken });
  return { ...tokens, id: (account.json as { id: string }).id, email, password: PASSWORD };
}
