import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { destinyFactsFolder, readDestinyFacts } from '../support/destiny-facts.js';
import { expectProblem } from '../support/answer-shapes.js';
import { type Answer, call, get, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { newPerson } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';

// Wish lists over HTTP: uploaded, read, replaced, and rolls judged by them.

const LISTS = '/api/v1/destiny/wishlists';
const EVALUATE = '/api/v1/destiny/rolls/evaluate';
const TEXT = { 'content-type': 'text/plain; charset=utf-8' };
const A_LIST = `title:Mine
//notes:For raids|tags:pve
dimwishlist:item=2023002233&perks=1467527085,2969185026
dimwishlist:item=2023002233&perks=1467527085,769709866
nonsense
dimwishlist:item=-2023002233&perks=42#notes:not this`;

let database: TestDatabase;
let server: ServerProcess;
let token: string;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url, TRUST_PROXY: '1' });
});

beforeEach(async () => {
  token = (await newPerson(server.url)).accessToken;
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const upload = (body: string | Buffer, headers = {}, query = ''): Promise<Answer> =>
  call(server.url, 'POST', LISTS + query, { token, headers: { ...TEXT, ...headers }, body });
const idOf = ({ json }: Answer): string => (json as { id: string }).id;
const positionsOf = ({ json }: Answer): number[] =>
  (json as { items: { position: number }[] }).items.map(({ position }) => position);

describe('a wish list', () => {
  it('is taken in, with what was not understood, and read page by page', async () => {
    const made = await upload(A_LIST);
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({
      title: 'Mine',
      description: null,
      sizeBytes: Buffer.byteLength(A_LIST),
      rollCount: 3,
      faultCount: 1,
      faults: [{ line: 5, code: 'unknown-line' }],
      version: 1,
    });
    const path = `${LISTS}/${idOf(made)}`;
    const found = await get(server.url, path, { token });
    expect(found.json).toEqual(made.json);
    expect(found.headers.get('etag')).toBe('"1"');
    expect((await get(server.url, LISTS, { token })).json).toEqual({ items: [made.json], nextCursor: null });

    const first = await get(server.url, `${path}/rolls?limit=2`, { token });
    expect(first.json.items[0]).toEqual({
      listId: idOf(made),
      listTitle: 'Mine',
      position: 0,
      itemHash: 2_023_002_233,
      isTrash: false,
      perks: [1_467_527_085, 2_969_185_026],
      notes: 'For raids',
      tags: ['pve'],
    });
    const second = await get(server.url, `${path}/rolls?limit=2&cursor=${first.json.nextCursor as string}`, {
      token,
    });
    expect([positionsOf(first), positionsOf(second), second.json.nextCursor]).toEqual([[0, 1], [2], null]);
    const ofItem = await get(server.url, `${path}/rolls?item=2023002233`, { token });
    expect(positionsOf(ofItem)).toEqual([0, 1, 2]);
    expect(positionsOf(await get(server.url, `${path}/rolls?item=1`, { token }))).toEqual([]);
    const good = await get(server.url, '/api/v1/destiny/god-rolls?item=2023002233&limit=1', { token });
    expect(positionsOf(good)).toEqual([0]);
    const next = `/api/v1/destiny/god-rolls?item=2023002233&cursor=${good.json.nextCursor as string}`;
    expect(positionsOf(await get(server.url, next, { token }))).toEqual([1]);
  });

  it('may be called otherwise, and is taken in once per key', async () => {
    const keyed = { 'idempotency-key': 'one' };
    const made = await upload(A_LIST, keyed, '?title=Season%2028');
    expect(made.json.title).toBe('Season 28');
    const again = await upload(A_LIST, keyed, '?title=Season%2028');
    expect(again.json).toEqual(made.json);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expectProblem(
      await upload(`${A_LIST}\n`, keyed, '?title=Season%2028'),
      422,
      'http/idempotency-key-reused',
    );
    expectProblem(await upload(A_LIST, { 'idempotency-key': 'ä'.repeat(2) }), 400);
  });

  it('is replaced by who has seen its last version, and deleted', async () => {
    const path = `${LISTS}/${idOf(await upload(A_LIST))}`;
    const replace = (headers: object): Promise<Answer> =>
      call(server.url, 'PUT', path, {
        token,
        headers: { ...TEXT, ...headers },
        body: 'dimwishlist:item=1',
      });
    const replaced = await replace({ 'if-match': '"1"' });
    expect(replaced.json).toMatchObject({ title: 'Mine', rollCount: 1, faultCount: 0, version: 2 });
    expect(replaced.headers.get('etag')).toBe('"2"');
    expectProblem(await replace({ 'if-match': '"1"' }), 412, 'destiny/stale');
    expectProblem(await replace({ 'if-match': 'one' }), 400, 'destiny/invalid-if-match');
    expect((await call(server.url, 'DELETE', path, { token })).status).toBe(204);
    expectProblem(await get(server.url, path, { token }), 404, 'destiny/unknown-wish-list');
    expectProblem(await replace({}), 404, 'destiny/unknown-wish-list');
    expectProblem(await get(server.url, `${path}/rolls`, { token }), 404, 'destiny/unknown-wish-list');
  });

  it('is refused when it is none', async () => {
    const html = await upload('<!doctype html>\n<html>');
    expectProblem(html, 422, 'destiny/wish-list-empty');
    expect(html.json.errors).toHaveLength(2);
    expectProblem(await upload(''), 422, 'destiny/wish-list-empty');
    expectProblem(
      await post(server.url, LISTS, { title: 'x' }, { token }),
      415,
      'destiny/wish-list-not-text',
    );
    expectProblem(await upload(A_LIST, { 'content-type': 'application/xml' }), 415);
    expectProblem(await upload(A_LIST, { 'content-encoding': 'gzip' }), 415);
    expectProblem(await upload(A_LIST, {}, '?title=%20'), 400);
    expectProblem(await upload(A_LIST, {}, '?titel=x'), 400);
    expectProblem(await get(server.url, `${LISTS}?cursor=WzFd`, { token }), 400);
    expectProblem(await get(server.url, `${LISTS}?cursor=WyJ4Il0`, { token }), 400, 'destiny/invalid-query');
    expectProblem(await get(server.url, '/api/v1/destiny/god-rolls', { token }), 400);
    expectProblem(await get(server.url, '/api/v1/destiny/god-rolls?item=4294967296', { token }), 400);
  });

  it('of bytes that are no text is taken as far as it is one', async () => {
    const made = await upload(
      Buffer.concat([
        Buffer.from('title:a'),
        Buffer.from([0, 0xff, 0xfe]),
        Buffer.from('\ndimwishlist:item=1#notes:\0x'),
      ]),
    );
    expect(made.json).toMatchObject({ title: 'a\ufffd\ufffd', rollCount: 1 });
  });

  it('past one megabyte is taken in while others are served; past ten it is refused', async () => {
    const long = `dimwishlist:item=2023002233&perks=1467527085,2969185026\n`.repeat(60_000);
    let isDone = false;
    const made = upload(long).finally(() => (isDone = true));
    let served = 0;
    while (!isDone) {
      expect((await get(server.url, LISTS, { token })).status).toBe(200);
      served += 1;
    }
    expect((await made).json).toMatchObject({ rollCount: 60_000, sizeBytes: long.length });
    expect(served).toBeGreaterThan(3);
    expectProblem(await upload('x'.repeat(10_000_001)), 413, 'destiny/wish-list-too-large');
  });

  (destinyFactsFolder === undefined ? it.skip : it)(
    'of the community is taken in (needs recorded data)',
    async () => {
      const made = await upload(readDestinyFacts('wishlist_sample_spacemonkey_s28.txt.gz'));
      expect(made.json).toMatchObject({ rollCount: 4_639, faultCount: 0 });
    },
  );
});

describe('rolls', () => {
  const evaluate = (body: object): Promise<Answer> => post(server.url, EVALUATE, body, { token });

  it('get a tier by their names', async () => {
    const { status, json } = await evaluate({
      context: 'pvp',
      weapons: [
        { archetype: 'Fusion Rifle', column3: 'Demolitionist', column4: 'Chill Clip' },
        { archetype: 'Shotgun', column3: 'Opening Shot', column4: 'Surplus' },
      ],
    });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      context: 'pvp',
      items: [
        { tier: 'S', score: 10, itemHash: null, wishList: null },
        { tier: 'C', score: 4, itemHash: null, wishList: null },
      ],
    });
  });

  it('get a score by the lists, and are told which roll they match', async () => {
    const id = idOf(await upload(A_LIST));
    const item = 2_023_002_233;
    const { json } = await evaluate({
      weapons: [
        { itemHash: item, perks: [1_467_527_085, 2_969_185_026] },
        { itemHash: item, perks: [1_467_527_085, 7] },
        { itemHash: item, perks: [42] },
        { itemHash: 5 },
      ],
    });
    expect(json.items).toMatchObject([
      {
        itemHash: item,
        tier: null,
        score: null,
        wishList: {
          score: 1,
          matchedColumns: 2,
          hitCount: 1,
          hits: [{ listId: id, listTitle: 'Mine', position: 0, notes: 'For raids', isSelected: true }],
          trash: [],
        },
      },
      { wishList: { score: 0.25, matchedColumns: 1, hitCount: 0, hits: [] } },
      { wishList: { score: 0, trashCount: 1, trash: [{ position: 2, notes: 'not this', isTrash: true }] } },
      { wishList: { score: 0, hitCount: 0, trashCount: 0 } },
    ]);
    token = (await newPerson(server.url)).accessToken;
    const other = await evaluate({ weapons: [{ itemHash: item, perks: [1_467_527_085, 2_969_185_026] }] });
    expect(other.json.items[0].wishList).toMatchObject({ score: 0, hitCount: 0 });
  });

  it.each([
    ['none', { weapons: [] }],
    ['too many', { weapons: Array.from({ length: 26 }, () => ({ itemHash: 1 })) }],
    ['of another context', { context: 'raid', weapons: [{ itemHash: 1 }] }],
    ['with a perk that is no hash', { weapons: [{ itemHash: 1, perks: [4_294_967_296] }] }],
    ['with a blank name', { weapons: [{ column3: ' ' }] }],
    ['with something else', { weapons: [{ hash: 1 }] }],
    ['null', { weapons: [null] }],
  ])('are refused when they are %s', async (_what, body) => {
    expectProblem(await evaluate(body), 400);
  });
});
