import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { rebuildRollups, runnerOf } from '../factories/rollups.factory.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson, type Person } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { type Answer, getData, point, upload } from './compat-calls.js';
import { bearer, INSTANT, newProfile, user, UUID } from './user-calls.js';

const DAY_MS = 86_400_000;
const NOW = Date.now();
const ago = (days: number): string => new Date(NOW - days * DAY_MS).toISOString();

/** Prices of one item by server and days ago. */
const SEEN: [server: string, daysAgo: number, price: number][] = [
  ['Hell Mina', 40, 10],
  ['Hell Mina', 20, 20],
  ['Hell Mina', 6, 30],
  ['Hell Mina', 0.5, 50],
  ['Hell Mina', 0.01, 60],
  ['Draconiros', 2, 200],
];

let database: TestDatabase;
let server: ServerProcess;
let person: Person;
let seenId: number;
let unseenId: number;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  person = await newPerson(server.url);
  await upload(
    server,
    SEEN.map(([name, daysAgo, price]) =>
      point({
        item_name: 'zz Liste',
        server: name,
        price_unit_avg: price,
        captured_at: ago(daysAgo),
        category: 'zz Divers',
      }),
    ),
  );
  const owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  await rebuildRollups(runnerOf(owner), ago(0).slice(0, 10));
  await owner.end();
  const match = async (name: string): Promise<number> =>
    (await getData(server, `resource=items&mode=search&search=${encodeURIComponent(name)}`)).body[0].id;
  seenId = await match('zz Liste');
  unseenId = await match('Bois de Frêne');
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const create = async (
  body: object,
  headers: object = {},
): Promise<{ id: string; [key: string]: unknown }> => {
  const answer = await user(server, 'POST', 'resource=lists', body, headers);
  expect(answer.status).toBe(200);
  return answer.body;
};
const find = async (id: string, query = '', headers: object = {}): Promise<Answer['body']> =>
  (await user(server, 'GET', `resource=lists&id=${id}${query}`, undefined, headers)).body;

describe('lists', () => {
  it('are made with an empty list of items, and found by id in an array', async () => {
    const list = await create({ name: 'Métiers', scope: 'public' });
    expect(list).toEqual({
      id: expect.stringMatching(UUID),
      name: 'Métiers',
      scope: 'public',
      profile_id: null,
      created_at: expect.stringMatching(INSTANT),
      list_items: [],
    });
    expect(await find(list.id)).toEqual([list]);
    for (const id of [randomUUID(), 'nothing']) expect(await find(id)).toEqual([]);
  });

  it('show items with prices of a server and the first price of the range', async () => {
    const { id: listId } = await create({ name: 'Prix', scope: 'public' });
    for (const itemId of [unseenId, seenId])
      await user(server, 'POST', 'resource=lists&mode=items', { listId, itemId, quantity: 3 });
    const previous = async (range: string): Promise<number> =>
      (await find(listId, `&server=Hell+Mina&range=${range}`))[0].list_items[1].previous_price;
    expect(await Promise.all(['24h', '7d', '30d', '90d', '365d', 'x'].map(previous))).toEqual([
      50, 30, 20, 10, 10, 50,
    ]);
    const [{ list_items }] = await find(listId, '&server=Hell+Mina&range=30d');
    expect(list_items).toEqual([
      {
        item_id: unseenId,
        item_name: 'Bois de Frêne',
        quantity: 3,
        category: expect.anything(),
        server: null,
        last_price: null,
        previous_price: null,
        last_observation_at: null,
        average_price: null,
        icon_url: null,
        is_craftable: false,
      },
      {
        item_id: seenId,
        item_name: 'zz Liste',
        quantity: 3,
        category: 'zz Divers',
        server: 'Hell Mina',
        last_price: 60,
        previous_price: 20,
        last_observation_at: ago(0.01).replace('Z', '+00:00'),
        average_price: 40,
        icon_url: null,
        is_craftable: false,
      },
    ]);
    // Without a server Draconiros is preferred, where the newest price is older; there is one only.
    expect((await find(listId, '&range=7d'))[0].list_items[1]).toMatchObject({
      server: 'Draconiros',
      last_price: 200,
      previous_price: 200,
    });
    expect((await find(listId, '&server=Nowhere'))[0].list_items[1]).toMatchObject({ last_price: null });
  });

  it('that are private belong to a profile; without one only public ones are listed, newest first', async () => {
    const { id: profileId } = await newProfile(server);
    const { id: other } = await newProfile(server);
    const mine = await create({ name: 'Secrète', scope: 'private', profileId });
    expect(mine).toMatchObject({ scope: 'private', profile_id: profileId });
    const open = await create({ name: 'Ouverte', scope: 'public' });
    const ids = async (query = ''): Promise<string[]> =>
      (await user(server, 'GET', `resource=lists${query}`)).body.map(({ id }: { id: string }) => id);
    expect((await ids(`&profileId=${profileId}`)).slice(0, 2)).toEqual([open.id, mine.id]);
    for (const query of ['', `&profileId=${other}`, `&profileId=${randomUUID()}`, '&profileId=x']) {
      expect((await ids(query))[0]).toBe(open.id);
      expect(await ids(query)).not.toContain(mine.id);
    }
  });

  it('change name and scope; a public one has no profile, and does not become private without one', async () => {
    const { id: profileId } = await newProfile(server);
    const { id } = await create({ name: 'Avant', scope: 'private', profileId });
    await user(server, 'POST', 'resource=lists&mode=items', { listId: id, itemId: seenId });
    const put = async (body: object) => user(server, 'PUT', 'resource=lists', { id, ...body });
    const renamed = await put({ name: 'Après' });
    expect(renamed).toMatchObject({
      status: 200,
      body: { id, name: 'Après', scope: 'private', profile_id: profileId },
    });
    expect(Object.keys(renamed.body)).toEqual(['id', 'name', 'scope', 'profile_id', 'created_at']);
    expect((await put({ scope: 'public' })).body).toMatchObject({ scope: 'public', profile_id: null });
    const seen = await find(id, '', bearer(person.accessToken));
    expect(seen[0].list_items).toMatchObject([{ item_id: seenId, quantity: 1 }]);
    expect((await put({ scope: 'private' })).body).toMatchObject({ scope: 'public' });
    const back = await put({ scope: 'private', profileId });
    expect(back.body).toMatchObject({ scope: 'private', profile_id: profileId });
    expect(await find(id, '', bearer(person.accessToken))).toEqual([]);
    expect(await user(server, 'DELETE', `resource=lists&id=${id}`)).toMatchObject({
      status: 200,
      body: { message: 'List deleted' },
    });
    expect(await find(id)).toEqual([]);
  });

  it.each<[string, string, string, unknown]>([
    ['POST', 'no name', '', { scope: 'public' }],
    ['POST', 'no scope', '', { name: 'x' }],
    ['POST', 'another scope', '', { name: 'x', scope: 'secret' }],
    ['POST', 'a private one without profile', '', { name: 'x', scope: 'private' }],
    ['POST', 'NUL', '', { name: 'a\0', scope: 'public' }],
    ['PUT', 'no id', '', { name: 'x' }],
    ['DELETE', 'no id', '', undefined],
    ['POST', 'no item', '&mode=items', { listId: randomUUID() }],
    ['POST', 'no list', '&mode=items', { itemId: 1 }],
    ['POST', 'a quantity below 0', '&mode=items', { listId: randomUUID(), itemId: 1, quantity: -1 }],
    ['POST', 'a quantity of 2^31', '&mode=items', { listId: randomUUID(), itemId: 1, quantity: 2 ** 31 }],
    ['POST', 'half a thing', '&mode=items', { listId: randomUUID(), itemId: 1, quantity: 1.5 }],
    ['PUT', 'no quantity', '&mode=items', { listId: randomUUID(), itemId: 1 }],
    ['PUT', 'a quantity of 0', '&mode=items', { listId: randomUUID(), itemId: 1, quantity: 0 }],
    ['PUT', 'an item that is none', '&mode=items', { listId: randomUUID(), itemId: 2 ** 31, quantity: 1 }],
    ['DELETE', 'no item', '&mode=items&listId=x', undefined],
  ])('%s is refused for %s', async (method, _what, query, body) => {
    expect(await user(server, method, `resource=lists${query}`, body)).toMatchObject({
      status: 400,
      body: { error: 'invalid_input' },
    });
  });
});

describe('items of a list', () => {
  it('are added once, changed, and taken off by query', async () => {
    const { id: listId } = await create({ name: 'Choses', scope: 'public' });
    const quantities = async (): Promise<number[]> =>
      (await find(listId))[0].list_items.map(({ quantity }: { quantity: number }) => quantity);
    const send = async (method: string, body: object): Promise<unknown> => {
      const { status, body: answer } = await user(server, method, 'resource=lists&mode=items', {
        listId,
        ...body,
      });
      return [status, answer.message];
    };
    expect(await send('PUT', { itemId: seenId, quantity: 9 })).toEqual([200, 'Item updated in list']);
    expect(await quantities()).toEqual([]);
    expect(await send('POST', { itemId: seenId })).toEqual([200, 'Item added to list']);
    expect(await send('POST', { itemId: seenId, quantity: 7 })).toEqual([200, 'Item already in list']);
    expect(await quantities()).toEqual([1]);
    expect(await send('PUT', { itemId: seenId, quantity: 2_147_483_647 })).toEqual([
      200,
      'Item updated in list',
    ]);
    expect(await quantities()).toEqual([2_147_483_647]);
    for (let time = 0; time < 2; time += 1)
      expect(
        await user(server, 'DELETE', `resource=lists&mode=items&listId=${listId}&itemId=${seenId}`),
      ).toMatchObject({ status: 200, body: { message: 'Item removed from list' } });
    expect(await quantities()).toEqual([]);
    const unknown = { listId, itemId: 2_147_483_647 };
    expect(await user(server, 'POST', 'resource=lists&mode=items', unknown)).toMatchObject({
      status: 404,
      body: { error: 'Item not found' },
    });
  });

  it('of somebody else’s list, public or private, are written no more than those of none', async () => {
    const { id: theirProfile } = await newProfile(server, bearer(person.accessToken));
    const lists = [
      await create({ name: 'Leur', scope: 'public' }, bearer(person.accessToken)),
      await create({ name: 'Leur', scope: 'private', profileId: theirProfile }, bearer(person.accessToken)),
      { id: randomUUID() },
    ];
    const answers = [];
    for (const { id } of lists) {
      const item = { listId: id, itemId: seenId, quantity: 2 };
      answers.push(
        [
          await user(server, 'PUT', 'resource=lists', { id, name: 'Prise' }),
          await user(server, 'POST', 'resource=lists&mode=items', item),
          await user(server, 'PUT', 'resource=lists&mode=items', item),
          await user(server, 'DELETE', `resource=lists&mode=items&listId=${id}&itemId=${seenId}`),
          await user(server, 'DELETE', `resource=lists&id=${id}`),
        ].map(({ status, body }) => ({ status, body })),
      );
    }
    expect(answers[0]).toEqual(answers[2]);
    expect(answers[1]).toEqual(answers[2]);
    expect(answers[2]!.map(({ status }) => status)).toEqual([404, 404, 404, 200, 200]);
    for (const { id } of lists.slice(0, 2))
      expect(await find(id, '', bearer(person.accessToken))).toMatchObject([
        { name: 'Leur', list_items: [] },
      ]);
    const taken = await user(server, 'POST', 'resource=lists', {
      name: 'x',
      scope: 'private',
      profileId: theirProfile,
    });
    expect(taken).toMatchObject({ status: 404, body: { error: 'unknown_profile' } });
  });
});
