import type { Client } from 'pg';
import { v7 as uuidv7 } from 'uuid';

export const PASSWORD = 'correct horse battery staple';

/** Registers over HTTP, as a client does. */
export async function register(base: string, email: string): Promise<void> {
  const answer = await fetch(`${base}/api/v1/auth/register`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  if (answer.status !== 202) throw new Error(`Registering: ${answer.status} ${await answer.text()}`);
}

/** Accounts with the password of one that has registered: so many hashes would take longer than the benchmark. */
export async function copyAccounts(
  database: Client,
  email: string,
  count: number,
  emailOf: (index: number) => string,
): Promise<void> {
  const indices = Array.from({ length: count }, (_, index) => index);
  await database.query(
    `INSERT INTO identity.account (id, email, password_hash)
     SELECT n.id, n.email, a.password_hash
     FROM identity.account a, unnest($2::uuid[], $3::text[]) AS n (id, email) WHERE a.email = $1`,
    [email, indices.map(() => uuidv7()), indices.map(emailOf)],
  );
}

/** @param ip by which the proxy in front would know the client */
export async function signIn(
  base: string,
  email: string,
  ip: string,
): Promise<{ status: number; accessToken: string }> {
  const answer = await fetch(`${base}/api/v1/auth/sign-in`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': ip },
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  const { accessToken = '' } = (await answer.json()) as { accessToken?: string };
  return { status: answer.status, accessToken };
}
