import type { ServerProcess } from '../support/server-process.js';
import { type Answer, call } from './compat-calls.js';

export const USER = '/compat/dofus/api/user';

/** A call of the web page: both headers always, a body also with DELETE. @param query exactly as the client writes it */
export function user(
  server: ServerProcess,
  method: string,
  query: string,
  body?: unknown,
  headers: object = {},
): Promise<Answer> {
  return call(server, `${USER}?${query}`, {
    method,
    headers: { Accept: 'application/json', 'Content-Type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

export const bearer = (token: string): object => ({ Authorization: `Bearer ${token}` });

let made = 0;
/** A profile of the caller's, under a name of its own. */
export async function newProfile(
  server: ServerProcess,
  headers: object = {},
): Promise<{ id: string; name: string }> {
  made += 1;
  const answer = await user(server, 'POST', 'resource=profiles', { name: `Iop ${made}` }, headers);
  if (answer.status !== 201) throw new Error(`No profile: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

export const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:\d{3})?\+00:00$/;
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
