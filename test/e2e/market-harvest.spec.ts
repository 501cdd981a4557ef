import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectProblem } from '../support/answer-shapes.js';
import { type Answer, call, get, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson } from '../support/people.js';
import { READ_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';

const GAME = '/api/v1/market/games/dofus';
const HARVEST = `${GAME}/harvest`;
const ROUTES = `${GAME}/harvest-routes`;
const OPTIMIZE = `${GAME}/servers/hell-mina/harvest-routes/optimize`;
/** Ash and iron. */
const [ASH, IRON] = [303, 312];

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

// The contract is what is being checked, so the body is whatever came.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
const bodyOf = ({ json }: Answer): any => json;
const read = async (path: string) => bodyOf(await get(server.url, path, { token: READ_TOKEN }));
const optimize = (wish: object, token = READ_TOKEN): Promise<Answer> =>
  post(server.url, OPTIMIZE, wish, { token });

/** All items of a list, page by page. */
async function pages(path: string, limit: number): Promise<unknown[]> {
  const items: unknown[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = await read(
      `${path}${path.includes('?') ? '&' : '?'}limit=${limit}${cursor && `&cursor=${cursor}`}`,
    );
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
}

describe('what grows where', () => {
  it('is listed page by page without a gap, and narrowed', async () => {
    const resources = await pages(`${HARVEST}/resources`, 50);
    expect(resources).toHaveLength(117);
    expect(resources).toContainEqual({
      resourceId: ASH,
      itemId: expect.any(Number),
      name: 'Bois de Frêne',
      nameEn: null,
      iconUrl: null,
      jobId: 2,
      level: 1,
    });
    const lumber = await pages(`${HARVEST}/resources?job=2&levelMin=10&levelMax=100`, 3);
    expect(lumber.length).toBeGreaterThan(3);
    for (const { jobId, level } of lumber as { jobId: number; level: number }[])
      expect(jobId === 2 && level >= 10 && level <= 100).toBe(true);
    expect(await pages(`${HARVEST}/subareas`, 200)).toHaveLength(461);
    const ashen = await pages(`${HARVEST}/subareas?resource=${ASH}`, 20);
    for (const { resourceIds } of ashen as { resourceIds: number[] }[]) expect(resourceIds).toContain(ASH);
    const maps = await pages(`${HARVEST}/maps?subarea=1`, 7);
    expect(new Set(maps.map((map) => (map as { mapId: number }).mapId)).size).toBe(maps.length);
    expect((await read(`${HARVEST}/maps?limit=1`)).items).toEqual([
      { mapId: 0, x: expect.any(Number), y: expect.any(Number), subareaId: expect.any(Number) },
    ]);
    expect((await read(`${HARVEST}/maps?subarea=1&resource=999999`)).items).toEqual([]);
  });

  it.each([
    `${HARVEST}/resources?limit=0`,
    `${HARVEST}/resources?levelMin=low`,
    `${HARVEST}/subareas?resource=0`,
    `${HARVEST}/maps?cursor=nonsense`,
    `${HARVEST}/maps?order=sideways`,
  ])('refuses %s', async (path) => {
    expectProblem(await get(server.url, path), 400, 'http/malformed');
  });
});

describe('a route by value', () => {
  it('is worth nothing without a price, and says which are missing', async () => {
    const plan = await optimize({ resourceIds: [ASH, 999_999] });
    expect(plan.status).toBe(200);
    expect(bodyOf(plan)).toMatchObject({ steps: [], prices: [], unpricedIds: [ASH, 999_999] });
    expect(bodyOf(plan).availablePlaceCount).toBeGreaterThan(100);
  });

  it('brings most within its moves, and never less than always the nearest', async () => {
    const capturedAt = new Date(Date.now() - 60_000).toISOString();
    await post(server.url, `${GAME}/servers/hell-mina/observations`, [
      { externalId: ASH, unitPrice: 10, capturedAt },
      { externalId: IRON, unitPrice: 250, capturedAt },
    ]);
    const wish = { resourceIds: [ASH, IRON], startX: 5, startY: -18, maxMoves: 40 };
    const plan = bodyOf(await optimize(wish));
    let [x, y, moves, value] = [5, -18, 0, 0];
    for (const step of plan.steps) {
      expect(step.moves).toBe(Math.abs(step.x - x) + Math.abs(step.y - y));
      const worth = step.resourceIds.map((id: number) => (id === IRON ? 250 : 10));
      expect(step.value).toBe(worth.reduce((sum: number, one: number) => sum + one, 0));
      [x, y, moves, value] = [step.x, step.y, moves + step.moves, value + step.value];
    }
    expect(plan.figures).toEqual({ moves, value, valuePerMove: value / moves, mapCount: plan.steps.length });
    expect(moves).toBeLessThanOrEqual(40);
    expect(value).toBeGreaterThan(plan.nearestNeighbour.value);
    expect(plan.prices).toEqual([
      { resourceId: ASH, unitPrice: 10, capturedAt, isSimulated: false },
      { resourceId: IRON, unitPrice: 250, capturedAt, isSimulated: false },
    ]);
    expect(plan.unpricedIds).toEqual([]);
    expect(bodyOf(await optimize(wish))).toEqual(plan);
    const [{ subareaId }] = plan.steps;
    const around = bodyOf(await optimize({ ...wish, excludeSubareaIds: [subareaId] }));
    expect(around.steps.map((step: { subareaId: number }) => step.subareaId)).not.toContain(subareaId);
  });

  it.each<[string, object]>([
    ['no wish', {}],
    ['an empty wish', { resourceIds: [] }],
    ['10,000 ids', { resourceIds: Array.from({ length: 10_000 }, (_, id) => id + 1) }],
    ['no moves', { resourceIds: [ASH], maxMoves: 0 }],
    ['too many moves', { resourceIds: [ASH], maxMoves: 301 }],
    ['a start beyond the world', { resourceIds: [ASH], startX: 1_001 }],
    ['half a start', { resourceIds: [ASH], startX: 0.5 }],
    ['an unknown key', { resourceIds: [ASH], maxMaps: 5 }],
  ])('refuses %s', async (_what, wish) => {
    expectProblem(await optimize(wish), 400, 'http/malformed');
  });

  it('needs a server that there is', async () => {
    const path = OPTIMIZE.replace('hell-mina', 'nowhere');
    expectProblem(await post(server.url, path, { resourceIds: [ASH] }), 404, 'market/unknown-server');
  });
});

describe('kept routes', () => {
  const route = { name: 'Round', jobIds: [2], resourceIds: [ASH], steps: [{ mapId: 7, note: '%_\\' }] };

  it("are one's own until they are public, and then still changed by their owner only", async () => {
    const ada = { token: (await newPerson(server.url)).accessToken };
    const eve = { token: (await newPerson(server.url)).accessToken };
    const created = await post(server.url, ROUTES, route, ada);
    expect(created.status).toBe(201);
    const { id } = bodyOf(created);
    expect(bodyOf(created)).toEqual({
      id,
      isOwn: true,
      ...route,
      description: null,
      isPublic: false,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    const path = `${ROUTES}/${id}`;
    expect(bodyOf(await get(server.url, path, ada))).toEqual(bodyOf(created));
    expectProblem(await get(server.url, path, eve), 404, 'market/unknown-harvest-route');

    const change = { isPublic: true, description: 'Anew' };
    const changed = await call(server.url, 'PATCH', path, { ...ada, body: change });
    expect(bodyOf(changed)).toMatchObject({ ...route, ...change, id });
    expect(bodyOf(await get(server.url, path, eve))).toMatchObject({ ...change, isOwn: false });
    expect(bodyOf(await get(server.url, `${ROUTES}?scope=public&job=2`, eve)).items).toMatchObject([{ id }]);
    expect(bodyOf(await get(server.url, `${ROUTES}?scope=public&job=3`, eve)).items).toEqual([]);
    expect(bodyOf(await get(server.url, ROUTES, eve)).items).toEqual([]);
    for (const answer of [
      await call(server.url, 'PATCH', path, { ...eve, body: { name: 'mine' } }),
      await call(server.url, 'DELETE', path, eve),
    ])
      expectProblem(answer, 404, 'market/unknown-harvest-route');
    expect((await call(server.url, 'DELETE', path, ada)).status).toBe(204);
    expectProblem(await call(server.url, 'DELETE', path, ada), 404, 'market/unknown-harvest-route');
  });

  it('are listed newest first, page by page', async () => {
    const ada = { token: (await newPerson(server.url)).accessToken };
    const ids: string[] = [];
    for (let at = 0; at < 5; at += 1) ids.unshift(bodyOf(await post(server.url, ROUTES, route, ada)).id);
    const first = bodyOf(await get(server.url, `${ROUTES}?limit=3`, ada));
    const second = bodyOf(await get(server.url, `${ROUTES}?limit=3&cursor=${first.nextCursor}`, ada));
    expect([...first.items, ...second.items].map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(second.nextCursor).toBeNull();
  });

  it.each<[string, object]>([
    ['no name', { ...route, name: '' }],
    ['steps that are no objects', { ...route, steps: ['north'] }],
    ['ids that are none', { ...route, jobIds: [-1] }],
    ['a step with NUL', { ...route, steps: [{ note: 'a\0' }] }],
    ['an owner', { ...route, userId: 'somebody' }],
  ])('are refused with %s', async (_what, body) => {
    const answer = await post(server.url, ROUTES, body);
    expectProblem(answer, 400);
  });

  it('are kept once, however often they are sent with the same key', async () => {
    const token = (await newPerson(server.url)).accessToken;
    const headers = { 'idempotency-key': 'round-1' };
    const send = (body: object): Promise<Answer> => post(server.url, ROUTES, body, { token, headers });
    const [first, second] = [await send(route), await send(route)];
    expect([first.status, second.status, second.headers.get('idempotency-replayed')]).toEqual([
      201,
      201,
      'true',
    ]);
    expect(bodyOf(second)).toEqual(bodyOf(first));
    expect(bodyOf(await get(server.url, ROUTES, { token })).items).toEqual([bodyOf(first)]);
    expectProblem(await send({ ...route, name: 'Other' }), 422, 'http/idempotency-key-reused');
  });

  it.each<[string, object, string]>([
    ['a blank name', { name: ' \n' }, '/name'],
    ['half a character in the name', { name: 'a\ud800' }, '/name'],
    ['NUL in the name', { name: 'a\0' }, '/name'],
    ['half a character in the description', { description: '\udc00' }, '/description'],
    ['NUL in the description', { description: 'a\0b' }, '/description'],
    ['NUL deep in a step', { steps: [{ a: 1 }, { at: [{ note: 'a\0' }] }] }, '/steps'],
    ['half a character in a key of a step', { steps: [{ at: { 'a\ud800': 1 } }] }, '/steps'],
    ['a step of many levels', { steps: [JSON.parse('{"a":'.repeat(40) + '1' + '}'.repeat(40))] }, '/steps'],
  ])('with %s are refused, and told which field it is', async (_what, fault, pointer) => {
    const { id } = bodyOf(await post(server.url, ROUTES, route));
    for (const answer of [
      await post(server.url, ROUTES, { ...route, ...fault }),
      await call(server.url, 'PATCH', `${ROUTES}/${id}`, { body: fault }),
    ]) {
      expectProblem(answer, 400, 'http/malformed');
      expect(bodyOf(answer).errors).toEqual(
        expect.arrayContaining([expect.objectContaining({ pointer: expect.stringContaining(pointer) })]),
      );
    }
  });

  it('keep their name when it is changed to nothing', async () => {
    const { id } = bodyOf(await post(server.url, ROUTES, route));
    for (const body of [{ name: null }, { steps: null }, { isPublic: 'yes' }])
      expectProblem(await call(server.url, 'PATCH', `${ROUTES}/${id}`, { body }), 400);
  });
});
