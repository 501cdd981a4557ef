import { execFile, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  INGEST_TOKEN,
  READ_TOKEN,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.js';
import { type Answer, call, getData, INGEST, minutesAgo, type Point, point, upload } from './compat-calls.js';

// What the packet reader relies on when it uploads: statuses, ids, and that nothing it was told is stored is lost.

let database: TestDatabase;
let server: ServerProcess;
let sql: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
});

afterAll(async () => {
  await sql.end();
  await server.stop();
  await database.drop();
});

async function rows<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
  return (await sql.query(text, values)).rows as Row[];
}

async function countOf(text: string, values: unknown[] = []): Promise<number> {
  const [row] = await rows<{ count: string }>(`SELECT count(*) FROM ${text}`, values);
  return Number(row?.count);
}

/** Name, price and server of raw rows, in the order of `ids`. */
function stored(ids: readonly number[]): Promise<{ label: string; price: number; server: string }[]> {
  return rows(
    `SELECT i.label, o.price, s.name AS server FROM unnest($1::bigint[]) WITH ORDINALITY AS t(id, ord)
     JOIN market.observation o ON o.id = t.id JOIN market.item i ON i.id = o.item_id
     JOIN market.server s ON s.id = o.server_id ORDER BY t.ord`,
    [ids],
  );
}

function errorOf({ status, body }: Answer): [number, string] {
  return [status, body.error];
}

describe('POST ingest', () => {
  it('stores one object', async () => {
    const answer = await upload(
      server,
      point({ item_name: 'Blé', ankama_id: 289, server: 'Draconiros', price_unit_avg: 12.5 }),
    );
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      status: 'ok',
      inserted: 1,
      ids: [expect.any(Number)],
      missing_images: [289],
    });
    expect(await stored(answer.body.ids)).toEqual([{ label: 'Blé', price: 12.5, server: 'Draconiros' }]);
  });

  it('stores a batch of several servers, adds the unseen ones, and gives ids in the order sent', async () => {
    const places = ['Neu One', 'Draconiros', 'Neu Zwei', 'Neu One', 'Draconiros'];
    const batch = places.map((place, n) =>
      point({ item_name: `order ${n}`, server: place, price_unit_avg: n }),
    );
    const { status, body } = await upload(server, batch);
    expect([status, body.inserted, body.missing_images]).toEqual([201, 5, []]);
    expect(await stored(body.ids)).toEqual(
      places.map((place, n) => ({ label: `order ${n}`, price: n, server: place })),
    );
    expect((await getData(server, 'resource=items&mode=servers')).body).toEqual([
      'Draconiros',
      'Neu One',
      'Neu Zwei',
    ]);
  });

  it('takes any spelling of a server for the one that it is, and shows its first name', async () => {
    const places = ['hell mina', 'Hell Mina', 'Alpha Prime', 'HELL-MINA', 'alpha-prime'];
    const { status, body } = await upload(
      server,
      places.map((place, n) => point({ item_name: `alike ${n}`, server: place, price_unit_avg: n + 1 })),
    );
    expect([status, body.inserted]).toEqual([201, 5]);
    expect(await stored(body.ids)).toEqual(
      ['Hell Mina', 'Hell Mina', 'Alpha Prime', 'Hell Mina', 'Alpha Prime'].map((name, n) => ({
        label: `alike ${n}`,
        price: n + 1,
        server: name,
      })),
    );
    for (const query of ['resource=items', 'resource=items&mode=market']) {
      const answer = await getData(server, `${query}&server=alpha+PRIME`);
      const found = (answer.body.items ?? answer.body) as { item_name: string; server: string }[];
      expect(found.map((row) => [row.item_name, row.server])).toEqual([
        ['alike 2', 'Alpha Prime'],
        ['alike 4', 'Alpha Prime'],
      ]);
    }
  });

  it('keeps microseconds and takes null as no category', async () => {
    const at = minutesAgo(30);
    await upload(
      server,
      point({ item_name: 'micro', server: 'Draconiros', captured_at: at, category: null }),
    );
    const [row] = (await getData(server, 'resource=items&search=micro')).body;
    expect(row).toMatchObject({ last_observation_at: at.replace('Z', '+00:00'), category: null });
  });

  it('leaves repeated prices out of ids and stores late ones without touching the newest', async () => {
    const here = { item_name: 'twice', ankama_id: 910_001, server: 'Draconiros' };
    const batch = [
      point({ ...here, price_unit_avg: 50, captured_at: minutesAgo(60) }),
      point({ ...here, price_unit_avg: 50, captured_at: minutesAgo(50) }),
      point({ ...here, price_unit_avg: 51, captured_at: minutesAgo(49) }),
      point({ ...here, server: 'Orukam', price_unit_avg: 50, captured_at: minutesAgo(50) }),
      point({ ...here, price_unit_avg: 51, captured_at: minutesAgo(30) }),
    ];
    const first = await upload(server, batch);
    expect(first.body).toMatchObject({ inserted: 4, missing_images: [910_001] });
    expect((await stored(first.body.ids)).map((row) => row.price)).toEqual([50, 51, 50, 51]);

    const again = await upload(server, point({ ...here, price_unit_avg: 51, captured_at: minutesAgo(20) }));
    expect(again).toMatchObject({ status: 201, body: { inserted: 0, ids: [], missing_images: [910_001] } });

    const late = await upload(
      server,
      point({ ...here, price_unit_avg: 9, captured_at: minutesAgo(60 * 24) }),
    );
    expect(late.body.inserted).toBe(1);
    const { body } = await getData(server, 'resource=items&search=twice&server=Draconiros');
    expect(body).toMatchObject([{ last_price: 51 }]);
  });

  it('lists each id without an icon once, in the order sent, and none that has one', async () => {
    await upload(
      server,
      [31, 32, 33].map((n) => point({ item_name: `icon ${n}`, ankama_id: 920_000 + n, server: 'Orukam' })),
    );
    await rows('UPDATE market.item SET icon_id = gen_random_uuid() WHERE external_id = 920032');
    const ids = [920_033, 920_032, 920_031, 920_033];
    const { body } = await upload(
      server,
      ids.map((id) => point({ item_name: 'icon', ankama_id: id, server: 'Rafal' })),
    );
    expect(body.missing_images).toEqual([920_033, 920_031]);
  });

  it('labels items that share a name, and adopts one seen by name only when its id comes', async () => {
    let price = 0;
    const send = async (item_name: string, ankama_id?: number): Promise<string | undefined> => {
      const given = { item_name, server: 'Brial', price_unit_avg: (price += 1) };
      const { body } = await upload(server, point(ankama_id === undefined ? given : { ...given, ankama_id }));
      return (await stored(body.ids))[0]?.label;
    };
    expect(await send('Jumeau', 930_001)).toBe('Jumeau');
    expect(await send('Jumeau', 930_002)).toBe('Jumeau (930002)');
    expect(await send('Jumeau')).toBe('Jumeau');
    expect(await send('Jumeau', 930_002)).toBe('Jumeau (930002)');

    expect(await send('Solitaire')).toBe('Solitaire');
    expect(await send('Solitaire', 930_003)).toBe('Solitaire');
    expect(await send('Solitaire')).toBe('Solitaire');
    expect(await rows("SELECT external_id FROM market.item WHERE name = 'Solitaire'")).toEqual([
      { external_id: 930_003 },
    ]);
  });

  it('answers a repetition under the same Idempotency-Key with the first answer', async () => {
    const headers = { 'Idempotency-Key': randomUUID() };
    const batch = [point({ item_name: 'once', server: 'Draconiros' })];
    const first = await upload(server, batch, headers);
    const second = await upload(server, batch, headers);
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    const stranger = { server: 'Not To Be', captured_at: '2015-07-01T00:00:00Z', source_client: 'not to be' };
    const other = await upload(server, [point({ item_name: 'twice', ...stranger })], headers);
    expect(other.status).toBe(422);
    expect(await countOf("market.server WHERE name = 'Not To Be'")).toBe(0);
    expect(await countOf("market.source WHERE name = 'not to be'")).toBe(0);
    expect(await countOf("pg_class WHERE relname = 'observation_2015_07'")).toBe(0);
  });
});

describe('POST ingest refuses', () => {
  const GOOD = point({ item_name: 'good', server: 'Never Seen' });

  it.each<[string, Partial<Point>, string]>([
    ['a missing name', { item_name: '' }, 'item_name'],
    ['an offset instead of Z', { captured_at: '2024-01-01T00:00:00+00:00' }, 'captured_at'],
    ['the future', { captured_at: minutesAgo(-60) }, 'captured_at'],
    ['year 1', { captured_at: '0001-01-01T00:00:00Z' }, 'captured_at'],
    ['NUL', { item_name: 'a\0b' }, 'item_name'],
    ['half a surrogate pair', { server: 'a\ud800' }, 'server'],
    ['an absurd price', { price_unit_avg: 1e13 }, 'price_unit_avg'],
    ['a negative price', { price_unit_avg: -1 }, 'price_unit_avg'],
    ['no lots', { nb_lots: 0 }, 'nb_lots'],
    ['a text as id', { ankama_id: '12' as never }, 'ankama_id'],
    ['a server without letters', { server: '!!' }, 'server'],
  ])('the whole batch for %s', async (_, change, field) => {
    const { status, body } = await upload(server, [GOOD, { ...GOOD, ...change }]);
    expect(status).toBe(400);
    expect(body).toEqual({
      error: 'validation_error',
      message: expect.any(String),
      details: {
        formErrors: [],
        fieldErrors: { 1: expect.arrayContaining([expect.stringContaining(field)]) },
      },
    });
    const single = await upload(server, { ...GOOD, ...change });
    expect(Object.keys(single.body.details.fieldErrors)).toEqual([field]);
    expect(await countOf("market.server WHERE name = 'Never Seen'")).toBe(0);
    expect(await countOf("market.item WHERE label = 'good'")).toBe(0);
  });

  it('an empty batch and what is no batch', async () => {
    for (const body of [[], '', '{}', '[[]]', '[null]', 'null', '"text"', '5'])
      expect(errorOf(await upload(server, body))).toEqual([400, 'validation_error']);
  });

  it.each(['{', '[{]', 'nonsense', '[{"price_unit_avg":NaN}]', '"text', '5,'])(
    '%s as invalid JSON',
    async (body) => {
      const answer = await upload(server, body);
      expect([errorOf(answer), typeof answer.body.message]).toEqual([[400, 'invalid_json'], 'string']);
    },
  );

  it('batches and bodies that are too large', async () => {
    const small = {
      item_name: 'a',
      server: 'b',
      captured_at: minutesAgo(9),
      price_unit_avg: 1,
      nb_lots: 1,
      source_client: 'c',
    };
    const tooMany = await upload(
      server,
      Array.from({ length: 5_001 }, () => small),
    );
    expect(errorOf(tooMany)).toEqual([413, 'payload_too_large']);
    const bomb = gzipSync(Buffer.alloc(64 * 1_048_576, ' '));
    const answer = await call(server, INGEST, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'Content-Encoding': 'gzip',
        Authorization: `Bearer ${INGEST_TOKEN}`,
      },
      body: bomb,
    });
    expect(errorOf(answer)).toEqual([413, 'payload_too_large']);
  });

  it('callers without the right token, also where the mount is open', async () => {
    for (const authorization of ['', 'Basic abc', 'Bearer', INGEST_TOKEN]) {
      const answer = await upload(server, [GOOD], { Authorization: authorization });
      expect([errorOf(answer), typeof answer.body.message]).toEqual([[401, 'unauthorized'], 'string']);
    }
    for (const authorization of ['Bearer wrong', `Bearer ${READ_TOKEN}`]) {
      const answer = await upload(server, [GOOD], { Authorization: authorization });
      expect([errorOf(answer), typeof answer.body.message]).toEqual([[403, 'forbidden'], 'string']);
    }
  });

  it.each(['GET', 'PUT', 'PATCH', 'DELETE'])('%s', async (method) => {
    const answer = await call(server, INGEST, { method });
    expect(errorOf(answer)).toEqual([405, 'method_not_allowed']);
    expect([answer.headers.get('allow'), typeof answer.body.message]).toEqual(['POST', 'string']);
  });
});

const hasPython = spawnSync('python3', ['--version']).status === 0;

(hasPython ? describe : describe.skip)('a client in Python (needs python3)', () => {
  it('posts 1,000 observations and reads them back', async () => {
    const script = join(__dirname, 'client.py');
    const { stdout } = await promisify(execFile)('python3', [script, server.url, INGEST_TOKEN]);
    expect(JSON.parse(stdout)).toEqual({ sent: 1_000, inserted: 1_000, read: 1_000, different: 0 });
  });
});

describe('many uploads at once', () => {
  it('create each unseen item once and lose no point', async () => {
    const places = ['Draconiros', 'Orukam', 'Fresh Server'];
    const batch = (client: number): Point[] =>
      Array.from({ length: 200 }, (_, n) =>
        point({
          item_name: `race ${n}`,
          // By id, by name only, and by a name that two ids share.
          ...(n % 3 === 0 ? {} : { ankama_id: 940_000 + n }),
          ...(n % 3 === 2 ? { item_name: `race pair ${Math.trunc(n / 6)}` } : {}),
          category: `race category ${n % 7}`,
          server: places[(n + client) % places.length]!,
          price_unit_avg: 1_000 * client + n,
        }),
      );
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, client) => upload(server, batch(client + 1))),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(8).fill(201));
    const ids = answers.flatMap(({ body }) => body.ids as number[]);
    expect(answers.map(({ body }) => body.inserted)).toEqual(Array<number>(8).fill(200));
    expect(new Set(ids).size).toBe(1_600);
    expect(await countOf('market.observation WHERE id = ANY ($1)', [ids])).toBe(1_600);
    expect(await countOf("market.item WHERE name LIKE 'race %'")).toBe(200);
    expect(await countOf("market.category WHERE name LIKE 'race category %'")).toBe(7);
    expect(await countOf("market.server WHERE name = 'Fresh Server'")).toBe(1);
    const [worst] = await rows<{ points: string }>(
      `SELECT count(o.id) AS points FROM market.item i JOIN market.observation o ON o.item_id = i.id
       WHERE i.name LIKE 'race %' GROUP BY i.id ORDER BY 1 LIMIT 1`,
    );
    expect(worst).toEqual({ points: '8' });
  });

  it('cannot fill the table of servers', async () => {
    const before = await countOf('market.server');
    const names = Array.from({ length: 1_001 - before }, (_, n) => `Crowd ${n}`);
    const crowd = (some: string[]): Point[] =>
      some.map((place) => point({ item_name: 'crowd', server: place }));
    const refused = await upload(server, crowd(names));
    expect([errorOf(refused), await countOf('market.server')]).toEqual([[400, 'validation_error'], before]);
    expect((await upload(server, crowd(names.slice(1)))).body.inserted).toBe(names.length - 1);
    expect(errorOf(await upload(server, crowd(['One More'])))).toEqual([400, 'validation_error']);
    expect((await upload(server, crowd(['Crowd 1']))).status).toBe(201);
  });
});
