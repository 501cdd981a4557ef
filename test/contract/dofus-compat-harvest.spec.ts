import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson } from '../support/people.js';
import {
  INGEST_TOKEN,
  READ_TOKEN,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { type Answer, call, DATA, getData, point, upload } from './compat-calls.js';

// The page of harvest routes: jobs, resources, the grid of maps and the optimiser as the web client calls them; the other modes as the
// original serves them.

const ROUTES = 'resource=harvest&mode=routes';
/** Ash, oak and iron. */
const [ASH, OAK, IRON] = [303, 460, 312];
const BODY = {
  name: 'Bois autour d’Astrub',
  target_job_ids: [2],
  target_resource_ids: [ASH],
  route_data: [{ order: 1, map_id: 191_105_026, pos_x: 5, pos_y: -18 }],
};

let database: TestDatabase;
let server: ServerProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url, TRUST_PROXY: '1' });
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const get = (query: string, headers: object = {}): Promise<Answer> => getData(server, query, headers);
const bearer = (token: string): object => ({ Authorization: `Bearer ${token}` });
function send(method: string, query: string, body?: unknown, headers: object = {}): Promise<Answer> {
  return call(server, `${DATA}?${query}`, {
    method,
    headers: { Accept: 'application/json', 'Content-Type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
const optimize = (body: unknown, headers: object = {}): Promise<Answer> =>
  send('POST', 'resource=harvest&mode=optimize', body, headers);

describe('what grows where', () => {
  it('mode=jobs: those that gather, also without a mode', async () => {
    const { status, body } = await get('resource=harvest&mode=jobs');
    expect(status).toBe(200);
    expect(body.map(({ id }: { id: number }) => id)).toEqual([1, 2, 24, 26, 28, 36]);
    expect(body[1]).toEqual({ id: 2, name_fr: 'Bûcheron', name_en: null, icon_id: 1 });
    expect((await get('resource=harvest')).body).toEqual(body);
  });

  it('mode=resources: by level, of jobs and between levels', async () => {
    const all = (await get('resource=harvest&mode=resources')).body;
    expect(all).toHaveLength(117);
    const levels = all.map(({ level_min }: { level_min: number }) => level_min);
    expect(levels).toEqual([...levels].sort((a: number, b: number) => a - b));
    expect(all.find(({ id }: { id: number }) => id === ASH)).toEqual({
      id: ASH,
      job_id: 2,
      name_fr: 'Bois de Frêne',
      name_en: null,
      level_min: 1,
      icon_url: null,
    });
    for (const { name_fr } of all) expect(name_fr).toEqual(expect.any(String));
    const { body } = await get('resource=harvest&mode=resources&jobIds=2%2C24&levelMin=10&levelMax=60');
    expect(body.length).toBeGreaterThan(3);
    for (const { job_id, level_min } of body) {
      expect([2, 24]).toContain(job_id);
      expect(level_min).toBeGreaterThanOrEqual(10);
      expect(level_min).toBeLessThanOrEqual(60);
    }
    expect((await get('resource=harvest&mode=resources&jobIds=x&levelMin=high')).body).toHaveLength(117);
  });

  it('mode=resources: an item that a price brought along lends its name and its icon', async () => {
    const nameless = (await get('resource=harvest&mode=resources')).body.find(
      ({ name_fr }: { name_fr: string }) => name_fr.startsWith('Resource '),
    );
    await upload(server, [
      point({ item_name: 'Plante nouvelle', ankama_id: nameless.id, server: 'Hell Mina' }),
    ]);
    const { body } = await get('resource=harvest&mode=resources');
    expect(body.find(({ id }: { id: number }) => id === nameless.id)).toMatchObject({
      name_fr: 'Plante nouvelle',
    });
  });

  it('mode=subareas: where resources grow, with how many places', async () => {
    const { body } = await get(`resource=harvest&mode=subareas&resourceIds=${ASH},${OAK}`);
    expect(body.length).toBeGreaterThan(20);
    const first = body.find(
      (row: { subarea_id: number; resource_id: number }) => row.subarea_id === 1 && row.resource_id === ASH,
    );
    expect(first).toEqual({
      resource_id: ASH,
      subarea_id: 1,
      count: expect.any(Number),
      subareas: { id: 1, name_fr: 'Subarea 1', name_en: null, area_id: 0 },
    });
    expect(first.count).toBeGreaterThan(1);
    expect((await get('resource=harvest&mode=subareas&resourceIds=999999')).body).toEqual([]);
    const { status, body: error } = await get('resource=harvest&mode=subareas');
    expect([status, error]).toEqual([400, { error: 'resource_ids_required' }]);
  });

  it('mode=map_positions: of subareas, or all', async () => {
    const { body } = await get('resource=harvest&mode=map_positions&subareaIds=1');
    expect(body[0]).toEqual({
      map_id: expect.any(Number),
      pos_x: expect.any(Number),
      pos_y: expect.any(Number),
      subarea_id: 1,
    });
    expect((await get('resource=harvest&mode=map_positions')).body).toHaveLength(12_153);
  });

  it('mode=maps_grid: one map for each place within bounds', async () => {
    const { body } = await get('resource=harvest&mode=maps_grid&minX=-2&maxX=7&minY=-22&maxY=-13');
    expect(body).toEqual({
      bounds: { minX: -2, maxX: 7, minY: -22, maxY: -13 },
      total: body.maps.length,
      maps: expect.any(Array),
    });
    expect(body.total).toBeGreaterThan(50);
    const places = body.maps.map(({ pos_x, pos_y }: { pos_x: number; pos_y: number }) => `${pos_x},${pos_y}`);
    expect(new Set(places).size).toBe(body.total);
    expect(places).toContain('5,-18');
    const none = await get('resource=harvest&mode=maps_grid&minX=0&maxX=1&minY=0&maxY=1&worldMap=2');
    expect(none.body).toMatchObject({ total: 0, maps: [] });
    const reversed = await get('resource=harvest&mode=maps_grid&minX=9&maxX=1&minY=9&maxY=1');
    expect([reversed.status, reversed.body.maps]).toEqual([200, []]);
  });

  it.each<[string, number, string]>([
    ['mode=maps_grid&minX=0&maxX=1&minY=0', 400, 'bounds_required'],
    ['mode=maps_grid&minX=0&maxX=1&minY=0&maxY=x', 400, 'bounds_required'],
    ['mode=maps_grid&minX=0&maxX=50&minY=0&maxY=1', 400, 'grid_too_large'],
    ['mode=sideways', 400, 'invalid_mode'],
    ['mode=constructor', 400, 'invalid_mode'],
    ['mode=optimize', 405, 'method_not_allowed'],
  ])('refuses %s', async (query, status, error) => {
    const answer = await get(`resource=harvest&${query}`);
    expect([answer.status, answer.body.error]).toEqual([status, error]);
  });

  it('refuses writes of what is no route', async () => {
    for (const [method, query, allow] of [
      ['POST', 'resource=harvest&mode=jobs', 'GET'],
      ['PUT', 'resource=harvest&mode=optimize', 'POST'],
      ['DELETE', 'resource=harvest', 'GET'],
    ] as const) {
      const { status, headers } = await send(method, query, method === 'DELETE' ? undefined : {});
      expect([status, headers.get('allow')]).toEqual([405, allow]);
    }
  });
});

describe('POST mode=optimize', () => {
  it('always goes on to the nearest map, within its moves', async () => {
    const wish = { resourceIds: [ASH, IRON], startX: 5, startY: -18, maxMoves: 30, excludeSubareaIds: [] };
    const { status, body } = await optimize(wish);
    expect(status).toBe(200);
    expect(Object.keys(body).sort()).toEqual(
      ['route', 'total_distance', 'total_moves', 'total_maps', 'available_maps', 'move_budget'].sort(),
    );
    expect(body).toMatchObject({ move_budget: 30, total_maps: body.route.length });
    expect(body.total_moves).toBe(body.total_distance);
    expect(body.total_moves).toBeLessThanOrEqual(30);
    expect(body.total_maps).toBeGreaterThan(5);
    let [x, y] = [5, -18];
    let moves = 0;
    for (const [at, step] of body.route.entries()) {
      expect(step).toEqual({
        order: at + 1,
        map_id: expect.any(Number),
        pos_x: expect.any(Number),
        pos_y: expect.any(Number),
        subarea_id: expect.any(Number),
        subarea_name: `Subarea ${step.subarea_id}`,
        resources: expect.any(Array),
        distance_from_prev: Math.abs(step.pos_x - x) + Math.abs(step.pos_y - y),
      });
      for (const resource of step.resources)
        expect(resource).toEqual({
          id: expect.any(Number),
          name: expect.any(String),
          icon_url: null,
          count: 1,
        });
      moves += step.distance_from_prev;
      [x, y] = [step.pos_x, step.pos_y];
    }
    expect(moves).toBe(body.total_moves);
    const { subarea_id } = body.route[0];
    const without = await optimize({ ...wish, excludeSubareaIds: [subarea_id] });
    expect(without.body.route.map((step: { subarea_id: number }) => step.subarea_id)).not.toContain(
      subarea_id,
    );
  });

  it('fills in what is left out: 50 moves from 0, 0, or as many as maxMaps says', async () => {
    expect((await optimize({ resourceIds: [ASH] })).body.move_budget).toBe(50);
    expect((await optimize({ resourceIds: [ASH], maxMaps: 7 })).body.move_budget).toBe(7);
    expect((await optimize({ resourceIds: [ASH], maxMaps: 7, maxMoves: 9 })).body.move_budget).toBe(9);
    const odd = await optimize({ resourceIds: [ASH], startX: 'east', maxMoves: 'many' });
    expect([odd.status, odd.body.move_budget]).toEqual([200, 50]);
    expect((await optimize({ resourceIds: [ASH], maxMoves: -1 })).body.route).toEqual([]);
    expect((await optimize({ resourceIds: [999_999] })).body).toEqual({
      route: [],
      total_distance: 0,
      total_moves: 0,
      total_maps: 0,
      available_maps: 0,
      move_budget: 50,
    });
  });

  it('visits the whole world when nothing bounds it', async () => {
    const ids = (await get('resource=harvest&mode=resources')).body.map(({ id }: { id: number }) => id);
    const { body } = await optimize({ resourceIds: ids, maxMoves: 1_000_000 });
    expect(body.total_maps).toBe(body.available_maps);
    expect(body.total_maps).toBeGreaterThan(5_000);
  });

  it.each([[{}], [{ resourceIds: [] }], [{ resourceIds: 'all' }], [[]], [null]])(
    'refuses %j',
    async (body) => {
      const answer = await optimize(body);
      expect([answer.status, answer.body]).toEqual([400, { error: 'resource_ids_required' }]);
    },
  );

  it('is for whoever may read', async () => {
    expect((await optimize({ resourceIds: [ASH] }, bearer(READ_TOKEN))).status).toBe(200);
  });
});

describe('mode=routes', () => {
  it('keeps, shows, changes and forgets a route of the account', async () => {
    const { accessToken, id: userId } = await newPerson(server.url);
    const own = bearer(accessToken);
    const created = await send('POST', ROUTES, { ...BODY, user_id: 'somebody' }, own);
    expect(created.status).toBe(201);
    const row = {
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      user_id: userId,
      ...BODY,
      description: null,
      is_public: false,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,6}\+00:00$/),
      updated_at: expect.any(String),
    };
    expect(created.body).toEqual(row);
    const { id } = created.body;
    const { user_id: _owner, ...listed } = created.body;
    expect((await get(ROUTES, own)).body).toEqual([listed]);

    const change = { name: 'Nouveau', description: 'plus long', is_public: true };
    const changed = await send('PUT', `${ROUTES}&routeId=${id}`, change, own);
    expect(changed.status).toBe(200);
    expect(changed.body).toEqual({ ...created.body, ...change, updated_at: changed.body.updated_at });
    expect(changed.body.updated_at > created.body.updated_at).toBe(true);

    const gone = await send('DELETE', `${ROUTES}&routeId=${id}`, undefined, own);
    expect([gone.status, gone.body]).toEqual([204, undefined]);
    expect((await get(ROUTES, own)).body).toEqual([]);
    const again = await send('DELETE', `${ROUTES}&routeId=${id}`, undefined, own);
    expect([again.status, again.body.error]).toEqual([404, 'not_found']);
  });

  it('lists them changed last first', async () => {
    const own = bearer((await newPerson(server.url)).accessToken);
    const ids: string[] = [];
    for (const name of ['one', 'two']) ids.push((await send('POST', ROUTES, { ...BODY, name }, own)).body.id);
    await send('PUT', `${ROUTES}&routeId=${ids[0]}`, {}, own);
    expect((await get(ROUTES, own)).body.map(({ id }: { id: string }) => id)).toEqual(ids);
  });

  it('shows public ones to everybody, newest first and by job, and lets nobody else change them', async () => {
    const ada = await newPerson(server.url);
    const eve = bearer((await newPerson(server.url)).accessToken);
    const route = { ...BODY, target_job_ids: [28], is_public: true };
    const { id } = (await send('POST', ROUTES, route, bearer(ada.accessToken))).body;
    const secret = (await send('POST', ROUTES, { ...route, is_public: false }, bearer(ada.accessToken))).body
      .id;
    const shown = await get(`${ROUTES}&public=true&jobIds=36,28`);
    expect(shown.body).toEqual([
      {
        id,
        name: BODY.name,
        description: null,
        target_job_ids: [28],
        target_resource_ids: [ASH],
        route_data: BODY.route_data,
        created_at: expect.any(String),
        user_id: ada.id,
      },
    ]);
    expect((await get(`${ROUTES}&public=true&jobIds=1`, eve)).body).toEqual([]);
    expect((await get(`${ROUTES}&public=true`, bearer(READ_TOKEN))).body).toHaveLength(1);
    for (const routeId of [id, secret, 'no-id'])
      for (const method of ['PUT', 'DELETE']) {
        const { status, body } = await send(
          method,
          `${ROUTES}&routeId=${routeId}`,
          method === 'PUT' ? {} : undefined,
          eve,
        );
        expect([status, body]).toEqual([
          404,
          { error: 'not_found', message: 'Route not found or not owned by you' },
        ]);
      }
  });

  it('keeps those of callers without a token in the account that they share', async () => {
    const { status, body } = await send('POST', ROUTES, BODY);
    expect([status, body.user_id]).toEqual([201, '00000000-0000-7000-8000-000000000010']);
    expect((await get(ROUTES)).body).toHaveLength(1);
    expect((await get(ROUTES, bearer(INGEST_TOKEN))).body).toEqual([]);
  });

  it('says what is missing or cannot be kept', async () => {
    const refused = async (method: string, query: string, body: unknown): Promise<unknown[]> => {
      const answer = await send(method, query, body);
      return [answer.status, answer.body.error];
    };
    const { name: _name, ...nameless } = BODY;
    expect(await refused('POST', ROUTES, nameless)).toEqual([400, 'missing_fields']);
    expect(await refused('POST', ROUTES, null)).toEqual([400, 'missing_fields']);
    expect(await refused('POST', ROUTES, { ...BODY, target_job_ids: ['x'] })).toEqual([400, 'invalid_body']);
    expect(await refused('POST', ROUTES, { ...BODY, name: 'n'.repeat(201) })).toEqual([400, 'invalid_body']);
    expect(await refused('POST', ROUTES, { ...BODY, name: 'nul\0' })).toEqual([400, 'invalid_json']);
    expect(await refused('POST', ROUTES, { ...BODY, target_job_ids: [2 ** 40] })).toEqual([
      400,
      'invalid_body',
    ]);
    expect(await refused('PUT', ROUTES, {})).toEqual([400, 'route_id_required']);
    expect(await refused('DELETE', ROUTES, undefined)).toEqual([400, 'route_id_required']);
    expect((await send('POST', ROUTES, BODY, bearer(READ_TOKEN))).status).toBe(403);
    expect((await send('POST', ROUTES, BODY, bearer('unknown-token-of-nobody'))).status).toBe(403);
  });

  it('stops at 500 of an account', async () => {
    const { accessToken, id } = await newPerson(server.url);
    const url = new URL(database.url);
    url.searchParams.set('options', `-c app.user_id=${id}`);
    await queryRows(
      url.href,
      `INSERT INTO market.harvest_route (id, user_id, game_id, name, job_ids, resource_ids, steps)
       SELECT gen_random_uuid(), $1, (SELECT id FROM market.game), 'one', '{}', '{}', '[]' FROM generate_series(1, 500)`,
      [id],
    );
    const { status, body } = await send('POST', ROUTES, BODY, bearer(accessToken));
    expect([status, body.error]).toEqual([400, 'invalid_body']);
  });
});

describe('without the anonymous account', () => {
  it('is 401 for callers without a token; where it only reads, keeping a route is', async () => {
    const only = await startServerProcess({ DATABASE_URL: database.url, COMPAT_DOFUS_ANONYMOUS: 'read' });
    const closed = await startServerProcess({ DATABASE_URL: database.url, COMPAT_DOFUS_ANONYMOUS: 'off' });
    const headers = { 'Content-Type': 'application/json' };
    const body = JSON.stringify({ ...BODY, resourceIds: [ASH] });
    const asked = async (base: ServerProcess, mode: string): Promise<number> =>
      (await call(base, `${DATA}?resource=harvest&mode=${mode}`, { method: 'POST', headers, body })).status;
    try {
      expect([await asked(only, 'optimize'), await asked(only, 'routes')]).toEqual([200, 401]);
      expect([await asked(closed, 'optimize'), await asked(closed, 'routes')]).toEqual([401, 401]);
    } finally {
      await only.stop();
      await closed.stop();
    }
  });
});
