import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { READ_TOKEN, type ServerProcess, startServerProcess } from '../support/server-process.js';

describe('the built application', () => {
  let database: TestDatabase;
  let server: ServerProcess;

  beforeAll(async () => {
    database = await createTestDatabase();
    server = await startServerProcess({ DATABASE_URL: database.url });
  });

  afterAll(async () => {
    await server.stop();
    await database.drop();
  });

  it('is ready, serves Swagger UI and a first read', async () => {
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
    expect((await fetch(`${server.url}/docs`)).status).toBe(200);
    const games = await fetch(`${server.url}/api/v1/market/games`, {
      headers: { authorization: `Bearer ${READ_TOKEN}` },
    });
    expect(await games.json()).toEqual({ items: [{ key: 'dofus', name: 'Dofus' }] });
  });
});
