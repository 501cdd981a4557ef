import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type Answer, call, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson, type Person } from '../support/people.js';
import { READ_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';

// Profiles, favourites, lists, stock and messages of two persons by the native API.

const GAME = '/api/v1/market/games/dofus';
const FIRST_ID = 960_000_000;

let database: TestDatabase;
let server: ServerProcess;
let ada: Person;
let eve: Person;
/** Ids of three items of our own, named `zz Un`, `zz Deux`, `zz Trois`, at 10, 20 and 30. */
let items: number[];

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  [ada, eve] = await Promise.all([newPerson(server.url), newPerson(server.url)]);
  const names = ['zz Un', 'zz Deux', 'zz Trois'];
  await post(
    server.url,
    OBSERVATIONS_PATH,
    names.map((name, at) => ({
      externalId: FIRST_ID + at,
      name,
      unitPrice: 10 * (at + 1),
      capturedAt: new Date().toISOString(),
    })),
  );
  items = await Promise.all(
    names.map(
      async (name) => (await get(server.url, `${GAME}/items?q=${encodeURIComponent(name)}`)).json.items[0].id,
    ),
  );
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const as = (
  person: Person,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  call(server.url, method, GAME + path, {
    token: person.accessToken,
    headers,
    ...(body !== undefined && { body }),
  });

async function aProfile(person: Person): Promise<{ id: string; name: string }> {
  const made = await as(person, 'POST', '/profiles', { name: `Iop ${randomUUID()}` });
  expect(made.status).toBe(201);
  return made.json;
}
async function aList(person: Person, body: object): Promise<string> {
  const made = await as(person, 'POST', '/lists', { name: 'Liste', ...body });
  expect(made.status).toBe(201);
  return made.json.id;
}
/** Ids of items that nothing else speaks of. */
async function someItems(count: number): Promise<number[]> {
  const names = Array.from({ length: count }, () => `zy ${randomUUID()}`);
  const points = names.map((name) => ({ name, unitPrice: 5, capturedAt: new Date().toISOString() }));
  await post(server.url, OBSERVATIONS_PATH, points);
  return Promise.all(
    names.map(async (name) => (await get(server.url, `${GAME}/items?q=${name}`)).json.items[0].id),
  );
}
/** All pages of two. */
async function pages(person: Person, path: string): Promise<Answer['json'][]> {
  const found: unknown[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query = `${path.includes('?') ? '&' : '?'}limit=2${cursor && `&cursor=${cursor}`}`;
    const { status, json } = await as(person, 'GET', path + query);
    expect(status).toBe(200);
    expect(json.items.length).toBeLessThanOrEqual(2);
    found.push(...json.items);
    cursor = json.nextCursor;
  }
  return found;
}

describe('profiles', () => {
  it('are the account’s own, listed by name, renamed and deleted', async () => {
    const made = [await aProfile(eve), await aProfile(ada), await aProfile(ada), await aProfile(ada)];
    const mine = made.slice(1).sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(await pages(ada, '/profiles')).toEqual(mine);
    const renamed = await as(ada, 'PATCH', `/profiles/${mine[0]!.id}`, { name: ' zz ' });
    expect(renamed.json).toEqual({ ...mine[0], name: 'zz', version: 2 });
    expectProblem(
      await as(ada, 'PATCH', `/profiles/${mine[1]!.id}`, { name: 'zz' }),
      409,
      'market/profile-name-taken',
    );
    expectProblem(await as(ada, 'POST', '/profiles', { name: 'zz' }), 409, 'market/profile-name-taken');
    expect((await as(ada, 'PATCH', `/profiles/${mine[0]!.id}`, { name: 'zz' })).status).toBe(200);
    for (const { id } of mine) expect((await as(ada, 'DELETE', `/profiles/${id}`)).status).toBe(204);
    expectProblem(await as(ada, 'DELETE', `/profiles/${mine[0]!.id}`), 404, 'market/unknown-profile');
    expect(await pages(ada, '/profiles')).toEqual([]);
  });

  it('are changed and deleted by If-Match only when nobody else has changed them', async () => {
    const { id } = await aProfile(ada);
    const path = `/profiles/${id}`;
    const first = await as(ada, 'GET', path);
    expect([first.status, first.headers.get('etag'), first.json.version]).toEqual([200, '"1"', 1]);
    const [one, other] = await Promise.all(
      ['one', 'other'].map((name) =>
        as(ada, 'PATCH', path, { name: `${name} ${id}` }, { 'if-match': first.headers.get('etag')! }),
      ),
    );
    expect([one!.status, other!.status].sort()).toEqual([200, 412]);
    expect((one!.status === 200 ? one! : other!).headers.get('etag')).toBe('"2"');
    expect((await as(ada, 'GET', path, undefined, { 'if-none-match': '"2"' })).status).toBe(304);
    const remove = (tag: string): Promise<Answer> => as(ada, 'DELETE', path, undefined, { 'if-match': tag });
    expectProblem(await remove('"1"'), 412, 'market/stale');
    expectProblem(await remove('W/"2"'), 400, 'market/invalid-if-match');
    expectProblem(await as(eve, 'GET', path), 404, 'market/unknown-profile');
    expect((await remove('"2"')).status).toBe(204);
    expectProblem(await as(ada, 'GET', path), 404, 'market/unknown-profile');
  });

  it('are made once however often they are asked for with a key', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const body = { name: randomUUID() };
    const first = await as(ada, 'POST', '/profiles', body, headers);
    const again = await as(ada, 'POST', '/profiles', body, headers);
    expect([again.status, again.json]).toEqual([201, first.json]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('that go take private lists along and leave public ones', async () => {
    const { id } = await aProfile(ada);
    const [secret, open] = [
      await aList(ada, { scope: 'private', profileId: id }),
      await aList(ada, { scope: 'public', profileId: id }),
    ];
    await as(ada, 'DELETE', `/profiles/${id}`);
    expectProblem(await as(ada, 'GET', `/lists/${secret}`), 404, 'market/unknown-list');
    const left = (await as(ada, 'GET', `/lists/${open}`)).json;
    expect(left).toMatchObject({ isOwn: true, profileId: null, version: 2 });
  });

  it.each([
    ['no name', {}],
    ['an empty name', { name: '' }],
    ['a blank name', { name: ' ' }],
    ['NUL', { name: 'a\0' }],
    ['half a surrogate pair', { name: '\ud800' }],
    ['101 characters', { name: 'x'.repeat(101) }],
    ['a number', { name: 1 }],
  ])('are refused with the field that is wrong: %s', async (_what, body) => {
    const { status, json } = await as(ada, 'POST', '/profiles', body);
    expect([status, json.errors[0].pointer]).toEqual([400, '/name']);
  });

  it('have favourites, in any order and any number of times', async () => {
    const { id } = await aProfile(ada);
    const path = `/profiles/${id}/favourites`;
    for (const item of [...items, ...items])
      expect((await as(ada, 'PUT', `${path}/${item}`)).status).toBe(204);
    const labels = (await pages(ada, path)).map(({ label }: { label: string }) => label);
    expect(labels).toEqual(['zz Deux', 'zz Trois', 'zz Un']);
    for (let time = 0; time < 2; time += 1)
      expect((await as(ada, 'DELETE', `${path}/${items[0]}`)).status).toBe(204);
    expect(await pages(ada, path)).toHaveLength(2);
    expectProblem(await as(ada, 'PUT', `${path}/2147483647`), 404, 'market/unknown-item');
    expectProblem(await as(ada, 'PUT', `${path}/0`), 404);
  });
});

describe('lists', () => {
  /** Without the means, which a worker brings some time after the prices. */
  const steady = ({ items: lines, ...list }: Answer['json']): object => ({
    ...list,
    items: lines.map((line: object) =>
      Object.fromEntries(Object.entries(line).filter(([key]) => !key.startsWith('mean'))),
    ),
  });

  it('are seen by all when they are public, and written by their owner only', async () => {
    const [open, secret] = [await aList(ada, { scope: 'public' }), await aList(ada, { scope: 'private' })];
    await as(ada, 'PUT', `/lists/${open}/items/${items[0]}`, { quantity: 3 });
    const seen = await as(eve, 'GET', `/lists/${open}?server=draconiros`);
    expect(seen.json).toMatchObject({
      isOwn: false,
      itemCount: 1,
      totalValue: 30,
      pricedCount: 1,
      items: [
        {
          itemId: items[0],
          label: 'zz Un',
          quantity: 3,
          server: 'draconiros',
          lastPrice: 10,
          previousPrice: 10,
          changePct: 0,
        },
      ],
    });
    const byService = await get(server.url, `${GAME}/lists/${open}`, { token: READ_TOKEN });
    expect(steady(byService.json)).toEqual(steady(seen.json));
    const writes: [string, string, unknown?][] = [
      ['PATCH', '', { name: 'Prise' }],
      ['PUT', `/items/${items[1]}`, { quantity: 1 }],
      ['DELETE', `/items/${items[0]}`],
      ['DELETE', ''],
    ];
    for (const [method, path, body] of writes)
      for (const id of [open, secret, randomUUID()])
        expectProblem(await as(eve, method, `/lists/${id}${path}`, body), 404, 'market/unknown-list');
    const ids = async (person: Person, query = ''): Promise<string[]> =>
      (await pages(person, `/lists${query}`)).map(({ id }: { id: string }) => id);
    expect(await ids(eve)).toContain(open);
    expect(await ids(eve)).not.toContain(secret);
    expect((await ids(ada)).slice(0, 2)).toEqual([secret, open]);
    expect((await ids(ada, '?own=true')).slice(0, 2)).toEqual([secret, open]);
    expect(await ids(eve, '?own=true')).toEqual([]);
    expect(steady((await as(ada, 'GET', `/lists/${open}`)).json)).toEqual({
      ...steady(seen.json),
      isOwn: true,
    });
  });

  it('count their changes and those of their items, and by If-Match take none over one that was not seen', async () => {
    const id = await aList(ada, { scope: 'public' });
    const version = async (): Promise<number> => (await as(ada, 'GET', `/lists/${id}`)).json.version;
    const item = `/lists/${id}/items/${items[0]}`;
    const writes: [method: string, path: string, body?: unknown][] = [
      ['PUT', item, { quantity: 2 }],
      ['PATCH', `/lists/${id}`, { name: 'Autre' }],
      ['DELETE', item],
      ['DELETE', `/lists/${id}`],
    ];
    expect(await version()).toBe(1);
    for (const [at, [method, path, body]] of writes.entries()) {
      const stale = await as(ada, method, path, body, { 'if-match': `"${at + 5}"` });
      expectProblem(stale, 412, 'market/stale');
      expect(await version()).toBe(at + 1);
      const answer = await as(ada, method, path, body, { 'if-match': `"${at + 1}"` });
      expect(answer.status).toBe(method === 'PATCH' ? 200 : 204);
      if (method === 'PATCH') expect(answer.headers.get('etag')).toBe('"3"');
    }
  });

  it('count an item that is deleted as a change, of whomever they are', async () => {
    const [doomed] = await someItems(1);
    const [on, other] = [await aList(ada, { scope: 'public' }), await aList(ada, { scope: 'private' })];
    const theirs = await aList(eve, { scope: 'private' });
    for (const [person, id] of [[ada, on] as const, [eve, theirs] as const]) {
      await as(person, 'PUT', `/lists/${id}/items/${items[0]}`, {});
      await as(person, 'PUT', `/lists/${id}/items/${doomed}`, {});
    }
    expect((await call(server.url, 'DELETE', `${GAME}/items/${doomed}`, {})).status).toBe(204);
    const stale = await as(ada, 'PATCH', `/lists/${on}`, { name: 'Autre' }, { 'if-match': '"3"' });
    expectProblem(stale, 412, 'market/stale');
    for (const [person, id] of [[ada, on] as const, [eve, theirs] as const])
      expect((await as(person, 'GET', `/lists/${id}`)).json).toMatchObject({ version: 4, itemCount: 1 });
    expect((await as(ada, 'GET', `/lists/${other}`)).json).toMatchObject({ version: 1 });
  });

  it('take items that are being deleted, or say that they are gone', async () => {
    const list = await aList(ada, { scope: 'private' });
    const doomed = await someItems(8);
    for (const id of doomed) await as(ada, 'PUT', `/lists/${list}/items/${id}`, {});
    const answers = await Promise.all(
      doomed.flatMap((id) => [
        as(ada, 'PUT', `/lists/${list}/items/${id}`, { quantity: 2 }),
        call(server.url, 'DELETE', `${GAME}/items/${id}`, {}),
      ]),
    );
    answers.forEach(({ status }, at) => expect(at % 2 === 0 ? [204, 404] : [204]).toContain(status));
    expect((await as(ada, 'GET', `/lists/${list}`)).json).toMatchObject({ itemCount: 0, items: [] });
  });

  it('become private with all that is on them', async () => {
    const id = await aList(ada, { scope: 'public' });
    await as(ada, 'PUT', `/lists/${id}/items/${items[2]}`, {});
    expect((await as(eve, 'GET', `/lists/${id}`)).json.items).toMatchObject([{ quantity: 1 }]);
    expect((await as(ada, 'PATCH', `/lists/${id}`, { scope: 'private' })).json).toMatchObject({
      itemCount: 1,
    });
    expectProblem(await as(eve, 'GET', `/lists/${id}`), 404, 'market/unknown-list');
    expect((await as(ada, 'GET', `/lists/${id}`)).json.items).toHaveLength(1);
    expect((await as(ada, 'DELETE', `/lists/${id}`)).status).toBe(204);
  });

  it('do not take what is wrong', async () => {
    const id = await aList(ada, { scope: 'public' });
    const { id: theirs } = await aProfile(eve);
    for (const profileId of [theirs, randomUUID()])
      expectProblem(await as(ada, 'PATCH', `/lists/${id}`, { profileId }), 404, 'market/unknown-profile');
    for (const quantity of [0, -1, 2 ** 31, 1.5, '1', null])
      expect(
        (await as(ada, 'PUT', `/lists/${id}/items/${items[0]}`, { quantity })).json.errors[0].pointer,
      ).toBe('/quantity');
    for (const body of [{ scope: 'secret' }, { name: '' }, { profileId: 5 }, { userId: eve.id }])
      expect((await as(ada, 'PATCH', `/lists/${id}`, body)).status).toBe(400);
    for (const query of ['range=1d', 'server=', 'other=1'])
      expect([400, 404]).toContain((await as(ada, 'GET', `/lists/${id}?${query}`)).status);
    expectProblem(await as(ada, 'GET', `/lists/${id}?server=nowhere`), 404, 'market/unknown-server');
    for (const query of ['limit=0', 'cursor=x', 'own=maybe', 'profileId=x'])
      expect((await as(ada, 'GET', `/lists?${query}`)).status).toBe(400);
    expect((await as(ada, 'GET', `/lists/${id}`)).json.items).toEqual([]);
  });
});

describe('stock', () => {
  const path = ({ id }: { id: string }): string => `/profiles/${id}/stock?server=draconiros`;

  it('is synced, moved and valued; what the catalogue does not know is kept and named', async () => {
    const profile = await aProfile(ada);
    const lines = [
      { externalId: FIRST_ID, quantity: 2 },
      { externalId: FIRST_ID + 1, quantity: 1 },
      { externalId: FIRST_ID, quantity: 3 },
      { externalId: FIRST_ID + 900, quantity: 4 },
    ];
    const synced = await as(ada, 'PUT', path(profile), { items: lines });
    expect([synced.status, synced.json]).toEqual([
      200,
      { insertedCount: 2, updatedCount: 0, deletedCount: 0, unknownIds: [FIRST_ID + 900] },
    ]);
    const move = (items: object[], headers = {}): Promise<Answer> =>
      as(ada, 'PATCH', path(profile), { items }, headers);
    const headers = { 'idempotency-key': randomUUID() };
    const moves = [
      { externalId: FIRST_ID, delta: -5 },
      { externalId: FIRST_ID + 1, delta: 4 },
      { externalId: FIRST_ID + 2, delta: 1 },
    ];
    for (let time = 0; time < 2; time += 1)
      expect((await move(moves, headers)).json).toEqual({
        insertedCount: 1,
        updatedCount: 1,
        deletedCount: 1,
        unknownIds: [],
      });
    const shown = await as(ada, 'GET', path(profile));
    expect(shown.json.totals).toEqual({
      count: 3,
      quantity: 10,
      unknownCount: 1,
      pricedCount: 2,
      value: 130,
    });
    expect(await pages(ada, path(profile))).toEqual(shown.json.items);
    expect(shown.json.items).toMatchObject([
      {
        externalId: FIRST_ID + 1,
        itemId: items[1],
        label: 'zz Deux',
        quantity: 5,
        unitPrice: 20,
        value: 100,
      },
      { externalId: FIRST_ID + 2, itemId: items[2], quantity: 1, unitPrice: 30, value: 30 },
      { externalId: FIRST_ID + 900, itemId: null, label: null, quantity: 4, unitPrice: null, value: null },
    ]);

    const refused = await move([
      { externalId: FIRST_ID + 2, delta: 1 },
      { externalId: FIRST_ID + 1, delta: -6 },
    ]);
    expectProblem(refused, 422, 'market/stock-out-of-range');
    expect(refused.json.errors).toMatchObject([{ pointer: '/items/1' }]);
    expect((await as(ada, 'GET', path(profile))).json).toEqual(shown.json);
    expect((await as(ada, 'PUT', path(profile), { items: [] })).json).toMatchObject({ deletedCount: 2 });
    expect((await as(ada, 'GET', path(profile))).json).toMatchObject({
      items: [],
      totals: { count: 0, value: 0 },
    });
  });

  it('of moves that come at once loses none of them', async () => {
    const profile = await aProfile(ada);
    const moves = Array.from({ length: 12 }, (_, at) =>
      as(ada, 'PATCH', path(profile), { items: [{ externalId: FIRST_ID, delta: at + 1 }] }),
    );
    expect((await Promise.all(moves)).map(({ status }) => status)).toEqual(moves.map(() => 200));
    expect((await as(ada, 'GET', path(profile))).json.items).toMatchObject([{ quantity: 78 }]);
  });

  it.each<[string, unknown, string]>([
    ['a quantity of 0', { items: [{ externalId: 1, quantity: 0 }] }, '/items/0/quantity'],
    ['a quantity below 0', { items: [{ externalId: 1, quantity: -1 }] }, '/items/0/quantity'],
    ['a quantity of 2^31', { items: [{ externalId: 1, quantity: 2 ** 31 }] }, '/items/0/quantity'],
    ['an id of 0', { items: [{ externalId: 0, quantity: 1 }] }, '/items/0/externalId'],
    ['an unknown key', { items: [], userId: 'x' }, '/userId'],
    ['a date to come', { items: [], capturedAt: '2099-01-01T00:00:00Z' }, '/capturedAt'],
    ['no items', {}, '/items'],
    [
      '20,001 lines',
      { items: Array.from({ length: 20_001 }, () => ({ externalId: 1, quantity: 1 })) },
      '/items',
    ],
  ])('is not synced with %s', async (_what, body, pointer) => {
    const profile = await aProfile(ada);
    const { status, json } = await as(ada, 'PUT', path(profile), body);
    expect([status, json.errors[0].pointer]).toEqual([400, pointer]);
  });

  it('takes 10,000 ids, and says where a sum is too much', async () => {
    const profile = await aProfile(ada);
    const lines = Array.from({ length: 10_000 }, (_, at) => ({ externalId: 500_000_000 + at, quantity: 1 }));
    expect((await as(ada, 'PUT', path(profile), { items: lines })).json.unknownIds).toHaveLength(10_000);
    const many = Array.from({ length: 500 }, () => ({ externalId: FIRST_ID, quantity: 2 ** 31 - 1 }));
    const refused = await as(ada, 'PUT', path(profile), { items: many });
    expectProblem(refused, 422, 'market/stock-out-of-range');
    expect(refused.json.errors).toMatchObject([{ pointer: '/items/0' }]);
    expectProblem(
      await as(ada, 'GET', `/profiles/${profile.id}/stock?server=nowhere`),
      404,
      'market/unknown-server',
    );
    expect((await as(ada, 'GET', `/profiles/${profile.id}/stock`)).status).toBe(400);
  });
});

describe('messages', () => {
  it('carry the author’s name, also after it has changed, page by page', async () => {
    const author = await aProfile(ada);
    for (const content of ['un', 'deux', ' trois '])
      await as(ada, 'POST', '/messages', { profileId: author.id, content });
    await as(ada, 'PATCH', `/profiles/${author.id}`, { name: `Eni ${author.id}` });
    const seen = await pages(eve, `/messages?authorId=${author.id}`);
    expect(seen.map(({ content }: { content: string }) => content)).toEqual(['trois', 'deux', 'un']);
    expect(seen[0]).toMatchObject({
      author: { id: author.id, name: `Eni ${author.id}` },
      isOwn: false,
      isRead: null,
    });
    const changed = await as(ada, 'PATCH', `/messages/${seen[0].id}`, { content: 'trois et demi' });
    expect(changed.json).toMatchObject({
      ...seen[0],
      isOwn: true,
      content: 'trois et demi',
      updatedAt: expect.anything(),
    });
    for (const method of ['PATCH', 'DELETE'])
      for (const id of [seen[0].id, randomUUID(), 'nothing'])
        expectProblem(
          await as(eve, method, `/messages/${id}`, method === 'PATCH' ? { content: 'x' } : undefined),
          404,
          'market/unknown-message',
        );
    expect((await as(ada, 'DELETE', `/messages/${seen[0].id}`)).status).toBe(204);
    expect(await pages(eve, `/messages?authorId=${author.id}`)).toHaveLength(2);
  });

  it('are read by a profile: some, then all', async () => {
    const [author, reader] = [await aProfile(ada), await aProfile(eve)];
    const count = async (): Promise<number> =>
      (await as(eve, 'GET', `/messages/unread-count?profileId=${reader.id}`)).json.count;
    const before = await count();
    const ids: string[] = [];
    for (const content of ['un', 'deux'])
      ids.push((await as(ada, 'POST', '/messages', { profileId: author.id, content })).json.id);
    const mark = async (messageIds?: string[]): Promise<number> =>
      (await as(eve, 'POST', '/messages/read', { profileId: reader.id, ...(messageIds && { messageIds }) }))
        .json.markedCount;
    expect(await mark([ids[0]!, randomUUID(), 'nothing'])).toBe(1);
    expect(await count()).toBe(before + 1);
    const shown = await as(eve, 'GET', `/messages?limit=2&readerProfileId=${reader.id}`);
    expect(shown.json.items.map(({ isRead }: { isRead: boolean }) => isRead)).toEqual([false, true]);
    expect(await mark()).toBe(before + 1);
    expect([await count(), await mark()]).toEqual([0, 0]);
    expect((await as(eve, 'POST', '/messages/read', { profileId: reader.id, messageIds: [] })).status).toBe(
      400,
    );
  });

  it('are nobody’s who is not the author’s owner', async () => {
    const { id: theirs } = await aProfile(eve);
    const known = async (profileId: string): Promise<unknown[]> => {
      const answers = [
        await as(ada, 'POST', '/messages', { profileId, content: 'au nom d’un autre' }),
        await as(ada, 'POST', '/messages/read', { profileId }),
        await as(ada, 'GET', `/messages/unread-count?profileId=${profileId}`),
        await as(ada, 'GET', `/messages?readerProfileId=${profileId}`),
      ];
      return answers.map(({ status, json: { code, detail } }) => [status, code, detail]);
    };
    const answers = await known(theirs);
    expect(answers).toEqual(await known(randomUUID()));
    for (const answer of answers)
      expect(answer).toEqual([404, 'market/unknown-profile', 'There is no such profile.']);
  });

  it.each([
    ['nothing', ''],
    ['blanks', ' '],
    ['2,001 characters', 'x'.repeat(2_001)],
    ['NUL', 'a\0b'],
    ['half a surrogate pair', 'a\udc00'],
    ['a number', 5],
    ['less', undefined],
  ])('do not say %s', async (_what, content) => {
    const { status, json } = await as(ada, 'POST', '/messages', { profileId: randomUUID(), content });
    expect([status, json.errors.map(({ pointer }: { pointer: string }) => pointer)]).toEqual([
      400,
      ['/content'],
    ]);
  });
});
