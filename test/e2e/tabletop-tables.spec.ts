import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type LlmSandbox, openLlmSandbox } from '../../src/sandbox/llm/llm-sandbox.js';
import { proseJsonSchema } from '../../src/tabletop/generators/generation-prose.js';
import { TABLETOP_ERROR } from '../../src/tabletop/tabletop.errors.js';
import { makeTable } from '../security/tabletop-core-stories.js';
import { expectProblem } from '../support/answer-shapes.js';
import { type Answer, call } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import type { Person } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { waitUntil } from '../support/wait-until.js';

// Tables and drafts over HTTP, with a model that does as it is told.

const TABLETOP = '/api/v1/tabletop';

let database: TestDatabase;
let server: ServerProcess;
let llm: LlmSandbox;
let master: Person;
let member: Person;
let campaign: string;

beforeAll(async () => {
  database = await createTestDatabase();
  const { required } = proseJsonSchema('hook') as { required: string[] };
  const text = JSON.stringify(Object.fromEntries(required.map((name) => [name, `Written ${name}.`])));
  llm = await openLlmSandbox({ script: [{ text }] });
  server = await startServerProcess({
    DATABASE_URL: database.url,
    AI_ENABLED: 'true',
    VLLM_API_URL: `${llm.url}/v1`,
  });
  const table = await makeTable(server.url);
  ({ master, member } = table);
  campaign = `${TABLETOP}/campaigns/${table.campaignId}`;
});

afterAll(async () => {
  await server.stop();
  await llm.close();
  await database.drop();
});

const as =
  ({ accessToken: token }: Person) =>
  (method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> =>
    call(server.url, method, path, { token, headers, ...(body && { body }) });

interface Made {
  id: string;
  version: number;
}

describe('a table', () => {
  it('is made once for a key, changed by its version, rolled by players, and told with its odds', async () => {
    const wish = {
      name: 'Weather',
      visibility: 'party',
      dice: '2d6',
      rows: [
        { text: 'rain', low: 2, high: 6 },
        { text: '{1d4} suns', low: 7, high: 12 },
      ],
    };
    const key = { 'idempotency-key': randomUUID() };
    const first = await as(master)('POST', `${campaign}/tables`, wish, key);
    const again = await as(master)('POST', `${campaign}/tables`, wish, key);
    expect([first.status, again.json, first.headers.get('etag')]).toEqual([201, first.json, '"1"']);
    const { id } = first.json as Made;
    const path = `${TABLETOP}/tables/${id}`;
    const rolls = await Promise.all(
      [1, 2].map(() => as(member)('POST', `${path}/roll`, { seed: 's', count: 3 })),
    );
    expect(rolls.map(({ status }) => status)).toEqual([200, 200]);
    expect(rolls[0]!.json).toEqual(rolls[1]!.json);
    expect(rolls[0]!.json).toMatchObject({
      seed: 's',
      engineVersion: 1,
      results: [{ rows: [{ tableName: 'Weather', depth: 0 }] }, {}, {}],
    });
    const odds = await as(member)('GET', `${path}/odds`);
    expect(odds.json).toMatchObject({
      rows: [
        { parts: '5', whole: '12' },
        { parts: '7', whole: '12' },
      ],
      results: [{ text: '{1d4} suns' }, { text: 'rain' }],
    });
    const changed = await as(master)(
      'PATCH',
      path,
      { rows: [{ text: 'snow' }], dice: null },
      { 'if-match': '"1"' },
    );
    expect(changed.json).toMatchObject({ version: 2, dice: null, rows: [{ text: 'snow' }] });
    expectProblem(
      await as(master)('PATCH', path, { name: 'x' }, { 'if-match': '"1"' }),
      412,
      TABLETOP_ERROR.stale,
    );
    expectProblem(await as(member)('POST', `${campaign}/tables`, wish), 403, TABLETOP_ERROR.roleTooLow);
    expect((await as(member)('GET', `${campaign}/tables`)).json).toMatchObject({
      items: [{ id, rowCount: 1 }],
    });
    expect((await as(master)('DELETE', path)).status).toBe(204);
    expectProblem(await as(member)('POST', `${path}/roll`, {}), 404, TABLETOP_ERROR.unknownObject);
  });

  it('with faults is refused with the place of each; a file tells what of it was not kept', async () => {
    const broken = {
      name: 'Odd',
      rows: [{ text: '{2d6' }, { text: 'x', when: '$level >' }, { text: '{@Nobody}' }],
    };
    const refused = await as(master)('POST', `${campaign}/tables`, broken);
    expectProblem(refused, 422, TABLETOP_ERROR.invalidTable);
    expect((refused.json as { errors: { pointer: string; detail: string }[] }).errors).toMatchObject([
      { pointer: '/rows/0/text', detail: expect.stringContaining('character 1') },
      { pointer: '/rows/1/when', detail: expect.stringContaining('character 9') },
    ]);
    expect(
      (await as(master)('POST', `${campaign}/tables`, { name: 'x', rows: [{ text: 'y', weight: 0 }] }))
        .status,
    ).toBe(400);
    const file = {
      format: 'list',
      name: 'Encounters',
      content: 'd100 In the wood\n01-60 wolves\n61-00 {open',
      visibility: 'party',
    };
    const report = await as(master)('POST', `${campaign}/tables/import`, file);
    expect(report.json).toMatchObject({
      tables: [{ name: 'In the wood', rowCount: 2, notes: [{ line: 3, code: 'escaped' }] }],
    });
    const { id } = (report.json as { tables: Made[] }).tables[0]!;
    expect((await as(member)('GET', `${TABLETOP}/tables/${id}`)).json).toMatchObject({
      rows: [
        { text: 'wolves', weight: 60 },
        { text: '{{open', weight: 40 },
      ],
    });
    expectProblem(
      await as(master)('POST', `${campaign}/tables/import`, { ...file, format: 'json' }),
      422,
      TABLETOP_ERROR.invalidTableFile,
    );
    expectProblem(
      await as(member)('POST', `${TABLETOP}/tables/${id}/roll`, { variables: { '2': 1 } }),
      422,
      TABLETOP_ERROR.invalidVariables,
    );
    const lacking = await as(master)('POST', `${campaign}/tables`, {
      name: 'Lacking',
      rows: [{ text: '{$mood}' }],
    });
    const failed = await as(master)('POST', `${TABLETOP}/tables/${(lacking.json as Made).id}/roll`, {});
    expectProblem(failed, 422, TABLETOP_ERROR.rollFailed);
  });
});

describe('a draft', () => {
  it('is made by rules, the same for the same seed, and taken over once', async () => {
    const known = await as(member)('GET', `${TABLETOP}/generators`);
    expect(
      (known.json as { items: { kind: string; inputs: { type: string } }[] }).items.map(
        ({ kind, inputs }) => [kind, inputs.type],
      ),
    ).toEqual(['npc', 'location', 'shop', 'encounter', 'loot', 'hook'].map((kind) => [kind, 'object']));
    const wish = { seed: 'swamp', inputs: { levels: [3, 3, 4], difficulty: 'high', environment: 'swamp' } };
    const key = { 'idempotency-key': randomUUID() };
    const made = await as(master)('POST', `${campaign}/generate/encounter`, wish, key);
    const again = await as(master)('POST', `${campaign}/generate/encounter`, wish, key);
    expect([made.status, again.json]).toEqual([201, made.json]);
    const other = await as(master)('POST', `${campaign}/generate/encounter`, wish);
    expect((other.json as { draft: object }).draft).toEqual((made.json as { draft: object }).draft);
    const { id } = made.json as Made;
    const path = `${TABLETOP}/generations/${id}`;
    const changed = await as(master)(
      'PATCH',
      path,
      { name: 'The thing in the reeds' },
      { 'if-match': '"1"' },
    );
    expect(changed.json).toMatchObject({ draft: { name: 'The thing in the reeds' }, version: 2 });
    const taken = await as(master)('POST', `${path}/accept`, { visibility: 'party' });
    const twice = await as(master)('POST', `${path}/accept`, {});
    const { objectId } = taken.json as { objectId: string };
    expect([taken.status, (twice.json as { objectId: string }).objectId]).toEqual([200, objectId]);
    expect((await as(member)('GET', `${TABLETOP}/objects/${objectId}`)).json).toMatchObject({
      kind: 'encounter',
      name: 'The thing in the reeds',
      details: { environment: 'swamp' },
    });
    expect((await as(master)('GET', `${TABLETOP}/objects/${objectId}/secrets`)).json).toMatchObject({
      items: [{ field: 'aim' }, { field: 'twist' }],
    });
    expect((await as(member)('GET', `${TABLETOP}/objects/${objectId}/secrets`)).json).toEqual({ items: [] });
    expectProblem(await as(master)('DELETE', path), 409, TABLETOP_ERROR.generationClosed);
    const { generations } = (await as(master)('GET', `${campaign}/export`)).json as { generations: Made[] };
    expect(generations.find((one) => one.id === id)).toEqual((await as(master)('GET', path)).json);
    expect((await as(member)('GET', `${campaign}/export`)).json).toMatchObject({ generations: [] });
    expect((await as(master)('GET', `${campaign}/generations?state=accepted`)).json).toMatchObject({
      items: [{ id }],
      nextCursor: null,
    });
  });

  it('is refused in clear words', async () => {
    expectProblem(
      await as(master)('POST', `${campaign}/generate/dragon`, {}),
      404,
      TABLETOP_ERROR.unknownGenerator,
    );
    expectProblem(
      await as(master)('POST', `${campaign}/generate/loot`, { inputs: { challenge: 99 } }),
      422,
      TABLETOP_ERROR.invalidInputs,
    );
    expectProblem(await as(member)('POST', `${campaign}/generate/loot`, {}), 403, TABLETOP_ERROR.roleTooLow);
    expectProblem(
      await as(member)('GET', `${TABLETOP}/generations/${randomUUID()}`),
      404,
      TABLETOP_ERROR.unknownGeneration,
    );
    const made = await as(master)('POST', `${campaign}/generate/hook`, { audience: 'gm' });
    const accept = `${TABLETOP}/generations/${(made.json as Made).id}/accept`;
    expectProblem(
      await as(master)('POST', accept, { visibility: 'public' }),
      422,
      TABLETOP_ERROR.wrongAudience,
    );
  });

  it('is written by a model where the campaign wants it: at once, or by a job whose end can be seen', async () => {
    const none = await as(master)('POST', `${campaign}/generate/hook`, { engine: 'ai' });
    expect([none.json, llm.questions()]).toMatchObject([{ madeBy: 'rules', fault: 'ai/off' }, []]);
    await as(master)('PATCH', campaign, { aiPolicy: 'local' });
    const quick = await as(master)('POST', `${campaign}/generate/hook`, { engine: 'ai' });
    expect(quick.json).toMatchObject({
      state: 'draft',
      madeBy: 'model',
      model: 'sandbox-model',
      draft: { name: 'Written name.' },
    });
    llm.fail({ kind: 'slow-first-token', delayMs: 3_000, times: 1 });
    const slow = await as(master)('POST', `${campaign}/generate/hook`, { engine: 'ai' });
    const { id, state, jobId } = slow.json as { id: string; state: string; jobId: string };
    expect(state).toBe('pending');
    await waitUntil('the model has written', 30_000, async () => {
      const { json } = await as(master)('GET', `${TABLETOP}/generations/${id}`);
      return (json as { state: string }).state === 'draft';
    });
    expect((await as(master)('GET', `${TABLETOP}/generations/${id}`)).json).toMatchObject({
      madeBy: 'model',
    });
    await waitUntil('the job has ended', 30_000, async () => {
      const { json } = await as(master)('GET', `/api/v1/jobs/${jobId}`);
      return /completed|done|succeeded/.test((json as { state: string }).state);
    });
  });
});
