import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { EventClient, type SeenEvent } from '../support/event-client.js';
import { READ_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';
import { waitUntil } from '../support/wait-until.js';

/** Prices of a server as they happen, told by two processes on one database. */
let database: TestDatabase;
let server: ServerProcess;
let other: ServerProcess;
const STREAM = OBSERVATIONS_PATH.replace('observations', 'stream');
let clock = Date.now() - 3_600_000;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  other = await startServerProcess({ DATABASE_URL: database.url, GUILDHALL_ROLE: 'api' });
  await observe({ 44: 10, 45: 20, 46: 30 });
});

afterAll(async () => {
  await Promise.all([server.stop(), other.stop()]);
  await database.drop();
});

/** @returns ids of the observations */
async function observe(prices: Record<number, number>): Promise<number[]> {
  clock += 1_000;
  const points = Object.entries(prices).map(([externalId, unitPrice]) => ({
    externalId: Number(externalId),
    unitPrice,
    capturedAt: new Date(clock).toISOString(),
  }));
  const answer = await post(server.url, OBSERVATIONS_PATH, points);
  if (answer.status !== 201) throw new Error(answer.text);
  return (answer.json.results as { observationId: number }[]).map(({ observationId }) => observationId);
}
const itemIds = async (...externalIds: number[]): Promise<number[]> => {
  const path = OBSERVATIONS_PATH.replace('observations', `prices?externalIds=${externalIds.join()}`);
  const { items } = (await get(server.url, path)).json as { items: { itemId: number; externalId: number }[] };
  return externalIds.map((id) => items.find(({ externalId }) => externalId === id)!.itemId);
};
const listen = async (at: ServerProcess, query = '', lastEventId?: string): Promise<EventClient> => {
  const client = await EventClient.open(`${at.url}${STREAM}${query}`, READ_TOKEN, lastEventId);
  await waitUntil('its place is known', 10_000, () => client.lastEventId !== '');
  return client;
};
const pricesOf = (events: readonly SeenEvent[]): [number, number | null][] =>
  events
    .filter(({ event }) => event === 'price' || event === 'snapshot')
    .flatMap(({ data }) => data.prices as { itemId: number; unitPrice: number | null }[])
    .map(({ itemId, unitPrice }) => [itemId, unitPrice]);

describe('the stream of a server', () => {
  it('tells what changes, of the items that were asked for, in whatever process it was stored', async () => {
    const [ash, oak] = await itemIds(44, 45);
    const all = await listen(server);
    const far = await listen(other, `?items=${ash!}`);
    const none = await listen(server, '?items=999999');
    await observe({ 44: 11, 45: 21 });
    await waitUntil('both are told', 15_000, () =>
      [all, far].every(({ events }) => pricesOf(events).length > 0),
    );
    expect(pricesOf(all.events)).toEqual([
      [ash, 11],
      [oak, 21],
    ]);
    expect(pricesOf(far.events)).toEqual([[ash, 11]]);
    expect(all.events.at(-1)!.data).toMatchObject({ isLast: true, version: Number(all.lastEventId) });
    expect(all.events.at(-1)!.data.prices[0]).toMatchObject({ previousUnitPrice: 10, lots: 1 });
    expect(none.events.map(({ event }) => event)).toEqual(['ready']);
    for (const client of [all, far, none]) client.close();
  });

  it('tells a client that reconnects what it has missed, at the same process or another', async () => {
    const [ash, oak] = await itemIds(44, 45);
    const warm = await listen(other); // both processes watch
    const gone = await listen(server, `?items=${ash!},${oak!}`);
    gone.close();
    await observe({ 44: 12 });
    await observe({ 44: 13, 46: 33 });
    await waitUntil('the other process knows', 15_000, () =>
      pricesOf(warm.events).some(([, price]) => price === 33),
    );
    for (const at of [server, other]) {
      const back = await listen(at, `?items=${ash!},${oak!}`, gone.lastEventId);
      await waitUntil('it has missed one', 10_000, () => pricesOf(back.events).length > 0);
      expect(pricesOf(back.events)).toEqual([[ash, 13]]);
      const again = await listen(at, `?items=${ash!},${oak!}`, back.lastEventId);
      expect(pricesOf(again.events)).toEqual([]);
      for (const client of [back, again]) client.close();
    }
    warm.close();
  });

  it('gives everything anew where it cannot say what was missed', async () => {
    const [ash, oak] = await itemIds(44, 45);
    for (const place of ['1', '999999999999999']) {
      const client = await listen(server, `?items=${ash!},${oak!}`, place);
      expect(client.events[0]).toMatchObject({ event: 'snapshot', data: { isLast: true } });
      expect(pricesOf(client.events).map(([id]) => id)).toEqual([ash, oak].sort((a, b) => a! - b!));
      client.close();
    }
    const strange = await listen(server, '', 'what');
    expect(strange.events.map(({ event }) => event)).toEqual(['ready']);
    strange.close();
  });

  it('tells corrections and what is taken away', async () => {
    const [id] = await observe({ 47: 70 });
    const [item] = await itemIds(47);
    const client = await listen(other, `?items=${item!}`);
    await call(server.url, 'PATCH', `${OBSERVATIONS_PATH}/${id!}`, { body: { unitPrice: 71 } });
    const told = (price: number | null): Promise<boolean> =>
      waitUntil(`it is told ${price}`, 15_000, () =>
        pricesOf(client.events).some(([about, unitPrice]) => about === item && unitPrice === price),
      );
    await told(71);
    await call(server.url, 'DELETE', `${OBSERVATIONS_PATH}/${id!}`);
    await told(null);
    expect(pricesOf(client.events).slice(-2)).toEqual([
      [item, 71],
      [item, null],
    ]);
    client.close();
  });

  it('refuses what cannot be meant', async () => {
    const refused = async (query: string, status: number, code: string, token = READ_TOKEN): Promise<void> =>
      expectProblem(await get(server.url, `${STREAM}${query}`, { token }), status, code);
    const many = Array.from({ length: 501 }, (_, index) => index + 1).join();
    for (const query of [
      '?items=',
      '?items=a',
      '?items=99999999999',
      `?items=${many}`,
      '?events=',
      '?events=x',
      '?x=1',
    ])
      await refused(query, 400, 'http/malformed');
    await refused('?events=alert', 403, 'auth/forbidden');
    const nowhere = STREAM.replace('draconiros', 'nowhere');
    expectProblem(await get(server.url, nowhere), 404, 'market/unknown-server');
  });

  it('ends with its server, which says so', async () => {
    const client = await listen(other);
    await other.stop();
    await waitUntil('it ends', 10_000, () => client.isOver);
    expect(client.events.at(-1)).toMatchObject({ event: 'end', data: { reason: 'shutting-down' } });
  });
});
