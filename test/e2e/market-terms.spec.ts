import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, call, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { expectProblem } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  ADMIN_TOKEN,
  INGEST_TOKEN,
  READ_TOKEN,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';

const GAME = '/api/v1/market/games/dofus';
const TERMS = `${GAME}/terms`;
const OF_SERVER = `${GAME}/servers/draconiros/terms`;
const PRICES = OBSERVATIONS_PATH.replace('observations', 'prices');

let database: TestDatabase;
let server: ServerProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url, GUILDHALL_ROLE: 'api' });
  await post(server.url, OBSERVATIONS_PATH, [
    { externalId: 303, unitPrice: 12, capturedAt: new Date().toISOString() },
  ]);
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const put = (
  path: string,
  body: unknown,
  token: string = ADMIN_TOKEN,
  headers: Record<string, string> = {},
): Promise<Answer> => call(server.url, 'PUT', path, { body, token, headers });
const read = async (path: string): Promise<unknown> =>
  (await get(server.url, path, { token: READ_TOKEN })).json;
const etag = async (): Promise<string | null> =>
  (await get(server.url, `${PRICES}?externalIds=303`, { token: READ_TOKEN })).headers.get('etag');

describe('trade terms', () => {
  it('are nothing until somebody says so; a server follows its game until it differs, and again afterwards', async () => {
    const none = { saleTaxPct: 0, listingFeePct: 0, setFor: 'none', changedAt: null };
    expect(await read(OF_SERVER)).toEqual(none);
    expect(await read(TERMS)).toEqual({ ...none, servers: [] });

    const ofGame = await put(TERMS, { saleTaxPct: 2, listingFeePct: 0.5 });
    expect(ofGame.status).toBe(200);
    expect(ofGame.json).toMatchObject({ saleTaxPct: 2, listingFeePct: 0.5, setFor: 'game' });
    expect(await read(OF_SERVER)).toEqual(ofGame.json);

    const ofServer = await put(OF_SERVER, { saleTaxPct: 3, listingFeePct: 0 });
    expect(ofServer.json).toMatchObject({ saleTaxPct: 3, listingFeePct: 0, setFor: 'server' });
    expect(await read(OF_SERVER)).toEqual(ofServer.json);
    expect(await read(`${GAME}/servers/hell-mina/terms`)).toEqual(ofGame.json);
    expect(await read(TERMS)).toEqual({
      ...ofGame.json,
      servers: [{ server: 'draconiros', ...ofServer.json }],
    });

    expect((await call(server.url, 'DELETE', OF_SERVER, { token: ADMIN_TOKEN })).status).toBe(204);
    expect(await read(OF_SERVER)).toEqual(ofGame.json);
    const again = await call(server.url, 'DELETE', OF_SERVER, { token: ADMIN_TOKEN });
    expectProblem(again, 404, 'market/no-server-terms');
  });

  it('move the tag of prices, by the game and by the server', async () => {
    const tags = [await etag()];
    for (const path of [TERMS, OF_SERVER]) {
      await put(path, { saleTaxPct: 1, listingFeePct: 1 });
      tags.push(await etag());
    }
    await put(`${GAME}/servers/hell-mina/terms`, { saleTaxPct: 1, listingFeePct: 1 });
    expect(await etag()).toBe(tags.at(-1));
    expect(new Set(tags).size).toBe(3);
  });

  it('are changed by If-Match only when no terms of the game have changed since', async () => {
    const terms = { saleTaxPct: 1, listingFeePct: 2 };
    const tagOf = async (path: string): Promise<string> =>
      (await get(server.url, path, { token: READ_TOKEN })).headers.get('etag')!;
    const before = await tagOf(TERMS);
    expect(await tagOf(OF_SERVER)).toBe(before);
    const unchanged = { token: READ_TOKEN, headers: { 'if-none-match': before } };
    for (const path of [TERMS, OF_SERVER]) expect((await get(server.url, path, unchanged)).status).toBe(304);
    const changed = await put(OF_SERVER, terms, ADMIN_TOKEN, { 'if-match': before });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).toBe(await tagOf(TERMS));
    for (const path of [TERMS, OF_SERVER]) {
      expectProblem(await put(path, terms, ADMIN_TOKEN, { 'if-match': before }), 412, 'market/stale');
      expect((await get(server.url, path, unchanged)).status).toBe(200);
    }
    expectProblem(await put(TERMS, terms, ADMIN_TOKEN, { 'if-match': 'x' }), 400, 'market/invalid-if-match');
    const remove = (tag: string): Promise<Answer> =>
      call(server.url, 'DELETE', OF_SERVER, { token: ADMIN_TOKEN, headers: { 'if-match': tag } });
    expectProblem(await remove(before), 412, 'market/stale');
    expect((await remove(changed.headers.get('etag')!)).status).toBe(204);
  });

  it('leave an event with what they were before', async () => {
    await put(OF_SERVER, { saleTaxPct: 4, listingFeePct: 1 });
    await put(OF_SERVER, { saleTaxPct: 5, listingFeePct: 1 });
    const [event] = await queryRows<{ before: unknown; after: unknown }>(
      database.url,
      `SELECT d.before, d.after FROM platform.audit_event e JOIN platform.audit_detail d ON d.event_id = e.id
       WHERE e.action = 'market.terms-changed' ORDER BY e.id DESC LIMIT 1`,
    );
    expect(event).toEqual({
      before: { saleTaxPct: 4, listingFeePct: 1 },
      after: { saleTaxPct: 5, listingFeePct: 1 },
    });
  });

  it('are percents, given both, by an operator, of a server that exists', async () => {
    const good = { saleTaxPct: 1, listingFeePct: 1 };
    for (const wrong of [{ saleTaxPct: -1 }, { saleTaxPct: 100.5 }, { saleTaxPct: '2' }, { more: 1 }]) {
      const answer = await put(TERMS, { ...good, ...wrong });
      expectProblem(answer, 400, 'http/malformed');
      expect(answer.json.errors[0].pointer).toBe(`/${Object.keys(wrong)[0]}`);
    }
    expectProblem(await put(TERMS, { saleTaxPct: 1 }), 400, 'http/malformed');
    expect((await put(TERMS, good, INGEST_TOKEN)).status).toBe(403);
    expectProblem(await put(`${GAME}/servers/nowhere/terms`, good), 404, 'market/unknown-server');
    expectProblem(await put('/api/v1/market/games/chess/terms', good), 404, 'market/unknown-game');
  });
});
