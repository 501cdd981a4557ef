import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { type Answer, call, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type Operation, readOpenApi, samplePath } from '../support/open-api.js';
import { newPerson, PASSWORD, type Person, signIn } from '../support/people.js';
import { withRunningWorld } from '../support/running-world.js';
import {
  INGEST_TOKEN,
  READ_TOKEN,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';
import { AGENT_SETTINGS, makeAgentAlerts } from './agent-stories.js';
import { makeAlerts, makeChannels } from './notification-stories.js';
import { PUBLIC_ROUTES } from './public-routes.js';
import { makeGoalGhost, makeOwnRace } from './running-stories.js';
import { makeRunImport } from './running-file-stories.js';
import { makeRoutes } from './running-route-stories.js';
import { CALCULATIONS } from './unaudited-routes.js';
import { makeShare } from './share-stories.js';
import { TABLETOP_IMPORT_BODIES, tabletopImportThings } from './tabletop-imports-stories.js';
import { TABLETOP_CORE_BODIES, tabletopCoreThings } from './tabletop-core-stories.js';
import {
  TABLETOP_WORLD_BODIES,
  TABLETOP_WORLD_QUERIES,
  tabletopWorldThings,
} from './tabletop-world-stories.js';
import { TABLETOP_SEARCH_BODIES } from './tabletop-search-stories.js';
import {
  TABLETOP_GRAPH_BODIES,
  TABLETOP_GRAPH_QUERIES,
  tabletopGraphThings,
} from './tabletop-graph-stories.js';
import { tabletopGenerationThings } from './tabletop-generation-stories.js';
import { TABLETOP_TABLE_BODIES, tabletopTableThings } from './tabletop-table-stories.js';
import { makeSyncRun } from './destiny-stories.js';
import { makeRun, makeTalk } from './talk-stories.js';
import { A_WISH_LIST, makeWishList } from './wish-list-stories.js';

// Generated from the OpenAPI document: what a member may not do, what a token that was taken back may not do, and that
// somebody else's thing looks like no thing at all. A route with an id whose things nobody makes below fails.

const isCompat = ({ path }: Operation): boolean => path.startsWith('/compat/');
const IMPORTS_PATH = OBSERVATIONS_PATH.replace('observations', 'imports');
const GAME_PATH = '/api/v1/market/games/dofus';
const A_GAME = 'market/games/{game}';
const A_SERVER = `${A_GAME}/servers/{server}`;
/** Bodies and queries without which a route would not get as far as looking for the thing. */
const NEEDED_BODIES: Record<string, object> = {
  ...TABLETOP_CORE_BODIES,
  ...TABLETOP_IMPORT_BODIES,
  ...TABLETOP_WORLD_BODIES,
  ...TABLETOP_SEARCH_BODIES,
  ...TABLETOP_GRAPH_BODIES,
  ...TABLETOP_TABLE_BODIES,
  'PATCH /api/v1/market/games/{game}/profiles/{id}': { name: 'taken over' },
  'PUT /api/v1/market/games/{game}/profiles/{id}/stock': { items: [] },
  'PATCH /api/v1/market/games/{game}/profiles/{id}/stock': { items: [{ externalId: 303, delta: 1 }] },
  'PATCH /api/v1/market/games/{game}/messages/{id}': { content: 'taken over' },
  'POST /api/v1/destiny/conversations/{id}/messages': { content: 'help' },
  'PUT /api/v1/running/runs/{id}/fixes': { fixes: [[1, 1_767_225_600_000, 48.2, 16.3]] },
  'POST /api/v1/running/runs/{id}/events': { kind: 'lap', seq: 1, at: '2026-01-01T00:00:02Z' },
  'PATCH /api/v1/running/routes/{id}': { name: 'taken over' },
  'POST /api/v1/running/routes/{id}/merge': { routeId: '01890000-0000-7000-8000-000000000000' },
  'PUT /api/v1/running/routes/{id}/shape': { runId: '01890000-0000-7000-8000-000000000000' },
  'POST /api/v1/running/races/{id}/join': { runId: '01890000-0000-7000-8000-000000000000' },
};
const NEEDED_QUERIES: readonly (readonly [end: RegExp, query: string])[] = [
  ...TABLETOP_WORLD_QUERIES,
  ...TABLETOP_GRAPH_QUERIES,
  [/\/stock(?:\/crafts)?$/, '?server=draconiros'],
  [/\/runs\/\{id\}\/export$/, '?format=gpx'],
  [/\/suggest$/, '?q=elf'],
  [/\/objects\/\{id\}\/preview$/, '?as=01890000-0000-7000-8000-000000000000'],
];
const neededQuery = ({ path }: Operation): string =>
  NEEDED_QUERIES.find(([end]) => end.test(path))?.[1] ?? '';

describe('a member', () => {
  let database: TestDatabase;
  let server: ServerProcess;
  let operations: Operation[];
  let member: Person;
  let other: Person;

  beforeAll(async () => {
    database = await createTestDatabase();
    server = await startServerProcess({
      DATABASE_URL: database.url,
      COMPAT_DOFUS_ANONYMOUS: 'off',
      COMPAT_CUPID_ANONYMOUS: 'off',
      ...AGENT_SETTINGS,
    });
    ({ operations } = await readOpenApi(server.url));
    [member, other] = await Promise.all([newPerson(server.url), newPerson(server.url)]);
  });

  afterAll(async () => {
    await server.stop();
    await database.drop();
  });

  const closed = (): Operation[] => operations.filter(({ id }) => !PUBLIC_ROUTES.includes(id));
  const ask = (operation: Operation, token: string, path = samplePath(operation)): Promise<Answer> =>
    call(server.url, operation.method, path, { token, ...(operation.bodySchema && { body: {} }) });

  it('is kept from every route of administrators', async () => {
    const admin = closed().filter(({ path }) => /^\/(api\/v1\/admin\/|metrics$)/.test(path));
    expect(admin.length).toBeGreaterThan(10);
    for (const operation of admin) {
      const { status, json } = await ask(operation, member.accessToken);
      expect({ id: operation.id, status, code: json?.code }).toEqual({
        id: operation.id,
        status: 403,
        code: 'auth/forbidden',
      });
    }
  });

  it('whose token is for reading writes nothing', async () => {
    const writing = closed().filter(
      (operation) =>
        operation.method !== 'GET' &&
        !isCompat(operation) &&
        !operation.path.includes('/jobs/') &&
        !CALCULATIONS.includes(operation.id),
    );
    expect(writing.length).toBeGreaterThan(10);
    for (const operation of writing) {
      const { status } = await ask(operation, READ_TOKEN);
      expect({ id: operation.id, status }).toEqual({ id: operation.id, status: 403 });
    }
  });

  it('whose session has ended is nobody, on every route', async () => {
    const gone = await signIn(server.url, { email: member.email, password: PASSWORD });
    expect((await get(server.url, '/api/v1/account', { token: gone.accessToken })).status).toBe(200);
    await call(server.url, 'DELETE', `/api/v1/account/sessions/${gone.sessionId}`, {
      token: member.accessToken,
    });
    await waitUntil('it is refused', 3_000, async () => {
      const { status } = await get(server.url, '/api/v1/account', { token: gone.accessToken });
      return status === 401;
    });
    for (const operation of closed()) {
      const { status } = await ask(operation, gone.accessToken);
      expect({ id: operation.id, status }).toEqual({ id: operation.id, status: unknownStatus(operation) });
    }
  });

  it('with a token that was tampered with is nobody, on every route', async () => {
    const [header, payload, signature] = member.accessToken.split('.') as [string, string, string];
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const tampered = [
      `${encode({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
      `${header}.${encode({ ...claims, sub: other.id })}.${signature}`,
      `${header}.${encode({ ...claims, exp: 4_000_000_000 })}.${signature}`,
      `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
      member.refreshToken,
    ];
    for (const operation of closed()) {
      for (const token of tampered) {
        const { status } = await ask(operation, token);
        expect({ id: operation.id, token: tampered.indexOf(token), status }).toEqual({
          id: operation.id,
          token: tampered.indexOf(token),
          status: unknownStatus(operation),
        });
      }
    }
  }, 60_000);

  const profileOf = async (owner: Person): Promise<string> => {
    const name = randomUUID();
    const made = await post(server.url, `${GAME_PATH}/profiles`, { name }, { token: owner.accessToken });
    return (made.json as { id: string }).id;
  };
  const importOf = async (owner: Person): Promise<string> => {
    const made = await post(server.url, IMPORTS_PATH, { format: 'csv' }, { token: owner.accessToken });
    return (made.json as { id: string }).id;
  };
  /** A thing of `owner` at each path below /api/v1 whose routes have ids. */
  const THINGS: Record<string, (owner: Person) => Promise<string>> = {
    ...tabletopCoreThings(() => server.url),
    ...tabletopImportThings(() => server.url),
    ...tabletopWorldThings(() => server.url),
    ...tabletopGraphThings(() => server.url),
    ...tabletopTableThings(() => server.url),
    ...tabletopGenerationThings(() => server.url),
    'account/sessions': async (owner) => (await signIn(server.url, owner)).sessionId,
    'account/keys': async (owner) => {
      const wish = { name: 'spec', scopes: ['market:read'] };
      const made = await post(server.url, '/api/v1/account/keys', wish, { token: owner.accessToken });
      return (made.json as { id: string }).id;
    },
    [`${A_SERVER}/imports`]: importOf,
    jobs: async (owner) => {
      const token = owner.accessToken;
      const id = await importOf(owner);
      const path = `${IMPORTS_PATH}/${id}`;
      const part = 'externalId,unitPrice,lots,capturedAt,source\n44,5,1,2024-05-01T00:00:00Z,book\n';
      const headers = { 'content-type': 'text/csv' };
      await call(server.url, 'PUT', `${path}/parts/0`, { token, headers, body: part });
      const started = await post(server.url, `${path}/start`, undefined, { token });
      return (started.json as { jobId: string }).jobId;
    },
    files: async (owner) => {
      const picture = await sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } })
        .png()
        .toBuffer();
      const made = await call(server.url, 'POST', '/api/v1/files?purpose=picture', {
        token: owner.accessToken,
        headers: { 'content-type': 'image/png' },
        body: picture,
      });
      return (made.json as { id: string }).id;
    },
    [`${A_GAME}/profiles`]: profileOf,
    [`${A_GAME}/lists`]: async (owner) => {
      const list = { name: 'Spec', scope: 'private' };
      const made = await post(server.url, `${GAME_PATH}/lists`, list, { token: owner.accessToken });
      return (made.json as { id: string }).id;
    },
    [`${A_GAME}/messages`]: async (owner) => {
      const message = { profileId: await profileOf(owner), content: 'Spec' };
      const made = await post(server.url, `${GAME_PATH}/messages`, message, { token: owner.accessToken });
      return (made.json as { id: string }).id;
    },
    'market/alerts': async (owner) => (await makeAlerts(server.url, 1, owner.accessToken))[0]!,
    'agent-analytics/alerts': async (owner) => (await makeAgentAlerts(server.url, 1, owner.accessToken))[0]!,
    'destiny/conversations': (owner) => makeTalk(server.url, owner.accessToken),
    'destiny/runs': (owner) => makeRun(server.url, owner.accessToken),
    'destiny/shares': (owner) => makeShare(server.url, owner.accessToken),
    'destiny/sync': (owner) => makeSyncRun(server.url, database.url, owner),
    'destiny/wishlists': (owner) => makeWishList(server.url, owner.accessToken),
    'running/ghosts/public': (owner) => makeGoalGhost(server.url, owner.accessToken),
    'running/ghosts': (owner) => makeGoalGhost(server.url, owner.accessToken),
    'running/races': (owner) => makeOwnRace(server.url, database.url, owner, 'group'),
    'running/routes': async (owner) => (await makeRoutes(server.url, database.url, owner))[0]!.id,
    'running/imports': (owner) => makeRunImport(server.url, owner.accessToken),
    'running/runs': (owner) => withRunningWorld(database.url, (world) => world.aRun(owner.id)),
    'notifications/channels': async (owner) => (await makeChannels(server.url, owner.accessToken, 1))[0]!,
    [`${A_GAME}/harvest-routes`]: async (owner) => {
      const route = { name: 'Spec', jobIds: [], resourceIds: [303], steps: [] };
      const made = await post(server.url, `${GAME_PATH}/harvest-routes`, route, { token: owner.accessToken });
      return (made.json as { id: string }).id;
    },
    'account/identities': async (owner) => {
      const id = randomUUID();
      await queryRows(
        database.url,
        `WITH scope AS MATERIALIZED (SELECT set_config('app.user_id', $2, true))
         INSERT INTO identity.external_identity (id, user_id, issuer, subject)
         SELECT $1::uuid, $2::uuid, 'https://issuer.example', $1 FROM scope`,
        [id, owner.id],
      );
      return id;
    },
  };
  /** Shared by all who may read them. */
  const NOBODYS = new Set([
    'market/icons',
    `${A_GAME}/recipes`,
    `${A_SERVER}/observations`,
    `${A_SERVER}/recipes`,
    'agent-analytics/sessions',
    'agent-analytics/traces',
    'agent-analytics/observations',
    'agent-analytics/sync/sources',
    'agent-analytics/sync/runs',
  ]);

  it('finds somebody else’s thing no more than one that never was, on every route with an id', async () => {
    const withIds = closed().filter(
      (operation) =>
        /\{(?:id|c)\}/.test(operation.path) &&
        !operation.path.startsWith('/api/v1/admin/') &&
        !isCompat(operation),
    );
    expect(withIds.length).toBeGreaterThan(5);
    let tried = 0;
    for (const operation of withIds) {
      // What lies in a campaign is looked for there: the campaign is what a stranger does not find.
      const name = operation.path.includes('{c}') ? '{c}' : '{id}';
      const collection = operation.path.slice('/api/v1/'.length, operation.path.lastIndexOf(`/${name}`));
      if (NOBODYS.has(collection)) continue;
      const make = THINGS[collection];
      if (!make) throw new Error(`${operation.id}: say above how somebody's thing of ${collection} is made`);
      const theirs = await make(other);
      expect([collection, theirs]).toEqual([collection, expect.any(String)]);
      const at = (id: string): string =>
        samplePath({ ...operation, path: operation.path.replace(name, id) }) + neededQuery(operation);
      const body = operation.path.endsWith('/parts/{part}')
        ? { headers: { 'content-type': 'text/csv' }, body: 'externalId,unitPrice,lots,capturedAt,source' }
        : operation.id === 'PUT /api/v1/destiny/wishlists/{id}'
          ? A_WISH_LIST
          : operation.bodySchema
            ? { body: NEEDED_BODIES[operation.id] ?? {} }
            : {};
      const token = member.accessToken;
      const answers = [];
      for (const id of [theirs, randomUUID()])
        answers.push(await call(server.url, operation.method, at(id), { token, ...body }));
      const [found, missing] = answers.map(shown);
      expect({ id: operation.id, ...found }).toEqual({ id: operation.id, ...missing, status: 404 });
      tried += 1;
    }
    expect(tried).toBeGreaterThan(5);
  }, 60_000);

  it('is named by no id that another sends in a body', async () => {
    const before = await get(server.url, '/api/v1/account', { token: other.accessToken });
    for (const field of ['id', 'userId', 'user_id', 'accountId', 'role', 'tokenVersion']) {
      const answer = await call(server.url, 'PATCH', '/api/v1/account', {
        token: member.accessToken,
        body: { displayName: 'taken over', [field]: field === 'role' ? 'administrator' : other.id },
      });
      expect({ field, status: answer.status }).toEqual({ field, status: 400 });
    }
    const after = await get(server.url, '/api/v1/account', { token: other.accessToken });
    expect(after.json).toEqual(before.json);
    expect((await get(server.url, '/api/v1/account', { token: member.accessToken })).json.role).toBe(
      'member',
    );
  });

  it('asks with the tag of somebody else’s answer and gets an answer of his own', async () => {
    const theirs = await get(server.url, '/api/v1/account', { token: other.accessToken });
    const tag = theirs.headers.get('etag') ?? '';
    const mine = await get(server.url, '/api/v1/account', { token: member.accessToken });
    const again = await get(server.url, '/api/v1/account', {
      token: member.accessToken,
      headers: { 'if-none-match': tag },
    });
    if (mine.headers.get('etag') === tag) expect(again.status).toBe(304);
    else expect(again.json.email).toBe(member.email);
    expect(again.text).not.toContain(other.email);
  });

  it('may not send prices to correct those of others', async () => {
    const batch = [{ externalId: 970_000_001, unitPrice: 5, capturedAt: new Date().toISOString() }];
    const { json } = await post(server.url, OBSERVATIONS_PATH, batch, { token: INGEST_TOKEN });
    const id = (json.results as { observationId: number }[])[0]!.observationId;
    for (const method of ['PATCH', 'DELETE'])
      expect(
        (
          await call(server.url, method, `${OBSERVATIONS_PATH}/${id}`, {
            token: member.accessToken,
            ...(method === 'PATCH' && { body: { unitPrice: 6 } }),
          })
        ).status,
      ).toBe(403);
  });
});

/** The first originals answer a token that they do not know with 403. */
const unknownStatus = (operation: Operation): number =>
  isCompat(operation) && !/^\/compat\/(?:destiny|wisp)\//.test(operation.path) ? 403 : 401;

/** Seen from outside: all but what belongs to the one request. */
function shown({ status, json }: Answer): { status: number; body: object } {
  const { requestId: _requestId, instance: _instance, ...body } = json as Record<string, unknown>;
  return { status, body };
}
