import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { MARKET_FRAMES } from '../../src/market/stream/market.frames.js';
import { call, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { LiveClient, type LiveOptions, type SeenFrame, ticketOf } from '../support/live-client.js';
import { newPerson, type Person } from '../support/people.js';
import {
  ADMIN_TOKEN,
  READ_TOKEN,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.js';

/** Live prices over sockets, of two processes on one database, and what ends a socket of the built program. */
let database: TestDatabase;
let server: ServerProcess;
let other: ServerProcess;
let person: Person;
let clock = Date.now() - 3_600_000;
const HERE = { game: 'dofus', server: 'draconiros' };

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url, TRUST_PROXY: '1' });
  other = await startServerProcess({ DATABASE_URL: database.url, GUILDHALL_ROLE: 'api' });
  person = await newPerson(server.url);
  await observe({ 44: 10, 45: 20, 46: 30 });
});

afterAll(async () => {
  await Promise.all([server.stop(), other.stop()]);
  await database.drop();
});

async function runAsOwner(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
async function observe(prices: Record<number, number>): Promise<void> {
  clock += 1_000;
  const points = Object.entries(prices).map(([externalId, unitPrice]) => ({
    externalId: Number(externalId),
    unitPrice,
    capturedAt: new Date(clock).toISOString(),
  }));
  const answer = await post(server.url, OBSERVATIONS_PATH, points);
  if (answer.status !== 201) throw new Error(answer.text);
}
const itemIds = async (...externalIds: number[]): Promise<number[]> => {
  const path = OBSERVATIONS_PATH.replace('observations', `prices?externalIds=${externalIds.join()}`);
  const { items } = (await get(server.url, path)).json as { items: { itemId: number; externalId: number }[] };
  return externalIds.map((id) => items.find(({ externalId }) => externalId === id)!.itemId);
};
const open = (at = server, options: LiveOptions = { token: READ_TOKEN }): Promise<LiveClient> =>
  LiveClient.open(at.url, MARKET_FRAMES, options);
const pricesOf = (client: LiveClient): [number, number | null][] =>
  client.frames
    .filter(({ event }) => event === 'price' || event === 'snapshot')
    .flatMap(({ data }) => data.prices as { itemId: number; unitPrice: number | null }[])
    .map(({ itemId, unitPrice }) => [itemId, unitPrice]);
const told = (client: LiveClient, price: number): Promise<SeenFrame> =>
  client.next(`it is told ${price}`, ({ data }) =>
    ((data.prices ?? []) as { unitPrice: number }[]).some(({ unitPrice }) => unitPrice === price),
  );

describe('live prices', () => {
  it('are told as they change, of the items that are watched, in whatever process they were stored', async () => {
    const [ash, oak] = await itemIds(44, 45);
    const [all, far, none] = [await open(), await open(other), await open()];
    expect(await all.ask('watch', HERE)).toMatchObject({ event: 'watching', data: HERE });
    await far.ask('watch', { ...HERE, items: [ash] });
    await none.ask('watch', { ...HERE, items: [999_999] });
    await observe({ 44: 11, 45: 21 });
    await Promise.all([told(all, 21), told(far, 11)]);
    expect(pricesOf(all)).toEqual([
      [ash, 11],
      [oak, 21],
    ]);
    expect(pricesOf(far)).toEqual([[ash, 11]]);
    await all.ask('unwatch', HERE);
    await far.ask('watch', { ...HERE, items: [oak] }); // in place of the one before
    await observe({ 44: 12, 45: 22 });
    await told(far, 22);
    expect(pricesOf(all).length).toBe(2);
    expect(pricesOf(none)).toEqual([]);
    for (const client of [all, far, none]) client.close();
  });

  it('go on for a client that comes back where it left off, at either process', async () => {
    const [ash, oak] = await itemIds(44, 45);
    const warm = await open(other);
    await warm.ask('watch', HERE); // both processes watch
    const gone = await open();
    const items = [ash!, oak!];
    const { version } = (await gone.ask('watch', { ...HERE, items })).data as { version: number };
    gone.close();
    await observe({ 44: 13, 46: 33 });
    await told(warm, 33);
    for (const at of [server, other]) {
      const back = await open(at);
      await back.ask('watch', { ...HERE, items, version });
      await told(back, 13);
      expect(pricesOf(back)).toEqual([[ash, 13]]);
      const anew = await open(at);
      await anew.ask('watch', { ...HERE, items, version: 0 });
      const { data } = await anew.next('a snapshot', ({ event }) => event === 'snapshot');
      expect(data).toMatchObject({ ...HERE, isLast: true });
      expect(pricesOf(anew).map(([id]) => id)).toEqual([...items].sort((a, b) => a - b));
      for (const client of [back, anew]) client.close();
    }
    warm.close();
  });

  it('are refused where there are none', async () => {
    const client = await open();
    expect((await client.ask('watch', { ...HERE, server: 'nowhere' })).data).toMatchObject({
      status: 404,
      code: 'market/unknown-server',
    });
    expect((await client.ask('watch', { ...HERE, items: [] })).data).toMatchObject({ status: 400 });
    client.close();
  });
});

describe('a socket of the program', () => {
  it('opens by a ticket once and soon, and never by one in the URL', async () => {
    const ticket = await ticketOf(server.url, person.accessToken);
    await expect(
      LiveClient.open(server.url, { ...MARKET_FRAMES, path: `/ws/market?ticket=${ticket}` }),
    ).rejects.toMatchObject({ status: 401 });
    const client = await open(other, { ticket }); // issued at one process, used at another
    await expect(open(server, { ticket })).rejects.toMatchObject({ status: 401 });
    client.close();
    const old = await ticketOf(server.url, person.accessToken);
    await runAsOwner(
      "UPDATE identity.one_time_token SET expires_at = now() - interval '1 s' WHERE kind = 'ws-ticket'",
    );
    await expect(open(server, { ticket: old })).rejects.toMatchObject({ status: 401 });
    expect(server.output() + other.output()).not.toContain(ticket);
  });

  it('ends at every process when its session does', async () => {
    const leaving = await newPerson(server.url);
    const here = await open(server, { token: leaving.accessToken });
    const far = await open(other, { ticket: await ticketOf(server.url, leaving.accessToken) });
    const answer = await call(server.url, 'POST', '/api/v1/auth/sign-out', { token: leaving.accessToken });
    expect(answer.status).toBeLessThan(300);
    const endedMs = performance.now();
    for (const client of [here, far]) expect((await client.closed).code).toBe(4401);
    expect(performance.now() - endedMs).toBeLessThan(1_000);
  });

  it('is counted at /metrics', async () => {
    const client = await open();
    await client.ask('ping');
    const { text } = await get(server.url, '/metrics', { token: ADMIN_TOKEN });
    expect(text).toMatch(/^ws_sockets_open [1-9]/m);
    expect(text).toMatch(/^ws_frames_in_total [1-9]/m);
    expect(text).toMatch(/^ws_closes_total\{code="4401"\} [1-9]/m);
    expect(text).toMatch(/^ws_upgrades_refused_total\{status="401"\} [1-9]/m);
    client.close();
  });

  it('is told goodbye when the program ends, which does not wait for it', async () => {
    const leaving = await startServerProcess({ DATABASE_URL: database.url, GUILDHALL_ROLE: 'api' });
    const clients = await Promise.all(Array.from({ length: 20 }, () => open(leaving)));
    clients[0]!.socket.pause(); // one that does not read holds nobody up
    leaving.kill('SIGTERM');
    for (const client of clients.slice(1)) {
      expect((await client.closed).code).toBe(1012);
      const { data } = client.of('bye')[0]!;
      expect(data.code).toBe(1012);
      expect(data.retryMs).toBeLessThan(5_000);
    }
    expect(new Set(clients.slice(1).map((client) => client.of('bye')[0]!.data.retryMs)).size).toBeGreaterThan(
      5,
    );
    expect(await leaving.exited).toBe(0);
  });
});

describe('docs/asyncapi.yaml', () => {
  it('is what is served (else run: npm run cli -- asyncapi)', async () => {
    const answer = await get(server.url, '/asyncapi.yaml', { token: null });
    expect(answer.headers.get('content-type')).toContain('yaml');
    expect(answer.text).toBe(readFileSync('docs/asyncapi.yaml', 'utf8'));
  });
});
