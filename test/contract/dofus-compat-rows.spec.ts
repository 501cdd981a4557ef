import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { type Answer, call as fetchAnswer, DATA, INGEST, MARKET, send, USER } from './compat-calls.js';
import { COMPAT_ROWS, type CompatRow, type CompatWorld, TOKEN } from './compat-rows.js';

// Whether every call of the original's clients is served at all; what it says is for the specs of the features. Rows run in
// their order, since later ones need what earlier ones have made.

let database: TestDatabase;
let server: ServerProcess;
let world: CompatWorld;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startServerProcess({ DATABASE_URL: database.url });
  const [item] = await queryRows<{
    itemId: number;
    itemName: string;
    recipeId: number;
    ingredientId: number;
  }>(
    database.url,
    `SELECT i.id AS "itemId", i.label AS "itemName", r.id AS "recipeId",
       (SELECT min(g.item_id) FROM market.recipe_ingredient g WHERE g.recipe_id = r.id) AS "ingredientId"
     FROM market.recipe r JOIN market.item i ON i.id = r.result_item_id WHERE i.external_id = 44`,
  );
  const none = '00000000-0000-7000-8000-00000000dead';
  world = {
    ...item!,
    server: 'Hell Mina',
    observationId: 1,
    profileId: none,
    listId: none,
    messageId: none,
  };
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

const call = ({ method, path, body, hasToken = false }: CompatRow): Promise<Answer> =>
  send(server, method, path(world), body?.(world), hasToken ? TOKEN : {});

/** What the original says where nothing answers. */
function isServed({ status, body }: Answer): boolean {
  if (status === 404) return (body as { error?: string } | undefined)?.error !== 'not_found';
  const error = (body as { error?: string } | null | undefined)?.error;
  const unknown = ['Missing or invalid resource parameter', 'Invalid mode parameter', 'invalid_type'];
  return status !== 405 && !(status === 400 && unknown.includes(error ?? ''));
}

const named = (rows: readonly CompatRow[]): [string, CompatRow][] => rows.map((row) => [row.name, row]);

describe('every call of the clients', () => {
  it('has a row of its own', () => {
    expect(COMPAT_ROWS.length).toBeGreaterThan(70);
    expect(new Set(COMPAT_ROWS.map(({ name }) => name)).size).toBe(COMPAT_ROWS.length);
  });

  it.each(named(COMPAT_ROWS))('%s is answered as the original may', async (_name, row) => {
    const answer = await call(row);
    expect({ isServed: isServed(answer), status: answer.status, body: answer.body }).toEqual({
      isServed: true,
      status: row.statuses.find((status) => status === answer.status) ?? row.statuses,
      body: answer.body,
    });
    row.keep?.(world, answer.body);
  });
});

describe('who calls', () => {
  const refusals = async (
    base: ServerProcess,
    rows: readonly CompatRow[],
    headers: object,
    status: number,
    error: string,
  ): Promise<void> => {
    for (const row of rows) {
      const answer = await send(base, row.method, row.path(world), row.body?.(world), headers);
      expect({ row: row.name, status: answer.status, error: answer.body.error }).toEqual({
        row: row.name,
        status,
        error,
      });
    }
  };

  it('with a wrong token is refused everywhere, whatever else may be wrong', async () => {
    // The bank's own writes say 401 to a wrong token as well, as the original's do.
    const isBankWrite = ({ method, name }: CompatRow): boolean =>
      method !== 'GET' && name.endsWith('resource=bank');
    const wrong = { Authorization: 'Bearer wrong' };
    await refusals(
      server,
      COMPAT_ROWS.filter((row) => !isBankWrite(row)),
      wrong,
      403,
      'forbidden',
    );
    await refusals(server, COMPAT_ROWS.filter(isBankWrite), wrong, 401, 'unauthorized');
  });

  it('without a token may not correct or delete, though the mount is open', async () => {
    // Recipes are anybody's to add; whose may be changed by whom is for their own spec.
    const isAddition = ({ name }: CompatRow): boolean => name === 'POST resource=recipes';
    const guarded = COMPAT_ROWS.filter(
      (row) =>
        row.hasToken === true &&
        row.method !== 'GET' &&
        !row.path(world).startsWith(USER) &&
        !isAddition(row),
    );
    expect(guarded.length).toBeGreaterThan(5);
    await refusals(server, guarded, {}, 401, 'unauthorized');
  });

  it('without a token is nobody where the mount is closed', async () => {
    const closed = await startServerProcess({ DATABASE_URL: database.url, COMPAT_DOFUS_ANONYMOUS: 'off' });
    try {
      await refusals(closed, COMPAT_ROWS, {}, 401, 'unauthorized');
    } finally {
      await closed.stop();
    }
  });

  it('without a token only reads where the mount is open for reading', async () => {
    const readable = await startServerProcess({
      DATABASE_URL: database.url,
      COMPAT_DOFUS_ANONYMOUS: 'read',
    });
    try {
      // A route is only worked out, however it is asked for.
      const writes = COMPAT_ROWS.filter(
        ({ method, name }) => method !== 'GET' && !/mode=(optimize|leveling)$/.test(name),
      );
      await refusals(readable, writes, {}, 401, 'unauthorized');
    } finally {
      await readable.stop();
    }
  });
});

describe('a method that an address does not know', () => {
  it.each([
    [INGEST, 'POST'],
    [`${DATA}?resource=items`, 'GET, POST, PUT, DELETE'],
    [`${MARKET}?resource=observations`, 'GET, POST, PUT, DELETE'],
    [`${USER}?resource=profiles`, 'GET, POST, PUT, DELETE'],
  ])('is 405 at %s, with Allow', async (path, allowed) => {
    const { status, headers, body } = await fetchAnswer(server, path, { method: 'PATCH', headers: TOKEN });
    expect([status, headers.get('allow'), body.error]).toEqual([405, allowed, 'method_not_allowed']);
  });

  it.each([
    ['PUT', `${DATA}?resource=known_items`, 'GET, POST'],
    ['POST', `${DATA}?resource=consumables`, 'GET'],
    ['DELETE', `${DATA}?resource=categories`, 'GET'],
    ['POST', `${MARKET}?resource=market`, 'GET'],
    ['DELETE', `${MARKET}?resource=timeseries`, 'GET'],
    ['GET', `${MARKET}?resource=observations`, 'POST, PUT, DELETE'],
  ])('%s of %s is 405, with what the resource allows', async (method, path, allowed) => {
    const { status, headers, body } = await send(server, method, path);
    expect([status, headers.get('allow'), body.error]).toEqual([405, allowed, 'method_not_allowed']);
  });
});
