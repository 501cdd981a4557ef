import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { shippedCatalog } from '../../src/destiny/catalysts/catalog.reader.js';
import { type Answer, call, get, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson, type Person } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';

// Conversations with the agent over HTTP, without a model: stored, answered, told as a stream, and nobody else's.

const TALKS = '/api/v1/destiny/conversations';

let database: TestDatabase;
let server: ServerProcess;
let person: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url, DOMAINS: 'destiny', TRUST_PROXY: '1' });
  person = await newPerson(server.url);
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const as = (who: Person = person): { token: string } => ({ token: who.accessToken });
async function newTalk(body: object = {}, who = person): Promise<string> {
  const { json } = await post(server.url, TALKS, body, as(who));
  return (json as { id: string }).id;
}
const say = (talk: string, content: string, rest: object = {}): Promise<Answer> =>
  post(server.url, `${TALKS}/${talk}/messages`, { content, ...rest }, as());

interface Told {
  type: string;
  [key: string]: unknown;
}
async function listen(talk: string, content: string, rest: object = {}): Promise<Told[]> {
  const headers = { accept: 'text/event-stream' };
  const answer = await post(
    server.url,
    `${TALKS}/${talk}/messages`,
    { content, ...rest },
    { ...as(), headers },
  );
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  return answer.text
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice(6)) as Told);
}

describe('conversations', () => {
  it('are made, named, put into the archive and back, and deleted', async () => {
    const id = await newTalk({ persona: 'pathfinder' });
    const path = `${TALKS}/${id}`;
    const found = await get(server.url, path, as());
    expect(found.json).toMatchObject({
      id,
      title: null,
      isArchived: false,
      persona: 'pathfinder',
      version: 1,
    });
    expect(found.headers.get('etag')).toBe('"1"');
    const change = (body: object, ifMatch?: string): Promise<Answer> =>
      call(server.url, 'PATCH', path, {
        ...as(),
        body,
        headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
      });
    expect((await change({ title: '  Sunshot ', isArchived: true }, '"1"')).json).toMatchObject({
      title: 'Sunshot',
      isArchived: true,
      version: 2,
    });
    expect((await change({ isArchived: false }, '"1"')).status).toBe(412);
    const listed = async (archived: string): Promise<boolean> =>
      (await get(server.url, `${TALKS}?archived=${archived}`, as())).json.items.some(
        (one: { id: string }) => one.id === id,
      );
    expect([await listed('true'), await listed('false'), await listed('all')]).toEqual([true, false, true]);
    expect((await change({ isArchived: false })).json).toMatchObject({ isArchived: false, version: 3 });
    expect((await call(server.url, 'DELETE', path, as())).status).toBe(204);
    expect((await get(server.url, path, as())).status).toBe(404);
    expect((await call(server.url, 'DELETE', path, as())).status).toBe(404);
  });

  it('are listed in pages, the last update first', async () => {
    const who = await newPerson(server.url);
    const ids: string[] = [];
    for (let at = 0; at < 5; at += 1) ids.unshift(await newTalk({ title: `Talk ${at}` }, who));
    const pages: string[] = [];
    let cursor = '';
    do {
      const { json } = await get(server.url, `${TALKS}?limit=2${cursor}`, as(who));
      pages.push(...json.items.map((one: { id: string }) => one.id));
      cursor = json.nextCursor === null ? '' : `&cursor=${json.nextCursor}`;
    } while (cursor !== '');
    expect(pages).toEqual(ids);
    expect((await get(server.url, `${TALKS}?cursor=${btoa('[-5,"x"]')}`, as(who))).status).toBe(400);
  });

  it('take no persona that there is not', async () => {
    const answer = await post(server.url, TALKS, { persona: 'nobody' }, as());
    expect([answer.status, answer.json.code]).toEqual([422, 'destiny/unknown-persona']);
  });

  it('are nobody else’s, nor are their messages and runs', async () => {
    const id = await newTalk();
    const { json } = await say(id, 'help');
    const stranger = as(await newPerson(server.url));
    const statuses = [
      await get(server.url, `${TALKS}/${id}`, stranger),
      await get(server.url, `${TALKS}/${id}/messages`, stranger),
      await post(server.url, `${TALKS}/${id}/messages`, { content: 'help' }, stranger),
      await call(server.url, 'PATCH', `${TALKS}/${id}`, { ...stranger, body: { title: 'Mine' } }),
      await call(server.url, 'DELETE', `${TALKS}/${id}`, stranger),
      await get(server.url, `/api/v1/destiny/runs/${json.run.id}`, stranger),
      await post(server.url, `/api/v1/destiny/runs/${json.run.id}/cancel`, {}, stranger),
    ].map(({ status }) => status);
    expect(statuses).toEqual([404, 404, 404, 404, 404, 404, 404]);
  });
});

describe('messages', () => {
  it('are stored with their answers, in order, and name the conversation', async () => {
    const id = await newTalk();
    const first = await say(id, 'how old are my figures, and everything else?');
    expect(first.status).toBe(201);
    expect(first.json).toMatchObject({
      run: { state: 'complete', mode: 'rules', roundCount: 0, errorCode: null },
      question: { orderIndex: 0, role: 'user', content: 'how old are my figures, and everything else?' },
      answer: { orderIndex: 2, role: 'assistant', mode: 'rules', status: 'complete', model: null },
    });
    expect(first.json.answer.toolCalls).toEqual([
      { id: expect.any(String), name: 'data_age', arguments: {}, isError: false },
    ]);
    expect(first.json.answer.cards[0]).toMatchObject({
      type: 'facts',
      tool: 'data_age',
      facts: { link: 'unlinked' },
    });
    await say(id, 'help');
    const { items } = (await get(server.url, `${TALKS}/${id}/messages`, as())).json;
    expect(items.map((one: Told) => [one['orderIndex'], one['role']])).toEqual([
      [0, 'user'],
      [1, 'tool'],
      [2, 'assistant'],
      [3, 'user'],
      [4, 'assistant'],
    ]);
    expect(JSON.parse(items[1].content)).toEqual(first.json.answer.cards[0].facts);
    expect(items[1].toolCalls[0].id).toBe(first.json.answer.toolCalls[0].id);
    const talk = (await get(server.url, `${TALKS}/${id}`, as())).json;
    expect(talk.title).toBe('how old are my figures,');
    const second = await get(server.url, `${TALKS}/${id}/messages?limit=2`, as());
    expect(second.json.items).toHaveLength(2);
    const rest = await get(server.url, `${TALKS}/${id}/messages?cursor=${second.json.nextCursor}`, as());
    expect(rest.json.items.map((one: Told) => one['orderIndex'])).toEqual([2, 3, 4]);
  });

  it('sent twice are answered once', async () => {
    const id = await newTalk();
    const clientMessageId = randomUUID();
    const answers = [await say(id, 'help', { clientMessageId }), await say(id, 'help', { clientMessageId })];
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(answers[1]!.json).toEqual(answers[0]!.json);
    expect((await listen(id, 'help', { clientMessageId })).map(({ type }) => type)).toEqual([
      'RUN_STARTED',
      'STATE_SNAPSHOT',
      'TEXT_MESSAGE_START',
      'TEXT_MESSAGE_CONTENT',
      'TEXT_MESSAGE_END',
      'RUN_FINISHED',
    ]);
    expect((await get(server.url, `${TALKS}/${id}/messages`, as())).json.items).toHaveLength(2);
  });

  it('sent at the same time keep their places, whoever comes first', async () => {
    const id = await newTalk();
    const answers = await Promise.all(Array.from({ length: 6 }, () => say(id, 'help')));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.every((status) => [201, 409, 429].includes(status))).toBe(true);
    const done = statuses.filter((status) => status === 201).length;
    expect(done).toBeGreaterThan(0);
    const { items } = (await get(server.url, `${TALKS}/${id}/messages`, as())).json;
    expect(items.map((one: Told) => one['orderIndex'])).toEqual(
      Array.from({ length: 2 * done }, (_, at) => at),
    );
  });

  it('are told as they are worked out, under AG-UI’s names', async () => {
    const id = await newTalk();
    const events = await listen(id, 'which catalysts am I missing?');
    expect(events.map(({ type }) => type)).toEqual([
      'RUN_STARTED',
      'TOOL_CALL_START',
      'TOOL_CALL_ARGS',
      'TOOL_CALL_END',
      'TOOL_CALL_RESULT',
      'STATE_SNAPSHOT',
      'TEXT_MESSAGE_START',
      'TEXT_MESSAGE_CONTENT',
      'TEXT_MESSAGE_END',
      'RUN_FINISHED',
    ]);
    expect(events[0]).toMatchObject({ threadId: id });
    expect(events[1]).toMatchObject({ toolCallName: 'list_catalysts' });
    const run = await get(server.url, `/api/v1/destiny/runs/${String(events[0]!['runId'])}`, as());
    expect(run.json).toMatchObject({ state: 'complete', mode: 'rules', conversationId: id });
    const cancel = await post(server.url, `/api/v1/destiny/runs/${run.json.id}/cancel`, {}, as());
    expect([cancel.status, cancel.json.code]).toEqual([409, 'destiny/run-ended']);
  });

  it('get no tool that the persona may not use', async () => {
    const id = await newTalk({ persona: 'drill-sergeant' });
    const { answer } = (await say(id, 'how many hand cannons do I have?')).json;
    expect(answer.cards).toEqual([
      { type: 'facts', tool: 'count_weapons', facts: { problem: 'not-allowed' } },
    ]);
  });

  it('that are none are refused', async () => {
    const id = await newTalk();
    for (const body of [
      {},
      { content: '' },
      { content: ' \n ' },
      { content: 'x'.repeat(4_001) },
      { content: 'a\0b' },
    ])
      expect((await post(server.url, `${TALKS}/${id}/messages`, body, as())).status).toBe(400);
    expect((await say('not-a-uuid', 'help')).status).toBe(404);
    expect((await say(randomUUID(), 'help')).status).toBe(404);
  });

  it('whose process has gone are answered with a failure, and the conversation goes on', async () => {
    const id = await newTalk();
    const clientMessageId = randomUUID();
    const { json } = await say(id, 'help', { clientMessageId });
    await queryRows(
      database.url,
      `UPDATE destiny.agent_run SET state = 'running', answer_id = NULL, started_at = now() - interval '5 minutes' WHERE id = $1 RETURNING id`,
      [json.run.id],
    );
    const again = await say(id, 'help', { clientMessageId });
    expect(again.json).toMatchObject({
      run: { id: json.run.id, state: 'error', errorCode: 'destiny/run-lost' },
      answer: { status: 'error' },
    });
    expect((await say(id, 'help')).json.answer.status).toBe('complete');
  });

  it('wait for the one before, and at most three are under way', async () => {
    const who = await newPerson(server.url);
    const talks = await Promise.all([1, 2, 3, 4].map(() => newTalk({}, who)));
    const ask = (talk: string): Promise<Answer> =>
      post(server.url, `${TALKS}/${talk}/messages`, { content: 'help' }, as(who));
    for (const talk of talks.slice(0, 3)) await ask(talk);
    await queryRows(
      database.url,
      `UPDATE destiny.agent_run SET state = 'running', answer_id = NULL, started_at = now() WHERE user_id = $1 RETURNING id`,
      [who.id],
    );
    const [same, further] = [await ask(talks[0]!), await ask(talks[3]!)];
    expect([same.status, same.json.code]).toEqual([409, 'destiny/run-active']);
    expect([further.status, further.json.code]).toEqual([429, 'destiny/too-many-runs']);
    const [run] = await queryRows<{ id: string }>(
      database.url,
      'SELECT id FROM destiny.agent_run WHERE conversation_id = $1',
      [talks[0]],
    );
    const cancelled = await post(server.url, `/api/v1/destiny/runs/${run!.id}/cancel`, {}, as(who));
    expect(cancelled.json).toMatchObject({ state: 'cancelled' });
    expect((await ask(talks[0]!)).status).toBe(201);
  });
});

describe('facts', () => {
  it('are those that were read of the player, and of nobody else', async () => {
    const [one, other] = [await newPerson(server.url), await newPerson(server.url)];
    await givePlayer(one, 640);
    await givePlayer(other, 20);
    const factsOf = async (who: Person, content: string): Promise<Record<string, unknown>> => {
      const path = `${TALKS}/${await newTalk({}, who)}/messages`;
      const { json } = await post(server.url, path, { content }, as(who));
      return json.answer.cards[0].facts as Record<string, unknown>;
    };
    expect(await factsOf(one, 'how far is sunshot?')).toMatchObject({
      weaponName: 'Sunshot',
      state: 'in_progress',
      pct: 64,
      objectives: [{ progress: 640, target: 1_000, isComplete: false }],
      eta: { state: 'unknown' },
    });
    expect(await factsOf(other, 'how far is sunshot?')).toMatchObject({ pct: 2 });
    expect(await factsOf(one, 'what should I do next?')).toMatchObject({
      total: 1,
      items: [{ weaponName: 'Sunshot', rateSource: 'typical' }],
    });
    expect(await factsOf(one, 'give me an overview')).toMatchObject({
      states: { in_progress: 1, unknown: shippedCatalog().catalysts.length - 1 },
    });
    expect(await factsOf(one, 'history of sunshot')).toMatchObject({
      total: 1,
      series: [{ points: [{ progress: 640, target: 1_000 }] }],
    });
    expect(await factsOf(one, 'show my weapons')).toEqual({ total: 0, items: [] });
    expect(await factsOf(one, 'what is Kill Clip')).toMatchObject({ total: 0 });
    expect(await factsOf(one, 'show the sheet')).toEqual({ problem: 'unknown-sheet' });
    expect(await factsOf(one, 'god roll for Fatebringer')).toMatchObject({ total: 0, owned: 0 });
  });
});

/** What a reading of a profile would have stored: Sunshot, so far. */
async function givePlayer({ id }: Person, progress: number): Promise<void> {
  const [membershipId, recordHash] = [randomUUID(), shippedCatalog().ofName('Sunshot')!.recordHash];
  const run = (sql: string, values: unknown[]): Promise<object[]> => queryRows(database.url, sql, values);
  await run(
    `INSERT INTO destiny.membership (id, user_id, membership_type, membership_id, is_active, is_overridden, is_cross_save_primary, seen_at)
     VALUES ($1, $2, 3, $3, true, false, false, now())`,
    [membershipId, id, `4611686018${progress}`],
  );
  await run(
    `INSERT INTO destiny.profile (membership_id, user_id, minted_at, records_minted_at, records_state, inventory_state, due_at)
     VALUES ($1, $2, now(), now(), 'present', 'present', now() + interval '1 day')
     ON CONFLICT (membership_id) DO UPDATE SET minted_at = now(), records_minted_at = now(), records_state = 'present',
       inventory_state = 'present', due_at = excluded.due_at`,
    [membershipId, id],
  );
  const objective = {
    objectiveHash: 7,
    text: 'Targets defeated',
    progress,
    target: 1_000,
    ratio: progress / 1_000,
    isComplete: false,
    isVisible: true,
  };
  await run(
    `INSERT INTO destiny.catalyst_status (membership_id, user_id, record_hash, state, pct, objectives)
     VALUES ($1, $2, $3, 'in_progress', $4, $5)`,
    [membershipId, id, recordHash, progress / 10, JSON.stringify([objective])],
  );
  await run(
    `INSERT INTO destiny.catalyst_progress (membership_id, user_id, record_hash, objective_hash, minted_at, progress, target, is_complete,
       minutes_played) VALUES ($1, $2, $3, 7, now() - interval '1 day', $4, 1000, false, 60)`,
    [membershipId, id, recordHash, progress],
  );
}

describe('what there is to choose from', () => {
  it('is nine personas, each with tools of its own, and the rules', async () => {
    const personas = (await get(server.url, '/api/v1/destiny/personas', as())).json.items;
    expect(personas).toHaveLength(9);
    expect(new Set(personas.map((one: { name: string }) => one.name)).size).toBe(9);
    expect((await get(server.url, '/api/v1/destiny/models', as())).json.items).toContainEqual({
      id: 'rules',
      mode: 'rules',
    });
  });
});

describe('the time of an answer', () => {
  it('is kept under the names of the document, with conversation and message', async () => {
    const id = await newTalk();
    const { json } = await say(id, 'which catalysts am I missing?');
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const rows = await queryRows<{ message_id: string; extra_data: unknown }>(
      database.url,
      `SELECT conversation_id, message_id, extra_data FROM platform.api_performance_logs WHERE conversation_id = $1`,
      [id],
    );
    expect(rows.map((row) => row.message_id)).toEqual([json.question.id]);
    const told = JSON.stringify(rows[0]!.extra_data);
    expect(told).toContain('total_request');
    expect(told).toContain('catalyst_fetch');
  });
});
