import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';

const ITEMS = '/api/v1/market/games/dofus/items';
const GOOD = { name: 'Objet sans histoire', unitPrice: 5, capturedAt: '2026-01-01T00:00:00Z' };

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

const ingest = (body: unknown): Promise<Answer> => post(server.url, OBSERVATIONS_PATH, body);

describe('input that is strange but good', () => {
  it('has the last of two equal keys count, as everywhere in JSON', async () => {
    const answer = await ingest(
      '[{"name":"Premier","name":"Dernier","unitPrice":1,"unitPrice":2,"capturedAt":"2026-01-01T00:00:00Z"}]',
    );
    expect(answer.status).toBe(201);
    const rows = await queryRows(
      database.url,
      `SELECT i.label, o.price FROM market.observation o JOIN market.item i ON i.id = o.item_id
       WHERE o.id = $1`,
      [answer.json.results[0].observationId],
    );
    expect(rows).toEqual([{ label: 'Dernier', price: 2 }]);
  });

  it.each([
    'Épée "à" l\'œil; -- $1 \\ %_',
    '😀 smiles',
    '剣 と 盾',
    'e\u0301 decomposed',
    '\u202Eright to left',
    '\u0001\u007f controls',
    '{"name":"json"}',
    '=cmd|calc',
    'x'.repeat(255),
    '😀'.repeat(127),
    'constructor',
    '__proto__',
    'toString',
  ])('is kept letter by letter: %s', async (name) => {
    const answer = await ingest([{ ...GOOD, name, category: name, source: name }]);
    expect(answer.status).toBe(201);
    const rows = await queryRows(
      database.url,
      `SELECT i.name, s.name AS source FROM market.observation o JOIN market.item i ON i.id = o.item_id
       JOIN market.source s ON s.id = o.source_id WHERE o.id = $1`,
      [answer.json.results[0].observationId],
    );
    expect(rows).toEqual([{ name, source: name }]);
    const found = await get(server.url, `${ITEMS}?limit=200&q=${encodeURIComponent(name)}`);
    expect((found.json.items as { name: string }[]).map((item) => item.name)).toContain(name);
  });

  it('keeps two sources apart whose name and version read alike when joined', async () => {
    const at = (minute: number): string => `2026-01-02T00:${minute}:00Z`;
    const { json } = await ingest([
      { ...GOOD, unitPrice: 10, capturedAt: at(10), source: 'a\nb' },
      { ...GOOD, unitPrice: 11, capturedAt: at(11), source: 'a', sourceVersion: 'b\n' },
    ]);
    const rows = await queryRows(
      database.url,
      `SELECT s.name, s.version FROM market.observation o JOIN market.source s ON s.id = o.source_id
       WHERE o.id = ANY ($1) ORDER BY o.captured_at`,
      [(json.results as { observationId: number }[]).map(({ observationId }) => observationId)],
    );
    expect(rows).toEqual([
      { name: 'a\nb', version: '' },
      { name: 'a', version: 'b\n' },
    ]);
  });

  it('may span every month of the market in one batch', async () => {
    const months = Array.from({ length: 16 * 12 }, (_, index) =>
      new Date(Date.UTC(2010, index, 15)).toISOString(),
    );
    const answer = await ingest(
      months.map((capturedAt, index) => ({ externalId: 700_000_000, unitPrice: index + 1, capturedAt })),
    );
    expect(answer.status).toBe(201);
    expect(answer.json.acceptedCount).toBe(months.length);
  });
});
