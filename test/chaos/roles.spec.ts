import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, call, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { expectCompatError, expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { readOpenApi, samplePath } from '../support/open-api.js';
import { ADMIN_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows, TableCounter } from '../support/table-counts.js';
import { listRoutes } from '../security/route-table.js';

const servers: ServerProcess[] = [];
const start = async (env: Record<string, string>): Promise<ServerProcess> => {
  const server = await startServerProcess(env);
  servers.push(server);
  return server;
};

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

describe('two starts on one empty database', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase(null);
  });

  afterAll(async () => {
    await database.drop();
  });

  it('migrate and seed it once, and both serve', async () => {
    const both = await Promise.all([
      start({ DATABASE_URL: database.url }),
      start({ DATABASE_URL: database.url }),
    ]);
    const migrated = await createTestDatabase();
    const [counter, reference] = await Promise.all([
      TableCounter.open(database.url),
      TableCounter.open(migrated.url),
    ]);
    expect(await counter.count()).toEqual(await reference.count());
    await Promise.all([counter.close(), reference.close()]);
    await migrated.drop();

    const element = (unitPrice: number) => ({
      name: 'Objet partagé',
      unitPrice,
      capturedAt: new Date().toISOString(),
    });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        post(both[index % 2]!.url, OBSERVATIONS_PATH, [element(index + 1)]),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(201));
    const items = await queryRows(database.url, "SELECT FROM market.item WHERE label LIKE 'Objet partagé%'");
    expect(items).toHaveLength(1);
    for (const server of both) expect(server.output()).not.toContain('"level":50');
  }, 60_000);

  it('show one and the same price through either, whoever stored it', async () => {
    const both = await Promise.all([
      start({ DATABASE_URL: database.url }),
      start({ DATABASE_URL: database.url }),
    ]);
    const prices = '/api/v1/market/games/dofus/servers/brial/prices?externalIds=44';
    for (let turn = 0; turn < 6; turn += 1) {
      const [writer, reader] = turn % 2 === 0 ? both : [both[1], both[0]];
      const body = [{ externalId: 44, unitPrice: turn + 1, capturedAt: new Date().toISOString() }];
      expect((await post(writer.url, OBSERVATIONS_PATH.replace('draconiros', 'brial'), body)).status).toBe(
        201,
      );
      const [here, there] = await Promise.all([get(writer.url, prices), get(reader.url, prices)]);
      expect(there.json.items[0].unitPrice).toBe(turn + 1);
      expect(there.text).toBe(here.text);
      expect(there.headers.get('etag')).toBe(here.headers.get('etag'));
    }
  });
});

describe('a role', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });

  afterAll(async () => {
    await database.drop();
  });

  it('worker serves its health and its figures, and nothing else', async () => {
    const [api, worker] = await Promise.all([
      start({ DATABASE_URL: database.url, GUILDHALL_ROLE: 'api' }),
      start({ DATABASE_URL: database.url, GUILDHALL_ROLE: 'worker' }),
    ]);
    expect(worker.output()).toContain('role worker');
    expect(worker.output()).not.toContain('Swagger');
    for (const page of ['', '/live', '/ready', '/db'])
      expect((await get(worker.url, `/health${page}`, { token: null })).status).toBe(200);
    const { operations } = await readOpenApi(api.url);
    expect((await get(worker.url, '/metrics', { token: ADMIN_TOKEN })).text).toContain('process_cpu');
    const others = operations.filter(({ path }) => !path.startsWith('/health') && path !== '/metrics');
    expect(others.length).toBeGreaterThan(8);
    for (const operation of others) {
      const answer = await call(worker.url, operation.method, samplePath(operation), {
        ...(operation.bodySchema ? { body: [] } : {}),
      });
      if (operation.path.startsWith('/compat/')) expectCompatError(answer, 404, operation.path);
      else expectProblem(answer, 404, 'http/not-found');
    }
    for (const page of ['/docs', '/openapi.json', '/docs/swagger-ui-init.js'])
      expectProblem(await get(worker.url, page), 404, 'http/not-found');
  });

  it('api serves everything, and all is what runs without saying', async () => {
    const [api, all] = await Promise.all([
      start({ DATABASE_URL: database.url, GUILDHALL_ROLE: 'api' }),
      start({ DATABASE_URL: database.url }),
    ]);
    expect(api.output()).toContain('role api');
    expect(all.output()).toContain('role all');
    const [ofApi, ofAll] = await Promise.all([readOpenApi(api.url), readOpenApi(all.url)]);
    expect(ofApi).toEqual(ofAll);
    const answers: Answer[] = await Promise.all(
      [api, all].map(({ url }) => get(url, '/api/v1/market/games/dofus/items/1')),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers[0]!.text).toBe(answers[1]!.text);
  });

  it('without a domain has none of its routes', async () => {
    const whole = await listRoutes(database.url, ['market']);
    const without = await listRoutes(database.url, []);
    expect(
      whole.running.filter((id) => id.includes('/market/') || id.includes('/compat/')).length,
    ).toBeGreaterThan(8);
    const ofMarket = /\/(market|compat)\//;
    expect(without.running.filter((id) => ofMarket.test(id))).toEqual([]);
    expect(Object.keys(without.permissions).sort()).toEqual(
      Object.keys(whole.permissions)
        .filter((id) => !ofMarket.test(id))
        .sort(),
    );
  });
});
