import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { shippedCatalog } from '../../src/destiny/catalysts/catalog.reader.js';
import { type BungieSandbox, openBungieSandbox } from '../../src/sandbox/bungie/bungie-sandbox.js';
import { expectProblem } from '../support/answer-shapes.js';
import { type Answer, call, get, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { bungieSettings, CLIENT, DESTINY, DestinyPeople, KEY, ownUrl } from '../support/destiny-person.js';
import { newPerson, type Person } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';

// A player shows others how far they are: by links that end, as files and as pictures.

const DAY_MS = 86_400_000;
const SHARES = `${DESTINY}/shares`;
const WELL_FORMED = /^(?:<\/?\w+(?: [\w:-]+="[^"<]*")* ?>|[^<>"]|")*$/;

interface Share {
  id: string;
  slug: string;
  path: string;
  cardPath: string;
}

let database: TestDatabase;
let sandbox: BungieSandbox;
let server: ServerProcess;
let people: DestinyPeople;
let ada: Person;
let grace: Person;
let moved: number;

beforeAll(async () => {
  database = await createTestDatabase();
  const { catalysts } = shippedCatalog();
  sandbox = await openBungieSandbox({
    clients: [CLIENT],
    apiKey: KEY,
    catalysts,
    bornMs: Date.now() - 60 * DAY_MS,
  });
  server = await startServerProcess({
    DATABASE_URL: database.url,
    RATE_LIMITS: 'on',
    ...bungieSettings(sandbox),
  });
  people = new DestinyPeople(server.url, database, sandbox);
  ada = await newPerson(server.url);
  grace = await newPerson(server.url);
  await people.connect(ada, 'ada');
  for (let day = 0; day < 8; day += 1) {
    sandbox.advance(DAY_MS);
    expect(await people.sync(ada)).toMatchObject({ state: 'succeeded' });
  }
  const { json } = await people.read(ada, '/catalysts?state=in_progress');
  moved = json.items.find((one: { progressedAt: string | null }) => one.progressedAt !== null).recordHash;
}, 180_000);

afterAll(async () => {
  await server.stop();
  await sandbox.close();
  await database.drop();
});

async function share(body: object, who = ada): Promise<Share> {
  const { json, status, text } = await post(server.url, SHARES, body, { token: who.accessToken });
  if (status !== 201) throw new Error(text);
  return json as Share;
}

/** As somebody without an account. */
const stranger = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  get(server.url, path, { token: null, headers });

const revoke = (who: Person, id: string): Promise<Answer> =>
  call(server.url, 'DELETE', `${SHARES}/${id}`, { token: who.accessToken });

/** Nothing by which the player could be found elsewhere. */
async function expectNobody(text: string): Promise<void> {
  const [membership] = (await queryRows(
    ownUrl(database, ada),
    'SELECT id, membership_id, display_name FROM destiny.membership WHERE user_id = $1',
    [ada.id],
  )) as [{ id: string; membership_id: string; display_name: string }];
  for (const secret of [ada.id, ada.email, membership.id, membership.membership_id, membership.display_name])
    expect(text).not.toContain(secret);
}

describe('a link', () => {
  it('shows a stranger the counts and the nearest, and nobody’s name', async () => {
    const made = await share({ shows: 'summary' });
    const own = (await people.read(ada, '/catalysts/summary')).json;
    const seen = await stranger(made.path);
    expect(seen.status).toBe(200);
    expect(seen.json).toMatchObject({ shows: 'summary', displayName: null, asOf: own.asOf });
    const { total, complete, inProgress, bySlot, byElement } = own;
    expect(seen.json.summary).toMatchObject({ total, complete, inProgress, bySlot, byElement });
    const nearest = (await people.read(ada, '/catalysts?state=in_progress&sort=pct&limit=3')).json.items;
    const hashes = (items: { recordHash: number }[]): number[] => items.map(({ recordHash }) => recordHash);
    expect(hashes(seen.json.items)).toEqual(hashes(nearest));
    await expectNobody(seen.text);
  });

  it('shows the list or one catalyst, and no instants of play', async () => {
    const list = (await stranger((await share({ shows: 'list', displayName: 'Ada' })).path)).json;
    expect(list).toMatchObject({ displayName: 'Ada', summary: { total: 141 } });
    expect(list.items).toHaveLength(141);
    const own = (await people.read(ada, `/catalysts/${moved}`)).json;
    const one = await stranger((await share({ shows: 'catalyst', recordHash: moved })).path);
    expect(one.json.summary).toBeNull();
    expect(one.json.items).toEqual([
      list.items.find((item: { recordHash: number }) => item.recordHash === moved),
    ]);
    const { recordHash, state, pct, objectives } = own;
    expect(one.json.items[0]).toMatchObject({ recordHash, state, pct, objectives });
    for (const key of ['isTracked', 'foundAt', 'completedAt', 'progressedAt'])
      expect(one.json.items[0]).not.toHaveProperty(key);
    await expectNobody(one.text);
  });

  it('is cached for a minute by anybody, and answers 304', async () => {
    const { path, cardPath } = await share({ shows: 'list' });
    for (const address of [path, cardPath]) {
      const first = await stranger(address);
      expect(first.headers.get('cache-control')).toBe('public, max-age=60');
      expect(first.headers.get('x-robots-tag')).toBe('noindex');
      expect(first.headers.get('ratelimit-policy')).toMatch(/^"destiny-shares"/);
      const again = await stranger(address, { 'if-none-match': first.headers.get('etag')! });
      expect(again.status).toBe(304);
    }
  });

  it('has a card that tells no more than it does', async () => {
    const name = `<script>alert("1")</script> & 'Ada'`;
    const whole = await stranger((await share({ shows: 'summary', displayName: name })).cardPath);
    expect(whole.headers.get('content-type')).toMatch(/^image\/svg\+xml/);
    expect(whole.text).toMatch(WELL_FORMED);
    expect(whole.text).toContain('&lt;script&gt;');
    const { catalysts } = shippedCatalog();
    const one = await stranger((await share({ shows: 'catalyst', recordHash: moved })).cardPath);
    const named = catalysts.filter(({ name: each }) =>
      one.text.includes(`>${each.replaceAll("'", '&#39;')}<`),
    );
    expect(named.map(({ recordHash }) => recordHash)).toEqual([moved]);
    await expectNobody(whole.text + one.text);
    expect((await stranger(`${(await share({ shows: 'list' })).cardPath}?theme=pink`)).status).toBe(400);
  });

  it('is dead once it is revoked, has ended or never was, all alike', async () => {
    const revoked = await share({ shows: 'list' });
    const ended = await share({ shows: 'list' });
    expectProblem(await revoke(grace, revoked.id), 404, 'destiny/unknown-share');
    expect((await stranger(revoked.path)).status).toBe(200);
    expect((await revoke(ada, revoked.id)).status).toBe(204);
    expectProblem(await revoke(ada, revoked.id), 404, 'destiny/unknown-share');
    await queryRows(database.url, `UPDATE destiny.share SET expires_at = now() WHERE id = $1`, [ended.id]);
    const never = `${DESTINY}/public/shares/${'A'.repeat(22)}`;
    const problems = await Promise.all(
      [revoked.path, ended.path, never, `${DESTINY}/public/shares/x`].map(async (path) => {
        const answer = await stranger(path);
        expectProblem(answer, 404, 'destiny/unknown-share');
        expect((await stranger(`${path}/card.svg`)).status).toBe(404);
        expect(answer.headers.get('cache-control')).toBe('no-store');
        const { instance: _instance, ...problem } = answer.json;
        return JSON.stringify(problem);
      }),
    );
    expect(new Set(problems.map((text) => text.replace(/"(requestId|traceId)":"[^"]*"/g, ''))).size).toBe(1);
  });

  it('shows nothing of an account that has no Destiny account', async () => {
    const seen = (await stranger((await share({ shows: 'list' }, grace)).path)).json;
    expect(seen).toMatchObject({ asOf: null, summary: { total: 141, complete: 0, found: 0 } });
    expect(new Set(seen.items.map(({ state }: { state: string }) => state))).toEqual(new Set(['unknown']));
  });

  it('is listed to its owner alone, and made once per Idempotency-Key', async () => {
    const eve = await newPerson(server.url);
    const sent = { token: eve.accessToken, headers: { 'idempotency-key': 'once' } };
    const [first, second] = [
      await post(server.url, SHARES, { shows: 'list', validForS: 3_600 }, sent),
      await post(server.url, SHARES, { shows: 'list', validForS: 3_600 }, sent),
    ];
    expect(second.json).toEqual(first.json);
    const listed = (await people.read(eve, '/shares')).json;
    expect(listed.items).toEqual([first.json]);
    const { createdAt, expiresAt } = first.json;
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(3_600_000);
    expect((await people.read(grace, '/shares')).text).not.toContain(first.json.slug);
  });

  it.each([
    ['nothing', {}, 400],
    ['an unknown kind', { shows: 'weapons' }, 400],
    ['an hour less a second', { shows: 'list', validForS: 3_599 }, 400],
    ['more than a year', { shows: 'list', validForS: 31_536_001 }, 400],
    ['a name of 41 characters', { shows: 'list', displayName: 'x'.repeat(41) }, 400],
    ['a name that cannot be seen', { shows: 'list', displayName: '  ' }, 400],
    ['one catalyst without saying which', { shows: 'catalyst' }, 422],
    ['a catalyst that there is not', { shows: 'catalyst', recordHash: 1 }, 422],
    ['a list and a catalyst', { shows: 'list', recordHash: 1 }, 422],
  ])('is refused with %s', async (_what, body, status) => {
    expect((await post(server.url, SHARES, body, { token: ada.accessToken })).status).toBe(status);
  });
});

describe('files', () => {
  it('hold how every catalyst stands', async () => {
    const list = (await people.read(ada, '/catalysts?sort=name')).json;
    const json = await people.read(ada, '/catalysts/export');
    expect(json.headers.get('content-disposition')).toBe('attachment; filename="destiny-catalysts.json"');
    expect(json.json.items).toEqual(list.items);
    const csv = await people.read(ada, '/catalysts/export?format=csv');
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="destiny-catalysts.csv"');
    const lines = csv.text.trimEnd().split('\r\n');
    expect(lines).toHaveLength(142);
    expect(lines.filter((line) => line.includes(',complete,'))).toHaveLength(
      list.items.filter(({ state }: { state: string }) => state === 'complete').length,
    );
    expect((await people.read(ada, '/catalysts/export?format=xml')).status).toBe(400);
  });

  it('hold every move, the caller’s own', async () => {
    const history = (await people.read(ada, `/catalysts/${moved}/history`)).json;
    const json = await people.read(ada, '/catalysts/export/history');
    expect(json.headers.get('content-disposition')).toBe(
      'attachment; filename="destiny-catalyst-history.json"',
    );
    const { items } = JSON.parse(json.text) as {
      items: { at: string; recordHash: number; progress: number }[];
    };
    const [{ count }] = (await queryRows(
      ownUrl(database, ada),
      'SELECT count(*)::int AS count FROM destiny.catalyst_progress WHERE user_id = $1',
      [ada.id],
    )) as [{ count: number }];
    expect(items).toHaveLength(count);
    const points = history.series.flatMap(({ points: each }: { points: object[] }) => each) as object[];
    expect(items.filter(({ recordHash }) => recordHash === moved)).toHaveLength(points.length);
    expect(items.map(({ at }) => at)).toEqual(items.map(({ at }) => at).sort());
    const csv = await people.read(ada, '/catalysts/export/history?format=csv');
    expect(csv.text.trimEnd().split('\r\n')).toHaveLength(count + 1);
    expect((await people.read(grace, '/catalysts/export/history')).json).toEqual({ items: [] });
  });
});

describe('pictures', () => {
  it('show progress with its forecast, and a card', async () => {
    const { json: facts } = await people.read(ada, `/catalysts/${moved}`);
    const path = `${DESTINY}/catalysts/${moved}/progress.svg`;
    const token = ada.accessToken;
    const first = await get(server.url, `${path}?width=640&height=240&theme=dark`, { token });
    expect(first.headers.get('content-type')).toMatch(/^image\/svg\+xml/);
    expect(first.text).toMatch(WELL_FORMED);
    expect(first.text).toContain('width="640" height="240"');
    expect(first.text).toContain(facts.name.replaceAll("'", '&#39;'));
    expect(first.text).toContain(`${facts.pct} %`);
    const headers = { 'if-none-match': first.headers.get('etag')! };
    const again = await get(server.url, `${path}?width=640&height=240&theme=dark`, { token, headers });
    expect(again.status).toBe(304);
    expect((await get(server.url, `${path}?width=10`, { token })).status).toBe(400);
    expect((await get(server.url, `${DESTINY}/catalysts/1/progress.svg`, { token })).status).toBe(404);
    const summary = (await people.read(ada, '/catalysts/summary')).json;
    const card = await people.read(ada, '/catalysts/card.svg');
    expect(card.text).toMatch(WELL_FORMED);
    expect(card.text).toContain(`${summary.complete} / ${summary.total}`);
    expect((await people.read(grace, '/catalysts/card.svg')).text).toContain('none in progress');
  });
});
