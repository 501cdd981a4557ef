import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import sharp from 'sharp';
import { SANDBOX_CLIENT } from '../../src/identity/connections/built-in.providers.js';
import { type OauthSandbox, openOauthSandbox } from '../../src/sandbox/oauth/oauth-sandbox.js';
import { validRequest, urlOf } from '../fuzz/request-arbitraries.js';
import { type Answer, type Call, call, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { runCli } from '../support/cli-process.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newAddress, newPerson, PASSWORD } from '../support/people.js';
import { type OpenApi, type Operation, readOpenApi } from '../support/open-api.js';
import {
  ADMIN_TOKEN,
  INGEST_TOKEN,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';
import { AGENT_SETTINGS, agentStories } from './agent-stories.js';
import { destinyStories } from './destiny-stories.js';
import { craftingStories } from './crafting-stories.js';
import { harvestStories } from './harvest-stories.js';
import { iconStories } from './icon-stories.js';
import { itemStories } from './item-stories.js';
import { personalStories } from './personal-stories.js';
import { notificationStories } from './notification-stories.js';
import { completionStories } from './completion-stories.js';
import { runFileStories } from './running-file-stories.js';
import { runningRouteStories } from './running-route-stories.js';
import { runningStories } from './running-stories.js';
import { runnerProfileStories } from './running-profile-stories.js';
import { secondFactorAndKeyStories } from './second-factor-and-key-stories.js';
import { shareStories } from './share-stories.js';
import { tabletopCoreStories } from './tabletop-core-stories.js';
import { tabletopImportStories } from './tabletop-imports-stories.js';
import { tabletopWorldStories } from './tabletop-world-stories.js';
import { tabletopSearchStories } from './tabletop-search-stories.js';
import { tabletopGraphStories } from './tabletop-graph-stories.js';
import { tabletopGenerationStories } from './tabletop-generation-stories.js';
import { tabletopTableStories } from './tabletop-table-stories.js';
import { talkStories } from './talk-stories.js';
import { trustStories } from './trust-stories.js';
import { UNAUDITED_ROUTES } from './unaudited-routes.js';
import { wishListStories } from './wish-list-stories.js';

// Every operation of the OpenAPI document that writes is called until it succeeds, and must leave an audit event with the id
// of its request. An operation that needs something to exist has a story below; any other is called with generated requests, so a new route
// is under the duty the day it appears.

const IMPORTS_PATH = OBSERVATIONS_PATH.replace('observations', 'imports');
const INGEST_ID = '00000000-0000-7000-8000-000000000001';
/** Generated requests of an operation without a story, one of which has to succeed. */
const TRIES = 60;

let database: TestDatabase;
let server: ServerProcess;
let api: OpenApi;
let sandbox: OauthSandbox;

beforeAll(async () => {
  database = await createTestDatabase();
  sandbox = await openOauthSandbox({ clients: [{ ...SANDBOX_CLIENT, redirectUris: [] }] });
  server = await startServerProcess({
    DATABASE_URL: database.url,
    SANDBOX_OAUTH_URL: sandbox.url,
    COMPAT_DOFUS_ANONYMOUS: 'off',
    COMPAT_CUPID_ANONYMOUS: 'off',
    ...AGENT_SETTINGS,
    BUNGIE_API_KEY: 'key-of-the-stories', // of nobody: an import can be asked for, and fails
    BUNGIE_URL: 'http://127.0.0.1:9',
    DISCORD_URL: 'http://127.0.0.1:9',
    TRUST_PROXY: '1',
  });
  api = await readOpenApi(server.url);
});

afterAll(async () => {
  await server.stop();
  await sandbox.close();
  await database.drop();
});

/** What is sent in the end; `path` with its ids. */
type Sent = Call & { path: string };

let nextExternalId = 980_000_000;
const aPrice = (): object => ({
  externalId: (nextExternalId += 1),
  unitPrice: 12,
  capturedAt: new Date().toISOString(),
});
const body = (value: unknown): Call => ({ body: value });

async function anObservationPath(): Promise<string> {
  const { json } = await post(server.url, OBSERVATIONS_PATH, [aPrice()]);
  return `${OBSERVATIONS_PATH}/${(json.results as { observationId: number }[])[0]!.observationId}`;
}

async function anImportPath(): Promise<string> {
  const { json } = await post(server.url, IMPORTS_PATH, { format: 'csv' });
  return `${IMPORTS_PATH}/${json.id as string}`;
}

async function aFullImportPath(): Promise<string> {
  const path = await anImportPath();
  const part = `externalId,unitPrice,lots,capturedAt,source\n${(nextExternalId += 1)},5,1,2024-05-01T00:00:00Z,book\n`;
  await call(server.url, 'PUT', `${path}/parts/0`, { headers: { 'content-type': 'text/csv' }, body: part });
  return path;
}

/** A job that no worker takes. */
async function aJob(state: 'waiting' | 'dead'): Promise<string> {
  const id = randomUUID();
  await queryRows(
    database.url,
    `INSERT INTO platform.job (id, user_id, name, queue, payload, state, finished_at)
     VALUES ($1, $2, 'market.import-history', 'market-imports', $3, $4, CASE WHEN $4 = 'dead' THEN now() END)`,
    [id, INGEST_ID, JSON.stringify({ importId: randomUUID() }), state],
  );
  return id;
}

/** A call by somebody with an account of their own. */
async function byPerson(path: string, sent: Call = {}): Promise<Sent> {
  const { accessToken } = await newPerson(server.url);
  return { path, token: accessToken, ...sent };
}

/** The code of a mail that somebody has got. */
async function aCode(
  kind: 'password-reset' | 'email-verification' | 'email-change',
  of?: string,
): Promise<string> {
  const id = of ?? (await newPerson(server.url)).id;
  const code = randomUUID();
  await queryRows(
    database.url,
    `INSERT INTO identity.one_time_token (hash, user_id, kind, expires_at) VALUES ($1, $2, $3, now() + interval '1 hour')`,
    [createHash('sha256').update(code).digest(), id, kind],
  );
  return code;
}

const aPicture = (): Promise<Buffer> =>
  sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } })
    .png()
    .toBuffer();

const newPassword = 'another fine password';
const ONE_SERVER = '/api/v1/market/games/{game}/servers/{server}';
const WEBHOOKS_PATH = '/api/v1/admin/webhooks';
const A_WEBHOOK = { url: 'https://hook.example.org/hook', events: ['slow_request_alert'] };
async function aWebhookPath(): Promise<string> {
  const { json } = await post(server.url, WEBHOOKS_PATH, A_WEBHOOK, { token: ADMIN_TOKEN });
  return `${WEBHOOKS_PATH}/${json.id as string}`;
}

const STORIES: Record<string, () => Promise<Sent>> = {
  'POST /api/v1/admin/webhooks': () => Promise.resolve({ path: WEBHOOKS_PATH, ...body(A_WEBHOOK) }),
  'DELETE /api/v1/admin/webhooks/{id}': async () => ({ path: await aWebhookPath() }),
  'POST /api/v1/admin/webhooks/{id}/enable': async () => ({ path: `${await aWebhookPath()}/enable` }),
  'POST /api/v1/admin/webhooks/{id}/test': async () => ({ path: `${await aWebhookPath()}/test` }),
  ...secondFactorAndKeyStories(() => server.url),
  ...iconStories(() => server.url),
  ...itemStories(() => server.url),
  ...personalStories(() => server.url),
  ...completionStories(() => server.url),
  ...trustStories(() => server.url),
  ...harvestStories(() => server.url),
  ...craftingStories(() => server.url),
  ...notificationStories(() => server.url),
  ...agentStories(() => server.url),
  ...shareStories(() => server.url),
  ...tabletopCoreStories(() => server.url),
  ...tabletopImportStories(() => server.url),
  ...tabletopWorldStories(
    () => server.url,
    () => database.url,
  ),
  ...tabletopSearchStories(() => server.url),
  ...tabletopGraphStories(() => server.url),
  ...tabletopTableStories(() => server.url),
  ...tabletopGenerationStories(() => server.url),
  ...destinyStories(
    () => server.url,
    () => database.url,
  ),
  ...wishListStories(() => server.url),
  ...talkStories(() => server.url),
  ...runnerProfileStories(() => server.url),
  ...runningStories(
    () => server.url,
    () => database.url,
  ),
  ...runningRouteStories(
    () => server.url,
    () => database.url,
  ),
  ...runFileStories(
    () => server.url,
    () => database.url,
  ),
  [`POST ${ONE_SERVER}/observations`]: async () => ({ path: OBSERVATIONS_PATH, ...body([aPrice()]) }),
  [`PATCH ${ONE_SERVER}/observations/{id}`]: async () => ({
    path: await anObservationPath(),
    ...body({ unitPrice: 13 }),
  }),
  [`DELETE ${ONE_SERVER}/observations/{id}`]: async () => ({ path: await anObservationPath() }),
  [`POST ${ONE_SERVER}/imports`]: async () => ({ path: IMPORTS_PATH, ...body({ format: 'csv' }) }),
  [`POST ${ONE_SERVER}/imports/{id}/start`]: async () => ({ path: `${await aFullImportPath()}/start` }),
  [`DELETE ${ONE_SERVER}/imports/{id}`]: async () => ({ path: await anImportPath() }),
  'POST /api/v1/jobs/{id}/cancel': async () => ({ path: `/api/v1/jobs/${await aJob('waiting')}/cancel` }),
  'POST /api/v1/admin/jobs/{id}/cancel': async () => ({
    path: `/api/v1/admin/jobs/${await aJob('waiting')}/cancel`,
  }),
  'POST /api/v1/admin/jobs/{id}/redrive': async () => ({
    path: `/api/v1/admin/jobs/${await aJob('dead')}/redrive`,
  }),
  'POST /api/v1/auth/register': async () => ({
    path: '/api/v1/auth/register',
    ...body({ email: newAddress(), password: PASSWORD }),
  }),
  'POST /api/v1/auth/email/verify': async () => ({
    path: '/api/v1/auth/email/verify',
    ...body({ code: await aCode('email-verification') }),
  }),
  'POST /api/v1/auth/sign-in': async () => ({
    path: '/api/v1/auth/sign-in',
    ...body({ email: (await newPerson(server.url)).email, password: PASSWORD }),
  }),
  'POST /api/v1/auth/sign-out': () => byPerson('/api/v1/auth/sign-out'),
  'POST /api/v1/auth/password-reset/confirm': async () => ({
    path: '/api/v1/auth/password-reset/confirm',
    ...body({ code: await aCode('password-reset'), newPassword }),
  }),
  'PATCH /api/v1/account': () => byPerson('/api/v1/account', body({ displayName: 'Somebody' })),
  'DELETE /api/v1/account': () => byPerson('/api/v1/account'),
  'POST /api/v1/account/export': () => byPerson('/api/v1/account/export'),
  'POST /api/v1/files': async () =>
    byPerson('/api/v1/files?purpose=picture', {
      body: await aPicture(),
      headers: { 'content-type': 'image/png' },
    }),
  'DELETE /api/v1/files/{id}': async () => {
    const { accessToken } = await newPerson(server.url);
    const sent = { token: accessToken, body: await aPicture(), headers: { 'content-type': 'image/png' } };
    const { json } = await call(server.url, 'POST', '/api/v1/files?purpose=picture', sent);
    return { path: `/api/v1/files/${json.id as string}`, token: accessToken };
  },
  'POST /api/v1/account/email': () => byPerson('/api/v1/account/email', body({ email: newAddress() })),
  'POST /api/v1/account/email/confirm': async () => {
    const { id, accessToken: token } = await newPerson(server.url);
    await queryRows(database.url, 'UPDATE identity.account SET pending_email = $2 WHERE id = $1', [
      id,
      newAddress(),
    ]);
    return {
      path: '/api/v1/account/email/confirm',
      token,
      ...body({ code: await aCode('email-change', id) }),
    };
  },
  'POST /api/v1/account/password': () =>
    byPerson('/api/v1/account/password', body({ currentPassword: PASSWORD, newPassword })),
  'POST /api/v1/account/step-up': () => byPerson('/api/v1/account/step-up', body({ password: PASSWORD })),
  'DELETE /api/v1/account/sessions/{id}': async () => {
    const { accessToken, sessionId } = await newPerson(server.url);
    return { path: `/api/v1/account/sessions/${sessionId}`, token: accessToken };
  },
  'PATCH /api/v1/admin/accounts/{id}': async () => ({
    path: `/api/v1/admin/accounts/${(await newPerson(server.url)).id}`,
    ...body({ isLocked: true }),
  }),
  'POST /compat/dofus/api/ingest': async () => ({
    path: '/compat/dofus/api/ingest',
    ...body({
      item_name: 'Bois de Frêne',
      ankama_id: 303,
      server: 'Hell Mina',
      price_unit_avg: 12,
      captured_at: new Date().toISOString(),
      nb_lots: 1,
      source_client: 'spec',
      client_version: '1',
    }),
  }),
};

/** Rows of somebody's own are written in their scope. */
function ownUrl(userId: string): string {
  const url = new URL(database.url);
  url.searchParams.set('options', `-c app.user_id=${userId}`);
  return url.href;
}

const OUTSIDE_STORIES: Record<string, () => Promise<Sent>> = {
  'DELETE /api/v1/connections/{provider}': async () => {
    const { id, accessToken } = await newPerson(server.url);
    await queryRows(
      ownUrl(id),
      `INSERT INTO identity.connection (id, user_id, provider, state, granted_scopes)
       VALUES (gen_random_uuid(), $1, 'former', 'needs-sign-in', '{}')`,
      [id],
    );
    return { path: '/api/v1/connections/former', token: accessToken };
  },
  'DELETE /api/v1/account/identities/{id}': async () => {
    const { id, accessToken } = await newPerson(server.url);
    const identityId = randomUUID();
    await queryRows(
      ownUrl(id),
      `INSERT INTO identity.external_identity (id, user_id, issuer, subject, provider) VALUES ($1, $2, 'spec', $3, 'former')`,
      [identityId, id, id],
    );
    return { path: `/api/v1/account/identities/${identityId}`, token: accessToken };
  },
  'POST /api/v1/auth/external/exchange': async () => {
    const { id } = await newPerson(server.url);
    const [code, codeVerifier] = [randomUUID(), randomUUID() + randomUUID()];
    await queryRows(
      ownUrl(id),
      `INSERT INTO identity.sign_in_code (hash, user_id, code_challenge, expires_at)
       VALUES (sha256(convert_to($1, 'UTF8')), $2, $3, now() + interval '1 minute')`,
      [code, id, createHash('sha256').update(codeVerifier).digest('base64url')],
    );
    return { path: '/api/v1/auth/external/exchange', token: null, ...body({ code, codeVerifier }) };
  },
};
Object.assign(STORIES, OUTSIDE_STORIES);

const isWriting = ({ method }: Operation): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(method);
const tokenFor = ({ path }: Operation): string =>
  path.startsWith('/api/v1/admin/') ? ADMIN_TOKEN : INGEST_TOKEN;

async function send(operation: Operation, requestId: string, sent: Sent): Promise<Answer> {
  return call(server.url, operation.method, sent.path, {
    token: tokenFor(operation),
    ...sent,
    headers: { ...sent.headers, 'x-request-id': requestId },
  });
}

/** The first call that succeeds. @returns its request id */
async function succeed(operation: Operation): Promise<string> {
  const story = STORIES[operation.id];
  const generated = story ? [] : fc.sample(validRequest(operation, {}), { numRuns: TRIES, seed: 1 });
  const answers: string[] = [];
  for (let index = 0; index < Math.max(generated.length, 1); index += 1) {
    const requestId = `audited-${randomUUID()}`;
    const request = generated[index];
    const sent = story
      ? await story()
      : { path: urlOf(request!), headers: request!.headers, ...body(request!.body) };
    const answer = await send(operation, requestId, sent);
    if (answer.status < 300) return requestId;
    answers.push(`${answer.status} ${answer.text.slice(0, 200)}`);
  }
  throw new Error(`${operation.id} never succeeded; give it a story here: ${answers.slice(0, 3).join('; ')}`);
}

const eventsOf = (requestId: string): Promise<{ action: string; actorId: string }[]> =>
  queryRows(
    database.url,
    `SELECT e.action, d.actor_id AS "actorId" FROM platform.audit_event e JOIN platform.audit_detail d ON d.event_id = e.id
     WHERE d.request_id = $1`,
    [requestId],
  );

describe('a writing route', () => {
  it('leaves an audit event with the id of its request, or is listed with a reason', async () => {
    const writing = api.operations.filter(isWriting);
    expect(writing.length).toBeGreaterThan(9);
    const silent: string[] = [];
    for (const operation of writing) {
      if (operation.id in UNAUDITED_ROUTES) continue;
      const events = await eventsOf(await succeed(operation));
      if (events.length === 0) silent.push(operation.id);
      for (const { action, actorId } of events) {
        expect(action).toMatch(/^[a-z][a-z-]*\.[a-z]+(-[a-z]+)+$/);
        expect(actorId).toMatch(/^[0-9a-f-]{36}$/);
      }
    }
    expect(silent).toEqual([]);
  }, 120_000);

  it('is not excused when it does not exist, and has no story for nothing', () => {
    const known = new Set(api.operations.map(({ id }) => id));
    for (const id of [...Object.keys(UNAUDITED_ROUTES), ...Object.keys(STORIES)])
      expect({ id, isKnown: known.has(id) }).toEqual({ id, isKnown: true });
    for (const [id, reason] of Object.entries(UNAUDITED_ROUTES)) {
      expect(reason.length).toBeGreaterThan(20);
      expect(STORIES[id]).toBeUndefined();
    }
  });

  it('leaves nothing when it is refused', async () => {
    const requestId = `audited-${randomUUID()}`;
    const headers = { 'x-request-id': requestId };
    expect((await post(server.url, OBSERVATIONS_PATH, [], { headers })).status).toBe(422);
    expect((await call(server.url, 'DELETE', `${OBSERVATIONS_PATH}/999999999`, { headers })).status).toBe(
      404,
    );
    expect(await eventsOf(requestId)).toEqual([]);
  });

  it('leaves one event for a whole batch, without prices, and none for its repetition', async () => {
    const headers = { 'idempotency-key': randomUUID(), 'x-request-id': `audited-${randomUUID()}` };
    const batch = Array.from({ length: 500 }, () => ({ ...aPrice(), unitPrice: 777_777 }));
    for (const replayed of [false, true]) {
      const answer = await post(server.url, OBSERVATIONS_PATH, batch, { headers });
      expect(answer.status).toBe(201);
      expect(answer.headers.has('idempotency-replayed')).toBe(replayed);
    }
    expect(await eventsOf(headers['x-request-id'])).toEqual([
      { action: 'market.prices-stored', actorId: INGEST_ID },
    ]);
    const { json } = await get(server.url, '/api/v1/admin/audit?action=market.prices-stored', {
      token: ADMIN_TOKEN,
    });
    const found = (json.items as { requestId: string; after: unknown }[]).find(
      ({ requestId }) => requestId === headers['x-request-id'],
    );
    expect(found!.after).toEqual({
      servers: [{ server: 'draconiros', acceptedCount: 500, duplicateCount: 0, displacedCount: 0 }],
    });
    expect(JSON.stringify(json)).not.toContain('777777');
  });

  it('is found by administrators, by what, whom and when, page by page', async () => {
    const path = await anObservationPath();
    const id = path.slice(path.lastIndexOf('/') + 1);
    const startedAt = new Date(Date.now() - 1_000).toISOString();
    const headers = { 'x-request-id': `audited-${randomUUID()}` };
    await call(server.url, 'PATCH', path, { body: { unitPrice: 99.5 }, headers });
    await call(server.url, 'DELETE', path);
    const list = async (query: string): Promise<Answer> =>
      get(server.url, `/api/v1/admin/audit?${query}`, { token: ADMIN_TOKEN });
    const object = `objectType=market.observation&objectId=${id}`;
    await waitUntil('its events are sealed', 10_000, async () =>
      ((await list(object)).json.items as { sealSeq: number | null }[]).every(
        ({ sealSeq }) => sealSeq !== null,
      ),
    );
    const [deleted, changed, ...more] = (await list(object)).json.items;
    expect(more).toEqual([]);
    expect(deleted).toMatchObject({ action: 'market.observation-deleted', after: null });
    expect(changed).toMatchObject({
      action: 'market.observation-changed',
      actorId: INGEST_ID,
      subjectId: INGEST_ID,
      requestId: headers['x-request-id'],
      before: { unitPrice: 12 },
      after: { unitPrice: 99.5 },
    });
    const page = await list(`${object}&limit=1`);
    expect(page.json.items).toEqual([deleted]);
    expect((await list(`${object}&limit=1&cursor=${page.json.nextCursor as string}`)).json.items).toEqual([
      changed,
    ]);
    expect((await list(`${object}&actorId=${INGEST_ID}&from=${startedAt}`)).json.items).toHaveLength(2);
    expect((await list(`${object}&actorId=${randomUUID()}`)).json.items).toEqual([]);
    expect((await list(`${object}&to=${startedAt}`)).json.items).toEqual([]);
    expect((await list(`${object}&from=yesterday`)).status).toBe(400);
    expect((await list('cursor=x')).status).toBe(400);
  });

  it('leaves events of which none can be changed unseen', async () => {
    const env = { DATABASE_URL: database.url };
    const whole = await runCli(['audit', 'verify'], env);
    expect(whole).toMatchObject({ code: 0, stderr: '' });
    expect(whole.stdout).toMatch(
      /^the audit trail is whole: \d+ sealed events, \d+ of them without details, \d+ waiting, [1-9]/,
    );
    await queryRows(database.url, 'ALTER TABLE platform.audit_event DISABLE TRIGGER USER');
    const [{ id } = { id: 0 }] = await queryRows<{ id: number }>(
      database.url,
      `UPDATE platform.audit_event SET object_id = 'another'
       WHERE id = (SELECT event_id FROM platform.audit_seal WHERE seq = 3) RETURNING id::int AS id`,
    );
    const broken = await runCli(['audit', 'verify'], env);
    expect(broken.code).toBe(1);
    expect(broken.stderr.trim()).toBe(
      `The audit trail is broken: event ${id} (seal 3) is not what was sealed: it was changed or swapped.`,
    );
    expect((await runCli(['audit', 'mend'], env)).code).toBe(1);
  });
});
