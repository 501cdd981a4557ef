import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { isSignedBy } from '../../src/platform/notifications/webhook-signature.js';
import { type Answer, call, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { EventClient } from '../support/event-client.js';
import { type FakeProvider, openFakeProvider } from '../support/fake-provider.js';
import { codeOf, Mailbox } from '../support/mailbox.js';
import { fromAnywhere, newAddress, PASSWORD, type Person, signIn } from '../support/people.js';
import {
  INGEST_TOKEN,
  READ_TOKEN,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';

/** What an account is told, from an observed price to a mailbox, a webhook, a Discord channel and two streams. */
let database: TestDatabase;
let server: ServerProcess;
let receiver: FakeProvider;
let mailbox: Mailbox;
let person: Person;
const ROOT = '/api/v1/notifications';
const ALERTS = '/api/v1/market/alerts';
const STREAM = OBSERVATIONS_PATH.replace('observations', 'stream');
const DISCORD = 'https://discord.com/api/webhooks/123456789012345678/abcdefghijklmnopqrstuvwxyz';
const DAY_MS = 86_400_000;

/** With a mail server an address has to be proved first, and so can be written to. */
async function newProvedPerson(): Promise<Person> {
  const email = newAddress();
  const headers = fromAnywhere();
  await post(server.url, '/api/v1/auth/register', { email, password: PASSWORD }, { token: null, headers });
  const code = codeOf(await mailbox.next());
  await post(server.url, '/api/v1/auth/email/verify', { code }, { token: null, headers });
  const tokens = await signIn(server.url, { email, password: PASSWORD });
  const account = await get(server.url, '/api/v1/account', { token: tokens.accessToken });
  return { ...tokens, id: account.json.id as string, email, password: PASSWORD };
}

beforeAll(async () => {
  database = await createTestDatabase();
  receiver = await openFakeProvider();
  mailbox = await Mailbox.open();
  server = await startServerProcess({
    DATABASE_URL: database.url,
    OUTBOUND_ALLOW_PRIVATE: 'true',
    DISCORD_URL: receiver.url,
    SMTP_URL: mailbox.url,
    TRUST_PROXY: '1',
  });
  person = await newProvedPerson();
});

afterAll(async () => {
  await server.stop();
  await receiver.close();
  await mailbox.close();
  await database.drop();
});

const mine = (): { token: string } => ({ token: person.accessToken });
const seen = (externalId: number, unitPrice: number, daysAgo = 0): object => ({
  externalId,
  unitPrice,
  capturedAt: new Date(Date.now() - daysAgo * DAY_MS).toISOString(),
});
/** A job of the account that nobody starts. */
async function waitingJob(): Promise<string> {
  const id = randomUUID();
  await queryRows(
    database.url,
    `INSERT INTO platform.job (id, user_id, name, queue, payload, state)
     VALUES ($1, $2, 'market.import-history', 'market-imports', '{}', 'waiting')`,
    [id, person.id],
  );
  return id;
}
const observe = (...points: object[]): Promise<Answer> => post(server.url, OBSERVATIONS_PATH, points);
const newAlert = (rule: object, name = 'Cheap'): Promise<Answer> =>
  post(server.url, ALERTS, { game: 'dofus', server: 'draconiros', name, rule }, mine());
/** What is kept of an answer that may be asked for again. */
async function storedAnswer(id: string): Promise<string> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query<{ response: string }>(
    `SELECT response::text FROM platform.idempotency_key WHERE response ->> 'id' = $1`,
    [id],
  );
  await client.end();
  return rows[0]!.response;
}

describe('an account', () => {
  it('hears by every way of a price that its alert waits for', async () => {
    const hook = await post(
      server.url,
      `${ROOT}/channels`,
      { kind: 'webhook', url: `${receiver.url}/h` },
      mine(),
    );
    expect(hook.status).toBe(201);
    const { secret } = hook.json as { secret: string };
    const discord = { kind: 'discord', url: DISCORD, label: 'guild' };
    expect((await post(server.url, `${ROOT}/channels`, discord, mine())).json).toMatchObject({
      origin: 'https://discord.com',
      secret: null,
    });
    const wishes = { items: [{ topic: 'market.alert', channel: 'mail', isEnabled: true }] };
    const put = await call(server.url, 'PUT', `${ROOT}/preferences`, { ...mine(), body: wishes });
    expect(put.json).toEqual(wishes);
    const stream = await EventClient.open(`${server.url}${ROOT}/stream`, person.accessToken);
    const market = await EventClient.open(`${server.url}${STREAM}?events=price,alert`, person.accessToken);
    await market.next('it is ready', ({ event }) => event === 'ready');

    const history = Array.from({ length: 9 }, (_, index) => seen(44, 100, index + 1));
    expect((await observe(...history)).status).toBe(201);
    const made = await newAlert({ method: 'classic', minMarginOnCostPct: 20 });
    expect(made.status).toBe(201);
    const id = made.json.id as string;
    await observe(seen(44, 60));

    const told = await stream.next('the notification', ({ event }) => event === 'notification');
    expect(told.data).toMatchObject({
      topic: 'market.alert',
      link: `${ALERTS}/${id}`,
      payload: { alertId: id, count: 1, items: [expect.objectContaining({ unitPrice: 60 })] },
      readAt: null,
    });
    expect(told.id).toBe(String(told.data.seq));
    const alert = await market.next('the alert', ({ event }) => event === 'alert');
    expect(alert.data).toMatchObject({ alertId: id, server: 'draconiros', count: 1 });
    expect(alert.id).toMatch(/^\d+-\d+$/);
    expect(market.events.some(({ event, data }) => event === 'price' && data.prices.length > 0)).toBe(true);

    const [signed, said] = await waitUntil('both hooks are called', 20_000, () => {
      const find = (path: string) => receiver.seen.find(({ url }) => url === path);
      const both = [find('/h'), find(new URL(DISCORD).pathname)] as const;
      return both[0] && both[1] && ([both[0], both[1]] as const);
    });
    const signature = String(signed.headers['guildhall-signature']);
    expect(isSignedBy(secret, signed.body, signature, Date.now() / 1_000, 60)).toBe(true);
    expect(JSON.parse(signed.body)).toMatchObject({ event: 'market.alert', payload: { alertId: id } });
    expect((JSON.parse(said.body) as { content: string }).content).toContain('60');
    const mail = await mailbox.next();
    expect(mail.to).toBe(person.email);
    expect(mail.text).toContain('60 instead of');

    const deliveries = await waitUntil('all is written down', 10_000, async () => {
      const { items } = (await get(server.url, `${ROOT}/deliveries`, mine())).json as {
        items: { state: string }[];
      };
      return items.length === 3 && items.every(({ state }) => state === 'delivered') ? items : undefined;
    });
    expect(deliveries).toHaveLength(3);
    expect((await get(server.url, `${ALERTS}/${id}`, mine())).json.matchedCount).toBe(1);
    expect(server.output()).not.toContain(secret);
    stream.close();
    market.close();
  }, 60_000);

  it('reads what it was told, page by page, and says what it has read', async () => {
    const all = (await get(server.url, ROOT, mine())).json as { items: { id: string; seq: number }[] };
    expect(all.items.length).toBeGreaterThan(0);
    const page = await get(server.url, `${ROOT}?limit=1&unread=true`, mine());
    expect(page.json.items).toEqual([all.items[0]]);
    const count = async (): Promise<number> =>
      (await get(server.url, `${ROOT}/unread-count`, mine())).json.count as number;
    expect(await count()).toBe(all.items.length);
    const read = { ids: [all.items[0]!.id, randomUUID()] };
    expect((await post(server.url, `${ROOT}/read`, read, mine())).json).toEqual({ count: 1 });
    expect((await post(server.url, `${ROOT}/read`, { upToSeq: all.items[0]!.seq }, mine())).status).toBe(200);
    expect(await count()).toBe(0);
    expectProblem(await post(server.url, `${ROOT}/read`, {}, mine()), 400, 'http/malformed');
  });

  it('that reconnects gets what it has missed, and nothing twice', async () => {
    const before = await EventClient.open(`${server.url}${ROOT}/stream`, person.accessToken);
    await waitUntil('its place is known', 5_000, () => before.lastEventId !== '');
    before.close();
    for (const [index, name] of ['one', 'two'].entries())
      await newAlert({ method: 'classic', minMarginOnCostPct: 20 + index }, name);
    await waitUntil('both are told', 20_000, async () => {
      const { items } = (await get(server.url, `${ROOT}?unread=true`, mine())).json as { items: object[] };
      return items.length === 2;
    });
    const after = await EventClient.open(
      `${server.url}${ROOT}/stream`,
      person.accessToken,
      before.lastEventId,
    );
    await waitUntil('both arrive', 10_000, () => after.events.length === 2);
    expect(after.events.map(({ data }) => data.payload.name as string).sort()).toEqual(['one', 'two']);
    after.close();
  }, 40_000);

  it('whose place lies beyond all it was told, as after a restore from a backup, goes on from where it is', async () => {
    const streams = await Promise.all([
      EventClient.open(`${server.url}${ROOT}/stream`, person.accessToken, '999999999'),
      EventClient.open(`${server.url}${STREAM}?events=alert`, person.accessToken, '999999999-999999999'),
    ]);
    const places = (): string[] => streams.map(({ lastEventId }) => lastEventId);
    await waitUntil('both are told their place', 10_000, () => places().every((place) => place !== ''));
    expect(places()).toEqual([expect.stringMatching(/^\d{1,3}$/), expect.stringMatching(/^0-\d{1,3}$/)]);
    await newAlert({ method: 'classic', minMarginOnCostPct: 25 }, 'after the restore');
    for (const stream of streams) {
      await stream.next('the news', ({ event }) => event === 'notification' || event === 'alert');
      stream.close();
    }
  }, 40_000);

  it('that sends again with the same key gets what it has made, and makes it once', async () => {
    const alert = { game: 'dofus', server: 'draconiros', name: 'Once', rule: { minProfit: 1e9 } };
    const hook = { kind: 'webhook', url: `${receiver.url}/again` };
    for (const [path, body, other] of [
      [ALERTS, alert, { ...alert, name: 'Other' }],
      [`${ROOT}/channels`, hook, { ...hook, label: 'other' }],
    ] as const) {
      const headers = { 'idempotency-key': randomUUID() };
      const send = (what: object): Promise<Answer> => post(server.url, path, what, { ...mine(), headers });
      const count = async (): Promise<number> =>
        ((await get(server.url, path, mine())).json as { items: object[] }).items.length;
      const before = await count();
      const [first, second] = [await send(body), await send(body)];
      expect([first.status, second.status]).toEqual([201, 201]);
      expect(second.json).toEqual(first.json); // a hook's secret too
      expect(second.headers.get('idempotency-replayed')).toBe('true');
      expect(await count()).toBe(before + 1);
      expectProblem(await send(other), 422, 'http/idempotency-key-reused');
      if (path !== ALERTS) {
        const { id, secret } = first.json as { id: string; secret: string };
        expect(secret).toMatch(/^whsec_/);
        expect(await storedAnswer(id)).not.toContain(secret);
        await call(server.url, 'DELETE', `${path}/${id}`, mine());
        expect((await send(body)).json).toMatchObject({ id, secret: null });
      }
    }
  });

  it('has names that can be seen and stored, or a fault that names the field', async () => {
    const alert = { game: 'dofus', server: 'draconiros', name: 'Named', rule: { minProfit: 1e9 } };
    const { id } = (await post(server.url, ALERTS, alert, mine())).json as { id: string };
    for (const text of ['a\0b', 'a\ud800', ' \n ', '']) {
      const answers: [Answer, string][] = [
        [await post(server.url, ALERTS, { ...alert, name: text }, mine()), '/name'],
        [await call(server.url, 'PATCH', `${ALERTS}/${id}`, { ...mine(), body: { name: text } }), '/name'],
        [
          await post(
            server.url,
            `${ROOT}/channels`,
            { kind: 'webhook', url: 'https://example.org', label: text },
            mine(),
          ),
          '/label',
        ],
      ];
      for (const [answer, pointer] of answers) {
        expectProblem(answer, 400, 'http/malformed');
        expect(answer.json.errors).toEqual(expect.arrayContaining([expect.objectContaining({ pointer })]));
      }
    }
  });

  it('is what an alert tells: a service token has none, and is told so', async () => {
    const alert = { game: 'dofus', server: 'draconiros', name: 'Nobody’s', rule: {} };
    const refused = await post(server.url, ALERTS, alert, { token: INGEST_TOKEN });
    expectProblem(refused, 403, 'market/alerts-need-account');
    expect(refused.json.detail).toContain('sign in');
    const stream = await get(server.url, `${STREAM}?events=price,alert`, { token: INGEST_TOKEN });
    expectProblem(stream, 403, 'market/alerts-need-account');
  });

  it('has what is refused refused', async () => {
    const channel = (body: object): Promise<Answer> => post(server.url, `${ROOT}/channels`, body, mine());
    const code = 'operations/channel-url-refused';
    expectProblem(await channel({ kind: 'webhook', url: 'ftp://example.org' }), 422, code);
    expectProblem(await channel({ kind: 'discord', url: 'https://example.org/' }), 422, code);
    expectProblem(await channel({ kind: 'pigeon', url: DISCORD }), 400, 'http/malformed');
    const twice = { topic: '*', channel: 'mail', isEnabled: true };
    for (const items of [[twice, twice], [{ ...twice, topic: 'no topic' }], 'x'])
      expectProblem(
        await call(server.url, 'PUT', `${ROOT}/preferences`, { ...mine(), body: { items } }),
        400,
        'http/malformed',
      );
    expectProblem(await get(server.url, ROOT, { token: READ_TOKEN }), 403, 'auth/forbidden');
    for (const id of [randomUUID(), 'x'])
      expectProblem(
        await post(server.url, `${ROOT}/channels/${id}/test`, undefined, mine()),
        404,
        'operations/channel-unknown',
      );
    expectProblem(await newAlert({ method: 'sideways' }), 400, 'http/malformed');
    const elsewhere = { game: 'dofus', server: 'nowhere', name: 'x', rule: {} };
    expectProblem(await post(server.url, ALERTS, elsewhere, mine()), 404, 'market/unknown-server');
  });

  it('that signs out hears nothing more', async () => {
    const token = (await signIn(server.url, person)).accessToken;
    const streams = [
      await EventClient.open(`${server.url}${ROOT}/stream`, token),
      await EventClient.open(`${server.url}${STREAM}`, token),
      await EventClient.open(`${server.url}/api/v1/jobs/${await waitingJob()}/events`, token),
    ];
    await call(server.url, 'POST', '/api/v1/auth/sign-out', { token });
    for (const stream of streams) {
      await waitUntil('it ends', 10_000, () => stream.isOver);
      expect(stream.events.at(-1)).toMatchObject({ event: 'end', data: { reason: 'token-ended' } });
    }
  });
});
