import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { INGEST_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { waitUntil } from '../support/wait-until.js';
import { misreadings, type Reading } from './client-reads.js';
import { type Answer, call, DATA, MARKET, minutesAgo, point, upload } from './compat-calls.js';

// The original's clients as they are: the web page in a browser of another origin, page by page with its preflights, and the
// packet reader in Python. Each reads what its code reads, so a number that came as text would show here.

const ORIGIN = 'https://tracker.example';
const SERVER = 'Hell Mina';
const dayAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

let database: TestDatabase;
let server: ServerProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({
    DATABASE_URL: database.url,
    COMPAT_DOFUS_CORS_ORIGINS: ORIGIN,
  });
  const history = ['Blé', 'zz Épée, à deux mains', 'zz 100% laine + lin'].flatMap((item_name, number) =>
    [20, 13, 5, 2, 0].map((days) =>
      point({
        item_name,
        ...(number === 0 ? { ankama_id: 289 } : { ankama_id: 970_000 + number, category: 'zz Divers' }),
        server: SERVER,
        price_unit_avg: 100 * (number + 1) + days / 4,
        captured_at: minutesAgo(days * 1_440 + 30),
      }),
    ),
  );
  expect((await upload(server, history)).status).toBe(201);
  expect(
    (await upload(server, [point({ item_name: 'Blé', ankama_id: 289, server: 'Draconiros' })])).status,
  ).toBe(201);
  await waitUntil('the figures are there', 15_000, async () => {
    const query = `resource=market&type=index&server=${encodeURIComponent(SERVER)}&from=${dayAgo(30)}&to=${dayAgo(0)}`;
    return (await call(server, `${MARKET}?${query}`, {})).body?.total_items === 3;
  });
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

/** The web page's way to the server: a query by URLSearchParams, its token on every call, and what a browser adds. */
class Browser {
  constructor(private readonly token: string | undefined) {}

  get(address: string, params: Record<string, string>): Promise<Answer> {
    const query = new URLSearchParams(params).toString();
    return this.ask('GET', `${address}?${query}`);
  }

  write(method: string, address: string, params: Record<string, string>, body?: unknown): Promise<Answer> {
    return this.ask(method, `${address}?${new URLSearchParams(params).toString()}`, body);
  }

  /** As useToolbox.ts calls: without a header, the server's name as it is. */
  bare(path: string): Promise<Answer> {
    return this.allowed(call(server, encodeURI(path), { headers: { Origin: ORIGIN } }));
  }

  private async ask(method: string, path: string, body?: unknown): Promise<Answer> {
    const asked = this.token === undefined ? 'content-type' : 'authorization,content-type';
    const preflight = await call(server, path, {
      method: 'OPTIONS',
      headers: {
        Origin: ORIGIN,
        'Access-Control-Request-Method': method,
        'Access-Control-Request-Headers': asked,
      },
    });
    expect(Math.trunc(preflight.status / 100)).toBe(2);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(preflight.headers.get('access-control-allow-methods')?.split(',')).toContain(method);
    const allowed = preflight.headers.get('access-control-allow-headers')?.toLowerCase() ?? '';
    for (const header of asked.split(',')) expect(allowed).toContain(header);
    return this.allowed(
      call(server, path, {
        method,
        headers: {
          Accept: 'application/json',
          'Content-Type': 'application/json',
          Origin: ORIGIN,
          ...(this.token === undefined ? {} : { Authorization: `Bearer ${this.token}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
  }

  /** A browser shows an answer to the page only if it names the page's origin. */
  private async allowed(asked: Promise<Answer>): Promise<Answer> {
    const answer = await asked;
    expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    return answer;
  }
}

const ITEM: Reading = {
  id: 'number',
  item_name: 'string',
  ankama_id: 'number?',
  server: 'string',
  last_observation_at: 'instant',
  last_price: 'number',
  category: 'string?',
  average_price: 'number?',
  icon_url: 'string?',
  is_craftable: 'boolean?',
  usage_count: 'number',
};

function expectRead(answer: Answer, reading: Reading): Answer {
  expect({ status: answer.status, misread: misreadings(answer.body, reading) }).toEqual({
    status: 200,
    misread: [],
  });
  return answer;
}

describe.each([
  ['with its token', INGEST_TOKEN],
  ['without one, where the mount is open', undefined],
])('the web page %s', (_how, token) => {
  const page = new Browser(token);
  const span = { from: dayAgo(30), to: dayAgo(0) };

  it('starts: items without a parameter, of which it makes its list of servers, and categories', async () => {
    const { body } = expectRead(await page.get(DATA, { resource: 'items' }), [ITEM]);
    const servers = new Set((body as { server: string }[]).slice(0, 200).map((row) => row.server));
    expect(servers).toEqual(new Set([SERVER, 'Draconiros']));
    const categories = expectRead(await page.get(DATA, { resource: 'categories' }), [
      { id: 'number', name: 'string' },
    ]);
    expect(categories.body.length).toBeGreaterThan(5);
  });

  it('searches in its header and in its forms', async () => {
    const found = await page.get(DATA, { resource: 'items', search: 'épée, à', server: SERVER });
    expect(expectRead(found, [ITEM]).body).toHaveLength(1);
    const matches = await page.get(DATA, {
      resource: 'items',
      mode: 'search',
      search: '100% laine +',
      limit: '10',
    });
    const match: Reading = {
      id: 'number',
      item_name: 'string',
      ankama_id: 'number?',
      icon_url: 'string?',
      is_craftable: 'boolean?',
    };
    expect(expectRead(matches, [match]).body[0].item_name).toBe('zz 100% laine + lin');
  });

  it('shows the dashboard', async () => {
    const market = { resource: 'market', server: SERVER, ...span };
    const index: Reading = { server: 'string', index_change: 'number', total_items: 'number' };
    expectRead(await page.get(MARKET, { ...market, type: 'index' }), index);
    const mover: Reading = {
      item_name: 'string',
      server: 'string',
      last_price: 'number',
      pct_change: 'number',
      icon_url: 'string?',
    };
    const movers = { ...market, type: 'movers', limit: '10' };
    for (const order of ['asc', 'desc', 'abs']) {
      const filtered = { min_price: '50', max_price: '5000', filterItems: 'Blé,zz 100% laine + lin' };
      expect(
        expectRead(await page.get(MARKET, { ...movers, order, ...filtered }), [mover]).body,
      ).toHaveLength(2);
    }
  });

  it('shows the market', async () => {
    const query = {
      resource: 'items',
      mode: 'market',
      server: SERVER,
      page: '1',
      pageSize: '50',
      sortBy: 'price',
      sortOrder: 'desc',
      category: 'zz Divers',
      minPrice: '10',
      maxPrice: '100000',
    };
    const { body } = expectRead(await page.get(DATA, query), {
      items: [ITEM],
      totalCount: 'number',
      page: 'number',
      pageSize: 'number',
      totalPages: 'number',
    });
    expect([body.items.length, body.totalCount, body.totalPages]).toEqual([2, 2, 1]);
  });

  it('shows an item: details, chart and figures, for names that have to be escaped', async () => {
    for (const name of ['Blé', 'zz Épée, à deux mains', 'zz 100% laine + lin']) {
      const details = { resource: 'items', mode: 'details', item_name: name, server: SERVER };
      const item = expectRead(await page.get(DATA, details), {
        id: 'number',
        name: 'string',
        level: 'number?',
        icon_url: 'string?',
        ankama_id: 'number?',
        category_id: 'number?',
        effects: [
          {
            id: 'number',
            item_id: 'number',
            effect_id: 'number',
            min_value: 'number',
            max_value: 'number?',
            formatted_description: 'string?',
            order_index: 'number',
            created_at: 'instant',
            icon_url: 'string?',
          },
        ],
      });
      expect(item.body.name).toBe(name);
      const series = await page.get(MARKET, { resource: 'timeseries', item: name, server: SERVER, ...span });
      const points = expectRead(series, [{ id: 'number', date: 'instant', avg_price: 'number' }]).body;
      expect(points.length).toBeGreaterThanOrEqual(5);
      const figures = { resource: 'market', type: 'stats', item: name, server: SERVER, ...span };
      expectRead(await page.get(MARKET, figures), {
        item_name: 'string',
        server: 'string',
        volatility: 'number',
        median_price: 'number',
        signal: 'string',
        ma7: 'number',
        current_price: 'number',
        category: 'string?',
        icon_url: 'string?',
      });
      const usage = { resource: 'items', mode: 'usage_stats', id: String(item.body.id) };
      expectRead(await page.get(DATA, usage), {
        recipes_created: 'number',
        recipes_used_in: 'number',
        lists: 'number',
        favorites: 'number',
        observations: 'number',
      });
    }
  });

  it('shows consumables, whose call has no header at all and the name of the server as it is', async () => {
    const { body } = await page.bare(`${DATA}?resource=toolbox&mode=consumables&server=${SERVER}`);
    expect(
      misreadings(body, {
        items: [
          {
            id: 'number',
            name: 'string',
            img: 'string?',
            level: 'number',
            stats: { life: 'number', energy: 'number' },
            price: 'number',
            captured_at: 'instant?',
          },
        ],
        oldestObservation: 'instant?',
      }),
    ).toEqual([]);
  });
});

describe('the web page of a curator', () => {
  const page = new Browser(INGEST_TOKEN);

  it('edits an item: adds, corrects and takes away a point, renames it, and deletes it in the end', async () => {
    await upload(server, [point({ item_name: 'zz to edit', ankama_id: 970_050, server: SERVER })]);
    const observations = { resource: 'observations' };
    const added = await page.write('POST', MARKET, observations, {
      item_name: 'zz to edit',
      server: SERVER,
      price_unit_avg: 333,
      captured_at: new Date(Date.now() - 5_000).toISOString(),
    });
    expectRead(added, {
      status: 'string',
      data: { id: 'number', captured_at: 'instant', price_unit_avg: 'number' },
    });
    const { id } = added.body.data as { id: number };
    const changed = await page.write('PUT', MARKET, observations, { id, price_unit_avg: 444.5 });
    expectRead(changed, { status: 'string', updated_id: 'number' });
    const removed = await page.write('DELETE', MARKET, observations, { id });
    expectRead(removed, { status: 'string', deleted_id: 'number' });
    const renamed = await page.write(
      'PUT',
      DATA,
      { resource: 'items' },
      {
        old_item_name: 'zz to edit',
        new_item_name: 'zz edited',
        server: SERVER,
        category: 'zz Divers',
      },
    );
    expectRead(renamed, { status: 'string' });
    const details = { resource: 'items', mode: 'details', item_name: 'zz edited', server: SERVER };
    const item = await page.get(DATA, details);
    const deleted = await page.write('DELETE', DATA, { resource: 'items', id: String(item.body.id) });
    expectRead(deleted, { success: 'boolean' });
    const gone = await page.get(DATA, details);
    expect([gone.status, gone.body]).toEqual([404, { error: 'Item not found' }]);
  });

  it('is told when its token is wrong, in a way that its code can read', async () => {
    const refused = await new Browser('wrong').get(DATA, { resource: 'items' });
    expect([refused.status, refused.body.error]).toEqual([403, 'forbidden']);
  });
});

const hasPython = spawnSync('python3', ['--version']).status === 0;

(hasPython ? describe : describe.skip)('the packet reader in Python (needs python3)', () => {
  it('uploads, sends the pictures asked for, names items, reads profiles and empties its bank into ours', async () => {
    const script = join(__dirname, 'packet_reader.py');
    const { stdout } = await promisify(execFile)('python3', [
      script,
      `${server.url}/compat/dofus/api/ingest`,
      INGEST_TOKEN,
    ]);
    expect(JSON.parse(stdout)).toEqual({
      uploaded: 6,
      pictures: 3,
      missing_images_after: 0,
      known: 'ok',
      profiles: 'ok',
      bank: 'ok',
    });
  });
});
