import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { shippedCatalog } from '../../src/destiny/catalysts/catalog.reader.js';
import { type BungieSandbox, openBungieSandbox } from '../../src/sandbox/bungie/bungie-sandbox.js';
import { type Answer, call, get, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { bungieSettings, CLIENT, DESTINY, DestinyPeople, KEY, ownUrl } from '../support/destiny-person.js';
import { newPerson, type Person } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';

// A player from the first click to the notice that a catalyst is done, against the stand-in of Bungie.net and over HTTP alone.

const DAY_MS = 86_400_000;

let database: TestDatabase;
let sandbox: BungieSandbox;
let server: ServerProcess;
let people: DestinyPeople;
let ada: Person;
let grace: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  const { catalysts } = shippedCatalog();
  sandbox = await openBungieSandbox({
    clients: [CLIENT],
    apiKey: KEY,
    catalysts,
    bornMs: Date.now() - 60 * DAY_MS,
  });
  server = await startServerProcess({ DATABASE_URL: database.url, ...bungieSettings(sandbox) });
  people = new DestinyPeople(server.url, database, sandbox);
  ada = await newPerson(server.url);
  grace = await newPerson(server.url);
}, 120_000);

afterAll(async () => {
  await server.stop();
  await sandbox.close();
  await database.drop();
});

const read = (who: Person, path: string): Promise<Answer> => people.read(who, path);
const later = (who: Person): Promise<unknown> => people.later(who);
const sync = (who: Person): Promise<Record<string, unknown>> => people.sync(who);

describe('before anything is connected', () => {
  it('every catalyst is there and unknown, and nothing is asked of Bungie', async () => {
    const { json, status } = await read(ada, '/catalysts');
    expect(status).toBe(200);
    expect(json).toMatchObject({ total: 141, asOf: null, isStale: false, recordsState: 'absent' });
    expect(new Set(json.items.map(({ state }: { state: string }) => state))).toEqual(new Set(['unknown']));
    expect((await read(ada, '/sync/status')).json).toMatchObject({ state: 'unknown', mintedAt: null });
    expect((await read(ada, '/weapons')).json).toMatchObject({
      items: [],
      total: 0,
      inventoryState: 'absent',
    });
    expect((await post(server.url, `${DESTINY}/sync`, undefined, { token: ada.accessToken })).status).toBe(
      409,
    );
  });

  it('facts are served to everybody with an account', async () => {
    const { json } = await read(ada, '/definitions/catalysts');
    expect(json.items).toHaveLength(141);
    expect(json.items[0]).toMatchObject({ name: expect.any(String), icon: expect.stringMatching(/^https:/) });
  });
});

describe('a connected player', () => {
  beforeAll(async () => {
    await people.connect(ada, 'ada');
    await people.connect(grace, 'grace');
    expect((await read(ada, '/link')).json).toMatchObject({ state: 'connected' });
    expect((await read(grace, '/link')).json).toMatchObject({ state: 'connected' });
    expect(await sync(ada)).toMatchObject({ state: 'succeeded', error: null });
    expect(await sync(grace)).toMatchObject({ state: 'succeeded' });
  }, 90_000);

  it('sees states and percents as they are at Bungie, each its own', async () => {
    for (const [who, name] of [
      [ada, 'ada'],
      [grace, 'grace'],
    ] as const) {
      const { json } = await read(who, '/catalysts?sort=name');
      expect(json).toMatchObject({ recordsState: 'present', isStale: false, total: 141 });
      const summary = (await read(who, '/catalysts/summary')).json;
      const states = json.items.map(({ state }: { state: string }) => state) as string[];
      expect(states.filter((state) => state === 'complete')).toHaveLength(summary.complete);
      expect(summary.total).toBe(141);
      const { membershipId } = sandbox.player(name).profile;
      const [{ stored }] = (await queryRows(
        ownUrl(database, who),
        'SELECT membership_id AS stored FROM destiny.membership WHERE user_id = $1 AND is_active',
        [who.id],
      )) as [{ stored: string }];
      expect(stored).toBe(membershipId);
    }
    const [one, other] = await Promise.all([read(ada, '/catalysts'), read(grace, '/catalysts')]);
    expect(one.json.items).not.toEqual(other.json.items);
  });

  it('filters, sorts and pages', async () => {
    const found = await read(ada, '/catalysts?state=complete,in_progress&sort=pct&limit=3');
    expect(found.json.items).toHaveLength(3);
    const rest = await read(
      ada,
      `/catalysts?state=complete,in_progress&limit=3&cursor=${found.json.nextCursor}`,
    );
    const hashes = [...found.json.items, ...rest.json.items].map(({ recordHash }) => recordHash as number);
    expect(new Set(hashes).size).toBe(hashes.length);
    expect((await read(ada, '/catalysts?minPct=60&maxPct=40')).status).toBe(400);
    expect((await read(ada, '/catalysts?state=lost')).status).toBe(400);
    expect((await read(ada, '/catalysts?cursor=bm9uc2Vuc2U')).status).toBe(400);
    expect((await read(ada, '/catalysts/1')).status).toBe(404);
  });

  it('answers 304 to who holds the list, and anew when it has changed', async () => {
    const first = await read(ada, '/catalysts');
    const etag = first.headers.get('etag')!;
    const headers = { 'if-none-match': etag };
    const token = ada.accessToken;
    expect((await call(server.url, 'GET', `${DESTINY}/catalysts`, { token, headers })).status).toBe(304);
    const { recordHash } = first.json.items[0];
    const path = `${DESTINY}/catalysts/${recordHash}/tracking`;
    expect((await call(server.url, 'PUT', path, { token })).json).toEqual({ recordHash, isTracked: true });
    expect((await call(server.url, 'GET', `${DESTINY}/catalysts`, { token, headers })).status).toBe(200);
    expect((await read(ada, '/catalysts?isTracked=true')).json.total).toBe(1);
    expect((await call(server.url, 'DELETE', path, { token })).json).toEqual({
      recordHash,
      isTracked: false,
    });
  });

  it('has weapons with what is plugged in and what could be, where they lie', async () => {
    const { json } = await read(ada, '/weapons?limit=200');
    expect(json.total).toBeGreaterThan(10);
    const locations = new Set(json.items.map(({ location }: { location: string }) => location));
    expect(locations.has('equipped')).toBe(true);
    expect(locations.has('vault')).toBe(true);
    for (const { location, isEquipped, characterId } of json.items) {
      expect(isEquipped).toBe(location === 'equipped');
      expect(characterId === null).toBe(location === 'vault');
    }
    const [weapon] = json.items;
    const one = await read(ada, `/weapons/${weapon.itemInstanceId}`);
    expect(one.json).toMatchObject({ itemHash: weapon.itemHash });
    expect((await read(grace, `/weapons/${weapon.itemInstanceId}`)).status).toBe(404);
    const body = `dimwishlist:item=${weapon.itemHash}&perks=\ndimwishlist:item=-${weapon.itemHash}&perks=42`;
    await call(server.url, 'POST', `${DESTINY}/wishlists`, {
      token: ada.accessToken,
      headers: { 'content-type': 'text/plain' },
      body,
    });
    expect((await read(ada, `/weapons/${weapon.itemInstanceId}/matches`)).json).toMatchObject({
      score: 1,
      hitCount: 1,
      trashCount: 0,
      hits: [{ itemHash: weapon.itemHash, isSelected: true }],
    });
    expect((await read(grace, `/weapons/${weapon.itemInstanceId}/matches`)).status).toBe(404);
    const groups = await read(ada, '/weapons/aggregate?groupBy=location');
    expect(groups.json.items.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(
      json.total,
    );
  });

  it('is refused a second copy within a minute', async () => {
    await sync(ada);
    const again = await post(server.url, `${DESTINY}/sync`, undefined, { token: ada.accessToken });
    expect(again.status).toBe(429);
    expect(Number(again.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('does not see another player’s runs', async () => {
    await later(ada);
    const begun = await post(server.url, `${DESTINY}/sync`, undefined, { token: ada.accessToken });
    expect((await read(grace, `/sync/${begun.json.id}`)).status).toBe(404);
  });

  it('makes progress that is history, forecast, plan and notice', async () => {
    for (let day = 0; day < 20; day += 1) {
      sandbox.advance(DAY_MS);
      await sync(ada);
    }
    const { json } = await read(ada, '/catalysts?state=in_progress,complete&sort=pct');
    const histories = await Promise.all(
      json.items.map(({ recordHash }: { recordHash: number }) =>
        read(ada, `/catalysts/${recordHash}/history`),
      ),
    );
    const history = histories.find((answer) =>
      answer.json.series.some(({ points }: { points: unknown[] }) => points.length > 2),
    );
    const moved = history.json as { recordHash: number };
    const days = await read(ada, `/catalysts/${moved.recordHash}/history?bucket=day`);
    expect(days.json.series[0].points.length).toBeLessThanOrEqual(history.json.series[0].points.length);
    const eta = await read(ada, `/catalysts/${moved.recordHash}/eta`);
    expect(['estimated', 'stalled', 'unknown', 'complete']).toContain(eta.json.state);
    const plan = await read(ada, '/catalysts/plan?minutes=120');
    expect(plan.json.minutes).toBeLessThanOrEqual(120);
    expect(plan.json.groups.length).toBeGreaterThan(0);
    const told = await get(server.url, '/api/v1/notifications', { token: ada.accessToken });
    const topics = told.json.items.map(({ topic }: { topic: string }) => topic) as string[];
    expect(topics).toContain('destiny.catalyst-progress');
  }, 120_000);
});

describe('when Bungie fails', () => {
  it('shows what was read before, and says in which state the copy is', async () => {
    const before = await read(ada, '/catalysts');
    sandbox.faults.next({ path: '/Profile/', errorCode: 5, count: 3 });
    await later(ada);
    const begun = await post(server.url, `${DESTINY}/sync`, undefined, { token: ada.accessToken });
    expect(begun.status).toBe(202);
    await waitUntil('the run rests', 30_000, async () => {
      const { json } = await read(ada, '/sync/status');
      return json.state === 'rate_limited' ? true : undefined;
    });
    expect((await read(ada, '/catalysts')).json.items).toEqual(before.json.items);
  }, 60_000);
});

describe('the original’s sign-in', () => {
  it('connects the account of the token, whose token it answers with, once per code', async () => {
    const lin = await newPerson(server.url);
    const token = lin.accessToken;
    const begun = await get(server.url, '/compat/destiny/auth/url', { token });
    const code = await people.agree((begun.json as { auth_url: string }).auth_url, 'ada');
    const path = '/compat/destiny/auth/callback';
    const done = await post(server.url, path, { code, user_uuid: grace.id }, { token });
    expect(done.status).toBe(200);
    expect(done.json).toEqual({
      status: 'success',
      access_token: token,
      token_type: 'bearer',
      expires_in: expect.any(Number),
    });
    const verified = await get(server.url, '/compat/destiny/auth/verify', { token });
    expect(verified.json).toEqual({ status: 'ok', bungie_id: expect.stringMatching(/^\d+$/) });
    expect((await post(server.url, path, { code }, { token })).status).toBe(400);
    const refreshed = await post(server.url, '/compat/destiny/auth/refresh', undefined, { token });
    expect(refreshed.json).toMatchObject({ access_token: token });
    expect((await get(server.url, '/compat/destiny/api/profile', { token })).json).toMatchObject({
      id: lin.id,
      bungie_id: (verified.json as { bungie_id: string }).bungie_id,
    });
  });
});
