import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson, type Person } from '../support/people.js';
import {
  INGEST_TOKEN,
  READ_TOKEN,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { type Answer, point, upload } from './compat-calls.js';
import { bearer, newProfile, user } from './user-calls.js';

// The packet reader sends all that lies in a bank, with its token; the web page shows it, with the same token or without. Items
// 303 and 289 are of the shipped catalogue.

const SEEN = '2026-01-05T10:00:00.123456Z';
const TOKEN = bearer(INGEST_TOKEN);

let database: TestDatabase;
let server: ServerProcess;
let person: Person;
let nextServer = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  person = await newPerson(server.url);
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

/** A server whose bank is empty. */
const aServer = (): string => `Coffre ${(nextServer += 1)}`;
const sync = (body: object, headers: object = TOKEN): Promise<Answer> =>
  user(server, 'POST', 'resource=bank', { capturedAt: SEEN, ...body }, headers);
const clear = (body: object, headers: object = TOKEN): Promise<Answer> =>
  user(server, 'DELETE', 'resource=bank', body, headers);
const bank = (name: string, query = '', headers: object = {}): Promise<Answer> =>
  user(server, 'GET', `resource=bank&server=${encodeURIComponent(name)}${query}`, undefined, headers);
const held = async (name: string, query = '', headers: object = {}): Promise<Record<number, number>> =>
  Object.fromEntries(
    (await bank(name, query, headers)).body.items.map((item: { gid: number; quantity: number }) => [
      item.gid,
      item.quantity,
    ]),
  );
const figures = ({ status, body }: Answer): unknown => [
  status,
  body.stats.inserted,
  body.stats.updated,
  body.stats.deleted,
];

describe('a sync', () => {
  it('answers 201 with its figures, and is shown without a token, with prices and sums', async () => {
    const name = aServer();
    const { id: profileId } = await newProfile(server);
    await upload(server, [
      point({ item_name: 'Bois de Frêne', ankama_id: 303, server: name, price_unit_avg: 12.5 }),
    ]);
    const lines = [
      { gid: 303, quantity: 10 },
      { gid: 289, quantity: 3 },
      { gid: 303, quantity: 5 },
      { gid: 999_999_001, quantity: 7 },
    ];
    const answer = await sync({ server: name, profileId, items: lines });
    expect(answer).toMatchObject({ status: 201 });
    expect(answer.body).toEqual({
      success: true,
      message: 'Bank synced: 2 inserted, 0 updated, 0 deleted',
      stats: { inserted: 2, updated: 0, deleted: 0, unknown_gids: [999_999_001] },
      unknown_gids: [999_999_001],
    });
    const shown = await bank(name, `&profileId=${profileId}`);
    expect(shown.status).toBe(200);
    expect(shown.body).toEqual({
      items: [
        expect.objectContaining({ gid: 289, item_name: 'Blé', quantity: 3, last_price: null }),
        {
          id: expect.any(Number),
          server: name,
          profile_id: profileId,
          item_id: expect.any(Number),
          gid: 303,
          quantity: 15,
          captured_at: '2026-01-05T10:00:00.123+00:00',
          item_name: 'Bois de Frêne',
          icon_url: null,
          item_level: expect.any(Number),
          category_id: expect.any(Number),
          last_price: 12.5,
        },
      ],
      stats: { total_items: 18, unique_items: 2, total_value: 187.5 },
    });
    expect(await bank(name)).toMatchObject({ body: shown.body });
    expect(await bank(name, `&profileId=${randomUUID()}`)).toMatchObject({ body: { items: [] } });
  });

  it('says all there is: what is not named is gone, an empty list empties it', async () => {
    const name = aServer();
    const at = (items: object[]): Promise<Answer> => sync({ server: name, profileId: null, items });
    expect(
      figures(
        await at([
          { gid: 303, quantity: 1 },
          { gid: 289, quantity: 1 },
        ]),
      ),
    ).toEqual([201, 2, 0, 0]);
    expect(
      figures(
        await at([
          { gid: 303, quantity: 1 },
          { gid: 289, quantity: 1 },
        ]),
      ),
    ).toEqual([201, 0, 0, 0]);
    expect(figures(await at([{ gid: 303, quantity: 4 }]))).toEqual([201, 0, 1, 1]);
    expect(await held(name)).toEqual({ 303: 4 });
    expect(
      figures(
        await at([
          { gid: 303, quantity: 0 },
          { gid: 289, quantity: 2 },
        ]),
      ),
    ).toEqual([201, 1, 0, 1]);
    expect(figures(await at([]))).toEqual([201, 0, 0, 1]);
    expect((await bank(name)).body).toEqual({
      items: [],
      stats: { total_items: 0, unique_items: 0, total_value: 0 },
    });
  });

  it('keeps what the catalogue does not know, and shows it once it does', async () => {
    const name = aServer();
    const gid = 999_999_002;
    await sync({ server: name, items: [{ gid, quantity: 6 }] });
    expect(await held(name)).toEqual({});
    await upload(server, [
      point({ item_name: 'zz Inconnu', ankama_id: gid, server: name, price_unit_avg: 2 }),
    ]);
    expect((await bank(name)).body).toMatchObject({
      items: [{ gid, item_name: 'zz Inconnu', quantity: 6, last_price: 2 }],
      stats: { total_items: 6, unique_items: 1, total_value: 12 },
    });
  });

  it('of two at once is that of one of them, whole', async () => {
    const name = aServer();
    await sync({ server: name, items: [{ gid: 289, quantity: 1 }] });
    const lots = [1, 2, 3, 4, 5, 6].map((quantity) =>
      (quantity % 2 ? [303, 289] : [289, 303]).map((gid) => ({ gid, quantity })),
    );
    const answers = await Promise.all(lots.map((items) => sync({ server: name, items })));
    expect(answers.map(({ status }) => status)).toEqual(lots.map(() => 201));
    const after = await held(name);
    expect(Object.keys(after)).toHaveLength(2);
    expect(after[303]).toBe(after[289]);
  });

  it('belongs to the shared account, or to the person whose token it has', async () => {
    const name = aServer();
    const own = bearer(person.accessToken);
    const { id: theirs } = await newProfile(server, own);
    await sync({ server: name, items: [{ gid: 303, quantity: 1 }] });
    expect(
      (await sync({ server: name, profileId: theirs, items: [{ gid: 303, quantity: 2 }] }, own)).status,
    ).toBe(201);
    for (const headers of [{}, TOKEN, bearer(READ_TOKEN)])
      expect(await held(name, '', headers)).toEqual({ 303: 1 });
    expect(await held(name, '', own)).toEqual({ 303: 2 });
    expect(await held(name, `&profileId=${theirs}`)).toEqual({});
    const answers = [];
    for (const profileId of [theirs, randomUUID()]) {
      const { status, body } = await sync({ server: name, profileId, items: [] });
      answers.push({ status, body });
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({ status: 404, body: { error: 'unknown_profile' } });
    expect(await held(name, '', own)).toEqual({ 303: 2 });
  });

  it.each<[string, object]>([
    ['no server', { items: [] }],
    ['a server without a letter', { server: '---', items: [] }],
    ['a server with NUL', { server: 'a\0', items: [] }],
    ['no items', { server: 'Draconiros' }],
    ['items that are none', { server: 'Draconiros', items: { gid: 1, quantity: 1 } }],
    ['texts', { server: 'Draconiros', items: [{ gid: '303', quantity: 1 }] }],
    ['no quantity', { server: 'Draconiros', items: [{ gid: 303 }] }],
    ['null', { server: 'Draconiros', items: [null] }],
    ['a quantity below 0', { server: 'Draconiros', items: [{ gid: 303, quantity: -1 }] }],
    ['a quantity of 2^31', { server: 'Draconiros', items: [{ gid: 303, quantity: 2 ** 31 }] }],
    ['half a thing', { server: 'Draconiros', items: [{ gid: 303, quantity: 0.5 }] }],
    ['a gid of 0', { server: 'Draconiros', items: [{ gid: 0, quantity: 1 }] }],
    ['a gid of 2^31', { server: 'Draconiros', items: [{ gid: 2 ** 31, quantity: 1 }] }],
    ['a date that is none', { server: 'Draconiros', items: [], capturedAt: 'yesterday' }],
    ['a profile that is a number', { server: 'Draconiros', items: [], profileId: 5 }],
  ])('is refused with %s', async (_what, body) => {
    expect(await sync(body)).toMatchObject({ status: 400, body: { error: 'invalid_input' } });
  });

  it('takes 10,000 lines', async () => {
    const name = aServer();
    const items = Array.from({ length: 10_000 }, (_, at) => ({ gid: 1 + at, quantity: 1 + (at % 5) }));
    const { status, body } = await sync({ server: name, items });
    expect([status, body.stats.inserted + body.unknown_gids.length]).toEqual([201, 10_000]);
  });
});

describe('emptying', () => {
  it('takes one profile’s bank, or without a profile all of the account’s on the server', async () => {
    const [name, other] = [aServer(), aServer()];
    const own = bearer(person.accessToken);
    const [{ id: first }, { id: second }] = [await newProfile(server), await newProfile(server)];
    const items = [{ gid: 303, quantity: 1 }];
    for (const profileId of [first, second, null]) await sync({ server: name, profileId, items });
    await sync({ server: other, items });
    await sync({ server: name, items }, own);
    expect(await clear({ server: name, profileId: first })).toMatchObject({
      status: 200,
      body: { success: true, message: 'Deleted 1 items from bank', deleted_count: 1 },
    });
    expect((await clear({ server: name, profileId: randomUUID() })).body).toMatchObject({ deleted_count: 0 });
    expect((await clear({ server: name })).body).toMatchObject({ success: true, deleted_count: 2 });
    expect((await clear({ server: name })).body).toMatchObject({ deleted_count: 0 });
    expect((await clear({ server: 'Nowhere at all' })).body).toMatchObject({ deleted_count: 0 });
    expect(await held(name)).toEqual({});
    expect(await held(other)).toEqual({ 303: 1 });
    expect(await held(name, '', own)).toEqual({ 303: 1 });
    expect(await clear({})).toMatchObject({ status: 400, body: { error: 'invalid_input' } });
  });
});

describe('without the right token', () => {
  it('the bank is not written: 401 without and with a wrong one, whether the mount is open or not', async () => {
    const closed = await startServerProcess({ DATABASE_URL: database.url, COMPAT_DOFUS_ANONYMOUS: 'off' });
    try {
      const body = { server: 'Draconiros', items: [] };
      for (const at of [server, closed])
        for (const headers of [
          {},
          bearer('wrong-token-0123456789'),
          bearer(READ_TOKEN),
          { Authorization: 'Basic x' },
        ])
          for (const method of ['POST', 'DELETE']) {
            const answer = await user(at, method, 'resource=bank', body, headers);
            expect({ method, sent: headers, status: answer.status, body: answer.body }).toMatchObject({
              status: 401,
              body: { error: 'unauthorized' },
            });
          }
    } finally {
      await closed.stop();
    }
  });

  it('is read where the mount is open; a server is needed, and a mode that is served', async () => {
    expect(await user(server, 'GET', 'resource=bank')).toMatchObject({
      status: 400,
      body: { error: 'invalid_input', message: 'server is required' },
    });
    expect((await bank('Nowhere at all')).body).toMatchObject({ items: [] });
    expect(await bank('Draconiros', '&mode=nothing')).toMatchObject({ status: 400 });
    expect(await user(server, 'PUT', 'resource=bank', {})).toMatchObject({ status: 405 });
  });
});

it('an item that is deleted goes from every account’s bank, favourites and lists', async () => {
  const name = aServer();
  const gid = 999_999_003;
  await upload(server, [point({ item_name: 'zz Éphémère', ankama_id: gid, server: name })]);
  for (const headers of [TOKEN, bearer(person.accessToken)]) {
    const { id: profileId } = await newProfile(server, headers);
    await sync(
      {
        server: name,
        profileId,
        items: [
          { gid, quantity: 1 },
          { gid: 303, quantity: 1 },
        ],
      },
      headers,
    );
    await user(server, 'POST', 'resource=favorites', { profileId, itemName: 'zz Éphémère' }, headers);
  }
  const rows = (): Promise<{ stock: number; favourites: number }[]> =>
    queryRows(
      database.url,
      `SELECT (SELECT count(*)::int FROM market.stock WHERE external_id = $1) AS stock,
         (SELECT count(*)::int FROM market.favourite f JOIN market.item i ON i.id = f.item_id WHERE i.external_id = $1) AS favourites`,
      [gid],
    );
  expect(await rows()).toEqual([{ stock: 2, favourites: 2 }]);
  await queryRows(database.url, 'DELETE FROM market.item WHERE external_id = $1', [gid]);
  expect(await rows()).toEqual([{ stock: 0, favourites: 0 }]);
  expect(await held(name)).toEqual({ 303: 1 });
});
