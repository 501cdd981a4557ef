import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { rebuildRollups, runnerOf } from '../factories/rollups.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  INGEST_TOKEN,
  READ_TOKEN,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.js';
import { type Answer, call, DATA, getData, INGEST, minutesAgo, point, upload } from './compat-calls.js';

// The rows of the original's /api/data that exist now, with the query strings of its web page, field by field. Names begin
// with "zz" where the shipped catalogue must not mix in.

let database: TestDatabase;
let server: ServerProcess;

const ROW = {
  id: expect.any(Number),
  item_name: expect.any(String),
  ankama_id: expect.any(Number),
  server: expect.any(String),
  last_observation_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(\d{3})?\+00:00$/),
  last_price: expect.any(Number),
  category: null,
  average_price: expect.any(Number),
  icon_url: null,
  is_craftable: expect.any(Boolean),
  usage_count: expect.any(Number),
};
const FIELDS = Object.keys(ROW);

const names = ({ body }: Answer): string[] => body.map((row: { item_name: string }) => row.item_name);
const get = (query: string): Promise<Answer> => getData(server, query);

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({
    DATABASE_URL: database.url,
    COMPAT_DOFUS_CORS_ORIGINS: 'https://tracker.example',
  });
  const wheat = { ankama_id: 289, item_name: 'Blé' };
  const { status } = await upload(server, [
    point({ ...wheat, server: 'Hell Mina', price_unit_avg: 10, captured_at: minutesAgo(60 * 24 * 40) }),
    point({ ...wheat, server: 'Hell Mina', price_unit_avg: 20, captured_at: minutesAgo(60 * 24 * 20) }),
    point({ ...wheat, server: 'Hell Mina', price_unit_avg: 31, captured_at: '2024-01-01T00:00:00.000001Z' }),
    point({ ...wheat, server: 'Hell Mina', price_unit_avg: 41, captured_at: minutesAgo(10) }),
    point({ ...wheat, server: 'Draconiros', price_unit_avg: 7.25 }),
    point({
      item_name: 'zz Épée',
      ankama_id: 900_001,
      server: 'Hell Mina',
      price_unit_avg: 500,
      category: 'zz Armes',
    }),
    point({ item_name: 'zz Épée', ankama_id: 900_002, server: 'Hell Mina', price_unit_avg: 600 }),
    point({ item_name: 'zz Épée longue', ankama_id: 900_003, server: 'Hell Mina', price_unit_avg: 0 }),
    point({ item_name: 'Une zz épée', server: 'Hell Mina', price_unit_avg: 700 }),
    point({ item_name: 'zz Œuf 100%_', server: 'Draconiros', captured_at: '2024-02-01T10:00:00Z' }),
  ]);
  expect(status).toBe(201);
  const owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  await rebuildRollups(runnerOf(owner), new Date().toISOString().slice(0, 10));
  await owner.end();
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

describe('resource=items', () => {
  it('lists one row per item and server without any parameter', async () => {
    const answer = await get('resource=items');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.body).toHaveLength(7);
    for (const row of answer.body) {
      expect(Object.keys(row)).toEqual(FIELDS);
      const isNamedOnly = ['Une zz épée', 'zz Œuf 100%_'].includes(row.item_name);
      expect(row).toEqual({
        ...ROW,
        ankama_id: isNamedOnly ? null : expect.any(Number),
        category:
          row.item_name === 'zz Épée' ? 'zz Armes' : row.item_name === 'Blé' ? expect.any(String) : null,
      });
    }
    expect(
      answer.body.map((row: { item_name: string; server: string }) => [row.item_name, row.server]),
    ).toEqual([
      ['Blé', 'Draconiros'],
      ['Blé', 'Hell Mina'],
      ['Une zz épée', 'Hell Mina'],
      ['zz Épée', 'Hell Mina'],
      ['zz Épée (900002)', 'Hell Mina'],
      ['zz Épée longue', 'Hell Mina'],
      ['zz Œuf 100%_', 'Draconiros'],
    ]);
  });

  it('gives the newest price, its time and the mean of 30 days', async () => {
    const { body } = await get('resource=items&search=Bl%C3%A9&server=Hell+Mina');
    expect(body).toHaveLength(1);
    expect(body[0]).toMatchObject({
      item_name: 'Blé',
      ankama_id: 289,
      last_price: 41,
      average_price: 30.5,
      is_craftable: false,
    });
    expect(body[0].usage_count).toBeGreaterThan(0);
    const [egg] = (await get('resource=items&search=zz+oeuf')).body;
    expect(egg).toMatchObject({ last_observation_at: '2024-02-01T10:00:00.000+00:00', average_price: 100 });
  });

  it.each([
    ['search=EPEE', ['zz Épée', 'Une zz épée', 'zz Épée longue', 'zz Épée (900002)']],
    ['search=zz+%C3%A9p%C3%A9e', ['zz Épée', 'zz Épée longue', 'zz Épée (900002)', 'Une zz épée']],
    ['search=zz+epee&limit=1', ['zz Épée']],
    ['search=zz+epee&offset=1&limit=2', ['zz Épée', 'zz Épée (900002)']],
    ['search=100%25_', ['zz Œuf 100%_']],
    ['search=nothing+like+it', []],
  ])('%s finds, accents ignored on both sides and the best first', async (query, expected) => {
    expect(names(await get(`resource=items&${query}`))).toEqual(expected);
  });

  it.each([
    ['server=Draconiros', ['Blé', 'zz Œuf 100%_']],
    ['server=Nowhere', []],
    ['category=zz+Armes', ['zz Épée']],
    ['sortBy=price&sortOrder=desc&limit=2', ['Une zz épée', 'zz Épée (900002)']],
    ['sortBy=price&limit=1', ['zz Épée longue']],
    ['sortOrder=desc&limit=1', ['zz Œuf 100%_']],
    ['limit=2&offset=5', ['zz Épée longue', 'zz Œuf 100%_']],
    [
      'limit=NaN&offset=-3&_=1700000000',
      ['Blé', 'Blé', 'Une zz épée', 'zz Épée', 'zz Épée (900002)', 'zz Épée longue', 'zz Œuf 100%_'],
    ],
  ])('%s selects', async (query, expected) => {
    expect(names(await get(`resource=items&${query}`))).toEqual(expected);
  });
});

describe('resource=items&mode=market', () => {
  it('gives a page of one server as the market page asks for it', async () => {
    const query = 'resource=items&mode=market&server=Hell+Mina&sortBy=name&sortOrder=asc&page=1&pageSize=2';
    const { status, body } = await get(query);
    expect(status).toBe(200);
    expect(body).toEqual({
      items: [
        { ...ROW, item_name: 'Blé', server: 'Hell Mina', category: expect.any(String) },
        { ...ROW, item_name: 'Une zz épée', ankama_id: null },
      ],
      totalCount: 5,
      page: 1,
      pageSize: 2,
      totalPages: 3,
    });
    expect(Object.keys(body.items[0])).toEqual(FIELDS);
  });

  it.each([
    ['', { totalCount: 5, page: 1, pageSize: 50, totalPages: 1 }],
    ['&page=9', { items: [], totalCount: 5, page: 9 }],
    ['&pageSize=500&page=zero', { pageSize: 100, page: 1 }],
    ['&search=%C3%A9p%C3%A9e&minPrice=500&maxPrice=600', { totalCount: 2 }],
    ['&minPrice=none&maxPrice=', { totalCount: 5 }],
    ['&category=zz+Armes', { totalCount: 1 }],
    ['&filterItems=Bl%C3%A9%2C+zz+%C3%89p%C3%A9e+%28900002%29%2CUnknown', { totalCount: 2 }],
    ['&search=nothing', { items: [], totalCount: 0, totalPages: 0, page: 1, pageSize: 50 }],
  ])('filters by %s', async (query, expected) => {
    const { status, body } = await get(`resource=items&mode=market&server=Hell+Mina${query}`);
    expect(status).toBe(200);
    expect(body).toMatchObject(expected);
  });

  it('sorts by price', async () => {
    const { body } = await get(
      'resource=items&mode=market&server=Hell+Mina&sortBy=price&sortOrder=desc&pageSize=3',
    );
    expect(body.items.map((row: { last_price: number }) => row.last_price)).toEqual([700, 600, 500]);
  });

  it('is empty for a server without prices, and wants one', async () => {
    const { body } = await get('resource=items&mode=market&server=Orukam');
    expect(body).toEqual({ items: [], totalCount: 0, page: 1, pageSize: 50, totalPages: 0 });
    const { status, body: fault } = await get('resource=items&mode=market');
    expect([status, fault.error]).toEqual([400, 'missing_server']);
  });
});

describe('the other reads', () => {
  it('mode=search finds items, priced or not', async () => {
    const { status, body } = await get('resource=items&mode=search&search=epee+de+boisaille&limit=3');
    expect(status).toBe(200);
    expect(body).toEqual([
      {
        id: expect.any(Number),
        item_name: 'Épée de Boisaille',
        ankama_id: expect.any(Number),
        icon_url: null,
        is_craftable: true,
      },
    ]);
    expect((await get('resource=items&mode=search&search=')).body).toEqual([]);
    expect((await get('resource=items&mode=search&search=a')).body).toHaveLength(10);
    expect((await get('resource=items&mode=search&search=a&limit=5000')).body).toHaveLength(100);
  });

  it('mode=details gives one item by its exact name', async () => {
    const { status, body } = await get('resource=items&mode=details&item_name=Bl%C3%A9&server=Hell+Mina');
    expect(status).toBe(200);
    expect(body).toEqual({
      id: expect.any(Number),
      name: 'Blé',
      level: expect.any(Number),
      icon_url: null,
      ankama_id: 289,
      category_id: expect.any(Number),
      effects: [],
    });
    const second = await get('resource=items&mode=details&item_name=zz+%C3%89p%C3%A9e+%28900002%29&server=x');
    expect(second.body).toMatchObject({ ankama_id: 900_002, level: null, category_id: null });
    const unknown = await get('resource=items&mode=details&item_name=ble&server=Hell+Mina');
    expect([unknown.status, unknown.body]).toEqual([404, { error: 'Item not found' }]);
    const nameless = await get('resource=items&mode=details');
    expect([nameless.status, nameless.body]).toEqual([400, { error: 'Missing item_name' }]);
  });

  it('mode=servers gives the names of those with prices', async () => {
    expect((await get('resource=items&mode=servers')).body).toEqual(['Draconiros', 'Hell Mina']);
  });

  it('resource=categories lists ids and names by name', async () => {
    const { status, body } = await get('resource=categories');
    expect(status).toBe(200);
    expect(body.length).toBeGreaterThan(3);
    for (const row of body) expect(row).toEqual({ id: expect.any(Number), name: expect.any(String) });
    expect(body.map((row: { name: string }) => row.name)).toContain('zz Armes');
  });

  it.each(['', 'resource=', 'resource=known_item', 'resource=__proto__'])('knows no "%s"', async (query) => {
    const { status, body } = await get(query);
    expect([status, body]).toEqual([400, { error: 'Missing or invalid resource parameter' }]);
  });

  it.each(['usage', 'statistics', 'constructor'])('knows no mode=%s', async (mode) => {
    const { status, body } = await get(`resource=items&mode=${mode}`);
    expect([status, body]).toEqual([400, { error: 'Invalid mode parameter' }]);
  });

  it('refuses a NUL and other methods', async () => {
    expect((await get('resource=items&search=a%00b')).status).toBe(400);
    const refused = await call(server, `${DATA}?resource=items`, { method: 'PATCH' });
    expect([refused.status, refused.body.error]).toEqual([405, 'method_not_allowed']);
    expect(refused.headers.get('allow')).toBe('GET, POST, PUT, DELETE');
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const { status, headers, body } = await call(server, `${DATA}?resource=categories`, { method });
      expect([status, headers.get('allow'), body.error]).toEqual([405, 'GET', 'method_not_allowed']);
    }
    const posted = await call(server, `${DATA}?resource=items`, { method: 'POST' });
    expect([posted.status, posted.body.error]).toEqual([400, 'Missing or invalid resource parameter']);
  });
});

describe('the first 200 rows', () => {
  it('show every server, also one whose only item is the last of the alphabet', async () => {
    const items = Array.from({ length: 300 }, (_, n) => `aa ${String(n).padStart(3, '0')}`);
    await upload(
      server,
      items.map((item_name) => point({ item_name, server: 'Draconiros' })),
    );
    await upload(server, point({ item_name: 'zzz last', server: 'Far Away' }));
    const rows = (await get('resource=items')).body as { item_name: string; server: string }[];
    expect(rows).toHaveLength(200);
    expect(new Set(rows.map((row) => row.server))).toEqual(new Set(['Draconiros', 'Hell Mina', 'Far Away']));
    expect(rows.at(-1)).toMatchObject({ item_name: 'zzz last', server: 'Far Away' });
    expect(rows.slice(0, 198).map((row) => row.item_name)).toEqual(items.slice(0, 198));
    const all = (await get('resource=items&limit=2000')).body as typeof rows;
    const paged = [...rows, ...((await get('resource=items&offset=200')).body as typeof rows)];
    const keys = (some: typeof rows): string[] => some.map((row) => `${row.item_name} ${row.server}`).sort();
    expect(keys(paged)).toEqual(keys(all));
    expect(new Set(keys(all)).size).toBe(all.length);
  });
});

describe('who may call', () => {
  const reads = ['resource=items', 'resource=categories', 'resource=items&mode=market&server=Draconiros'];

  it('reads without a token where the mount is open, and with a right one', async () => {
    for (const token of [undefined, READ_TOKEN, INGEST_TOKEN]) {
      const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
      for (const query of reads) expect((await getData(server, query, headers)).status).toBe(200);
    }
    const wrong = await getData(server, reads[0]!, { Authorization: 'Bearer wrong' });
    expect([wrong.status, wrong.body]).toEqual([403, { error: 'forbidden', message: expect.any(String) }]);
  });

  it('answers the preflight of an allowed origin', async () => {
    for (const path of [DATA, INGEST]) {
      const preflight = (origin: string): Promise<Answer> =>
        call(server, path, {
          method: 'OPTIONS',
          headers: {
            Origin: origin,
            'Access-Control-Request-Method': 'POST',
            'Access-Control-Request-Headers': 'authorization,content-type',
          },
        });
      const { status, headers, body } = await preflight('https://tracker.example');
      expect([Math.trunc(status / 100), body]).toEqual([2, undefined]);
      expect(headers.get('access-control-allow-origin')).toBe('https://tracker.example');
      expect(headers.get('access-control-allow-methods')).toMatch(/GET.*POST/);
      expect(headers.get('access-control-allow-headers')).toMatch(/authorization/i);
      const stranger = await preflight('https://elsewhere.example');
      expect(stranger.headers.get('access-control-allow-origin')).not.toBe('https://elsewhere.example');
    }
    const read = await getData(server, 'resource=categories', { Origin: 'https://tracker.example' });
    expect(read.headers.get('access-control-allow-origin')).toBe('https://tracker.example');
  });

  describe('in production without a token and with the mount closed', () => {
    let closed: ServerProcess;

    beforeAll(async () => {
      closed = await startServerProcess({
        DATABASE_URL: database.url,
        NODE_ENV: 'production',
        TRUST_PROXY: '1',
        INGEST_API_TOKEN: '',
        READ_API_TOKEN: 'read-token-of-production-0123456789',
        COMPAT_DOFUS_CORS_ORIGINS: 'none',
      });
    });

    afterAll(() => closed.stop());

    it('refuses strangers', async () => {
      for (const query of [...reads, 'resource=unknown']) {
        const { status, body } = await getData(closed, query);
        expect([status, body]).toEqual([401, { error: 'unauthorized', message: expect.any(String) }]);
      }
      const known = { Authorization: 'Bearer read-token-of-production-0123456789' };
      expect((await getData(closed, reads[0]!, known)).status).toBe(200);
    });

    it('says that it is not configured to whoever wants to store', async () => {
      for (const authorization of ['', 'Bearer guess', 'Bearer read-token-of-production-0123456789']) {
        const { status, body } = await upload(closed, [], { Authorization: authorization });
        expect([status, body.error]).toEqual([500, 'backend_not_configured']);
      }
    });

    it('answers OPTIONS although CORS is off', async () => {
      for (const path of [DATA, INGEST]) {
        const { status, headers, body } = await call(closed, path, { method: 'OPTIONS' });
        expect([status, body, headers.get('access-control-allow-origin')]).toEqual([200, undefined, null]);
      }
    });
  });
});

describe('the number of items of a server', () => {
  it('is counted anew when prices have come', async () => {
    const counted = async (): Promise<number> =>
      (await get('resource=items&mode=market&server=Rafal')).body.totalCount as number;
    const found = [await counted()];
    for (const ankama_id of [289, 303]) {
      await upload(server, [point({ item_name: `zz ${ankama_id}`, ankama_id, server: 'Rafal' })]);
      found.push(await counted(), await counted());
    }
    expect(found).toEqual([0, 1, 1, 2, 2]);
  });
});
