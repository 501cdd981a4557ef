import { post } from '../support/api-client.js';
import { newPerson } from '../support/people.js';
import type { Sent } from './second-factor-and-key-stories.js';

const TALKS = '/api/v1/destiny/conversations';
const COMPAT = '/compat/destiny';
const SAID = { messages: [{ role: 'user', content: 'help' }] };

/** @returns id of a conversation of an account */
export async function makeTalk(base: string, token: string): Promise<string> {
  return ((await post(base, TALKS, {}, { token })).json as { id: string }).id;
}

/** @returns id of a run that has ended, of an account */
export async function makeRun(base: string, token: string): Promise<string> {
  const path = `${TALKS}/${await makeTalk(base, token)}/messages`;
  const { json } = await post(base, path, { content: 'help' }, { token });
  return (json as { run: { id: string } }).run.id;
}

/** Calls that succeed on the routes of conversations. */
export function talkStories(base: () => string): Record<string, () => Promise<Sent>> {
  const by = async (path: (talk: string) => string, body?: object): Promise<Sent> => {
    const { accessToken: token } = await newPerson(base());
    return { path: path(await makeTalk(base(), token)), token, ...(body && { body }) };
  };
  return {
    [`POST ${TALKS}`]: () => by(() => TALKS, { title: 'Spec' }),
    [`PATCH ${TALKS}/{id}`]: () => by((talk) => `${TALKS}/${talk}`, { isArchived: true }),
    [`DELETE ${TALKS}/{id}`]: () => by((talk) => `${TALKS}/${talk}`),
    [`POST ${COMPAT}/api/assistants/chat`]: () => by(() => `${COMPAT}/api/assistants/chat`, SAID),
    [`POST ${COMPAT}/agent/stream`]: () => by(() => `${COMPAT}/agent/stream`, SAID),
    [`DELETE ${COMPAT}/api/conversations/{id}`]: () => by((talk) => `${COMPAT}/api/conversations/${talk}`),
    [`PATCH ${COMPAT}/api/conversations/{id}/archive`]: () =>
      by((talk) => `${COMPAT}/api/conversations/${talk}/archive`),
    [`PATCH ${COMPAT}/api/conversations/{id}/rename`]: () =>
      by((talk) => `${COMPAT}/api/conversations/${talk}/rename`, { title: 'Spec' }),
  };
}
