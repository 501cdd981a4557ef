import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type Answer, type Call, call } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson, type Person } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';

// Every path of the catalyst tracker's original, with its shapes; its faults are not served (specs: 1.8).

const BASE = '/compat/destiny';
const INSTANT = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{6}\+00:00$/);
const ID = expect.stringMatching(/^[0-9a-f-]{36}$/);

let database: TestDatabase;
let server: ServerProcess;
let person: Person;
let stranger: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url, DOMAINS: 'destiny', TRUST_PROXY: '1' });
  person = await newPerson(server.url);
  stranger = await newPerson(server.url);
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const ask = (method: string, path: string, body?: unknown, rest: Call = {}): Promise<Answer> =>
  call(server.url, method, BASE + path, {
    token: person.accessToken,
    ...(body !== undefined && { body }),
    ...rest,
  });
const CHAT = { messages: [{ role: 'user', content: 'how old are my figures?' }] };
async function newChat(): Promise<string> {
  return (await ask('POST', '/api/assistants/chat', CHAT)).json.conversation_id as string;
}

const ROWS: readonly (readonly [method: string, path: string, body?: object])[] = [
  ['GET', '/auth/url'],
  ['POST', '/auth/callback', { code: 'x' }],
  ['POST', '/auth/bungie-callback', { code: 'x' }],
  ['GET', '/auth/verify'],
  ['POST', '/auth/refresh'],
  ['GET', '/api/auth/user'],
  ['GET', '/api/profile'],
  ['GET', '/api/conversations'],
  ['GET', `/api/conversations/${randomUUID()}/messages`],
  ['POST', '/api/assistants/chat', CHAT],
  ['DELETE', `/api/conversations/${randomUUID()}`],
  ['PATCH', `/api/conversations/${randomUUID()}/archive`],
  ['PATCH', `/api/conversations/${randomUUID()}/rename`, { title: 'x' }],
  ['GET', '/api/models'],
  ['POST', '/agent/ask', { query: 'help' }],
  ['POST', '/agent/stream', CHAT],
  ['POST', '/api/voice-to-text'],
  ['GET', '/catalysts/all'],
];

describe('every path', () => {
  it.each(ROWS.map(([method, path, body]) => ({ method, path, body })))(
    '$method $path knows nobody without a token, nor one that is none',
    async ({ method, path, body }) => {
      for (const token of [null, 'expired.or.forged']) {
        const { status, json, headers } = await ask(method, path, body, { token });
        expect([status, json]).toEqual([
          401,
          { error: 'auth_required', message: expect.any(String), detail: expect.any(String) },
        ]);
        expect(Number(headers.get('x-process-time'))).toBeGreaterThanOrEqual(0);
      }
    },
  );

  it.each(ROWS.map(([method, path, body]) => ({ method, path, body })))(
    '$method $path says how long it took',
    async ({ method, path, body }) => {
      const { status, headers } = await ask(method, path, body);
      expect(status).toBeLessThanOrEqual(503);
      expect(status).not.toBe(500);
      expect(headers.get('x-process-time')).toMatch(/^\d+(\.\d+)?$/);
    },
  );
});

describe('sign-in', () => {
  it('tells who the token is of, and nothing of a body', async () => {
    expect((await ask('GET', '/api/auth/user')).json).toEqual({ user_uuid: person.id });
    expect((await ask('GET', '/auth/verify')).json).toEqual({ status: 'ok', bungie_id: null });
  });

  it('of nobody who is connected there is no profile, and nothing to refresh', async () => {
    const profile = await ask('GET', '/api/profile');
    expect([profile.status, profile.json]).toEqual([404, { detail: 'Profile not found' }]);
    const refresh = await ask('POST', '/auth/refresh');
    expect([refresh.status, refresh.json.error]).toEqual([401, 'invalid_refresh_token']);
  });

  it('takes no code that was not given for this account, whoever the body names', async () => {
    for (const path of ['/auth/callback', '/auth/bungie-callback']) {
      const { status, json } = await ask('POST', path, { code: 'made-up', supabase_uuid: stranger.id });
      expect([status, json]).toEqual([400, { detail: expect.any(String) }]);
    }
  });
});

describe('chat', () => {
  it('answers the last message in a conversation that it makes', async () => {
    const { status, json } = await ask('POST', '/api/assistants/chat', {
      messages: [{ role: 'user', content: 'ignored' }, ...CHAT.messages],
      persona: 'Saint-14',
      previous_response_id: null,
      token_data: { access_token: 'of somebody else' },
    });
    expect([status, json]).toEqual([
      200,
      {
        message: { role: 'assistant', content: expect.any(String) },
        conversation_id: ID,
        response_id: null,
        data_refreshed: null,
        last_updated: null,
      },
    ]);
    const messages = (await ask('GET', `/api/conversations/${json.conversation_id}/messages`)).json;
    expect(messages).toEqual([
      { id: ID, role: 'user', content: 'how old are my figures?', timestamp: INSTANT, order_index: 0 },
      { id: ID, role: 'assistant', content: json.message.content, timestamp: INSTANT, order_index: 2 },
    ]);
  });

  it('refuses what says nothing, and conversations of others', async () => {
    for (const messages of [[], [{ role: 'user', content: '  ' }]]) {
      const { status, json } = await ask('POST', '/api/assistants/chat', { messages });
      expect([status, json]).toEqual([400, { detail: 'No messages provided' }]);
    }
    const id = await newChat();
    const foreign = await ask(
      'POST',
      '/api/assistants/chat',
      { ...CHAT, conversation_id: id },
      { token: stranger.accessToken },
    );
    expect([foreign.status, foreign.json]).toEqual([404, { detail: expect.any(String) }]);
    const wrong = await ask('POST', '/api/assistants/chat', { messages: 'x' });
    expect([wrong.status, wrong.json]).toEqual([
      422,
      { detail: [{ type: expect.any(String), loc: ['body', 'messages'], msg: expect.any(String) }] },
    ]);
  });

  it('asks without keeping anything', async () => {
    const before = (await ask('GET', '/api/conversations')).json.length as number;
    const { status, json } = await ask('POST', '/agent/ask', {
      query: 'help',
      bungie_id: '1',
      access_token: 'of somebody else',
    });
    expect([status, json]).toEqual([200, { result: expect.any(String) }]);
    expect((await ask('GET', '/api/conversations')).json).toHaveLength(before);
  });

  it('streams AG-UI events', async () => {
    const answer = await fetch(`${server.url}${BASE}/agent/stream`, {
      method: 'POST',
      headers: { authorization: `Bearer ${person.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        messages: [{ id: 'message-1', role: 'user', content: 'help' }],
        run_id: 'r',
        state: {},
        tools: [],
        forwarded_props: {},
      }),
    });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    const text = await answer.text();
    const types = text
      .split('\n')
      .filter((line) => line.startsWith('data: '))
      .map((line) => (JSON.parse(line.slice(6)) as { type: string }).type);
    expect(types).toEqual([
      'RUN_STARTED',
      'TEXT_MESSAGE_START',
      'TEXT_MESSAGE_CONTENT',
      'TEXT_MESSAGE_END',
      'RUN_FINISHED',
    ]);
  });
});

describe('conversations', () => {
  const SHAPE = {
    id: ID,
    user_bungie_id: '',
    title: expect.any(String),
    created_at: INSTANT,
    updated_at: INSTANT,
    archived: false,
  };

  it('are listed, renamed, archived and deleted', async () => {
    const id = await newChat();
    const [first] = (await ask('GET', '/api/conversations?archived=false')).json;
    expect(first).toEqual({ ...SHAPE, id });
    const renamed = await ask('PATCH', `/api/conversations/${id}/rename`, { title: 'Sunshot' });
    expect([renamed.status, renamed.json]).toEqual([200, { ...SHAPE, id, title: 'Sunshot' }]);
    const blank = await ask('PATCH', `/api/conversations/${id}/rename`, { title: '  ' });
    expect([blank.status, blank.json]).toEqual([400, { detail: 'Title cannot be empty' }]);
    const archived = await ask('PATCH', `/api/conversations/${id}/archive`);
    expect(archived.json).toEqual({ ...SHAPE, id, title: 'Sunshot', archived: true });
    const listed = (await ask('GET', '/api/conversations?archived=true')).json as { id: string }[];
    expect(listed.map((one) => one.id)).toEqual([id]);
    expect((await ask('DELETE', `/api/conversations/${id}`)).status).toBe(204);
    expect((await ask('GET', `/api/conversations/${id}/messages`)).status).toBe(404);
  });

  it('are nobody else’s', async () => {
    const id = await newChat();
    const token = stranger.accessToken;
    const statuses = [
      await ask('GET', `/api/conversations/${id}/messages`, undefined, { token }),
      await ask('PATCH', `/api/conversations/${id}/archive`, undefined, { token }),
      await ask('PATCH', `/api/conversations/${id}/rename`, { title: 'Mine' }, { token }),
      await ask('DELETE', `/api/conversations/${id}`, undefined, { token }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([404, 404, 404, 404]);
    expect((await ask('GET', '/api/conversations', undefined, { token })).json).toEqual([]);
  });
});

describe('the rest', () => {
  it('lists models, which the original could not', async () => {
    const { status, json } = await ask('GET', '/api/models');
    expect([status, json]).toEqual([200, { models: [{ id: 'rules' }] }]);
  });

  it('has no catalysts of nobody who is connected', async () => {
    expect((await ask('GET', '/catalysts/all')).json).toEqual([]);
  });

  it('has no ears yet', async () => {
    const form = new FormData();
    form.append('file', new Blob(['RIFF']), 'voice.wav');
    const answer = await fetch(`${server.url}${BASE}/api/voice-to-text`, {
      method: 'POST',
      headers: { authorization: `Bearer ${person.accessToken}` },
      body: form,
    });
    expect([answer.status, await answer.json()]).toEqual([503, { detail: expect.any(String) }]);
  });
});
