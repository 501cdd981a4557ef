import { post } from '../support/api-client.js';
import { newPerson } from '../support/people.js';
import { ADMIN_TOKEN } from '../support/server-process.js';
import type { Sent } from './second-factor-and-key-stories.js';

const RUNS = '/api/v1/agent-analytics/sync/runs';
const ERASURES = '/api/v1/agent-analytics/erasures';
const ALERTS = '/api/v1/agent-analytics/alerts';
const AN_ALERT = {
  name: 'Dear',
  rule: { metric: 'cost-usd', windowS: 86_400, direction: 'above', threshold: 5 },
};
const IMPORTS = '/api/v1/admin/agent-analytics/imports';
const REBUILD = '/api/v1/admin/agent-analytics/rebuild';
const SOURCE = 'langfuse:nowhere';

/** A project whose Langfuse does not answer: a run of it is tried for a while, and can be cancelled meanwhile. */
export const AGENT_SETTINGS = {
  LANGFUSE_PROJECT: 'nowhere',
  LANGFUSE_PUBLIC_KEY: 'pk-lf-of-the-stories',
  LANGFUSE_SECRET_KEY: 'sk-lf-of-the-stories',
  LANGFUSE_BASE_URL: 'http://127.0.0.1:9',
} as const;

/** Calls that succeed on the routes of agent analytics. */
export function agentStories(base: () => string): Record<string, () => Promise<Sent>> {
  const made = async (body?: object): Promise<Sent> => {
    const { accessToken: token } = await newPerson(base());
    const { json } = await post(base(), ALERTS, AN_ALERT, { token });
    return { path: `${ALERTS}/${(json as { id: string }).id}`, token, ...(body && { body }) };
  };
  const start = (kind: string): object => ({ sourceId: SOURCE, kind });
  return {
    [`POST ${RUNS}`]: () => Promise.resolve({ path: RUNS, body: start('backfill') }),
    [`POST ${ERASURES}`]: () => Promise.resolve({ path: ERASURES, body: { kind: 'session', id: 'thr_1' } }),
    [`POST ${ALERTS}`]: async () => ({
      path: ALERTS,
      token: (await newPerson(base())).accessToken,
      body: AN_ALERT,
    }),
    [`PATCH ${ALERTS}/{id}`]: () => made({ name: 'Dearer' }),
    [`DELETE ${ALERTS}/{id}`]: () => made(),
    [`POST ${IMPORTS}`]: () =>
      Promise.resolve({
        path: IMPORTS,
        token: ADMIN_TOKEN,
        headers: { 'content-type': 'application/octet-stream' },
        body: Buffer.from('{"id":"t1","timestamp":"2026-01-05T10:00:00Z"}'),
      }),
    [`POST ${REBUILD}`]: () => Promise.resolve({ path: REBUILD, token: ADMIN_TOKEN, body: {} }),
    [`POST ${RUNS}/{id}/cancel`]: async () => {
      const { json } = await post(base(), RUNS, start('reconcile'));
      return { path: `${RUNS}/${(json as { id: string }).id}/cancel` };
    },
  };
}

/** Alerts of an account. @returns their ids */
export async function makeAgentAlerts(base: string, count: number, token: string): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < count; at += 1)
    ids.push(((await post(base, ALERTS, AN_ALERT, { token })).json as { id: string }).id);
  return ids;
}
