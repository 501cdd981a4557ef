import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../support/cli-process.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { queryRows } from '../support/table-counts.js';

// A stand-in for DofusDB's list of items: 120 of the catalogue's first, pages of at most 50, and nothing of our own in between.

interface Sent {
  id: number;
  craftXpRatio: number;
  type: { id: number; craftXpRatio: number };
}

let database: TestDatabase;
let folder: string;
let server: Server;
let url: string;
let items: Sent[];
let asked: string[];
/** From this item on the stand-in is out of order. */
let brokenFrom = Infinity;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'xp-ratios-'));
  const rows = await queryRows<{ id: number; type: number }>(
    database.url,
    `SELECT i.external_id AS id, t.external_id AS type FROM market.item i JOIN market.item_type t ON t.id = i.item_type_id
     ORDER BY i.external_id LIMIT 120`,
  );
  items = rows.map(({ id, type }, index) => ({
    id,
    craftXpRatio: index % 3 === 0 ? 300 : -1,
    type: { id: type, craftXpRatio: 77 },
  }));
  server = createServer((request, response) => {
    const query = new URL(request.url!, 'http://x').searchParams;
    const [limit, skip] = [Number(query.get('$limit')), Number(query.get('$skip'))];
    asked.push(`${limit} from ${skip}`);
    response.statusCode = skip >= brokenFrom ? 400 : 200;
    response.setHeader('Content-Type', 'application/json');
    const data = items.slice(skip, skip + Math.min(50, limit));
    response.end(JSON.stringify({ total: items.length, limit, skip, data }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/items`;
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
  await database.drop();
});

beforeEach(() => {
  asked = [];
  brokenFrom = Infinity;
});

const sync = (...args: string[]) =>
  runCli(['market', 'sync-xp-ratios', ...args], { DATABASE_URL: database.url });
const ratios = async (): Promise<Map<number, number | null>> =>
  new Map(
    (
      await queryRows<{ id: number; ratio: number | null }>(
        database.url,
        'SELECT external_id AS id, craft_xp_ratio AS ratio FROM market.item WHERE external_id = ANY ($1)',
        [items.map(({ id }) => id)],
      )
    ).map(({ id, ratio }) => [id, ratio]),
  );
const expected = (): Map<number, number | null> =>
  new Map(items.map(({ id, craftXpRatio }) => [id, craftXpRatio < 0 ? null : craftXpRatio]));
const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1)!;

describe('market sync-xp-ratios', () => {
  it('goes on where it broke off, says what has changed, and changes nothing the second time', async () => {
    brokenFrom = 100;
    const broken = await sync('--url', url);
    expect([broken.code, broken.stderr]).toEqual([1, expect.stringContaining('go on with --skip 100')]);
    expect([...(await ratios()).values()].filter((ratio) => ratio === 300)).toHaveLength(34);

    brokenFrom = Infinity;
    asked = [];
    const rest = await sync('--url', url, '--skip', '100');
    expect([rest.code, asked]).toEqual([0, ['50 from 100']]);
    expect(await ratios()).toEqual(expected());
    expect(rest.stdout).toContain(`item ${items[102]!.id}: none -> 300\n`);
    expect(lastLine(rest.stdout)).toMatch(/^20 items read, 6 items and \d+ types changed$/);

    asked = [];
    const again = await sync('--url', url);
    expect([again.code, asked]).toEqual([0, ['50 from 0', '50 from 50', '50 from 100']]);
    expect(again.stdout.trim()).toBe('120 items read, 0 items and 0 types changed');
    const types = await queryRows(
      database.url,
      'SELECT DISTINCT craft_xp_ratio AS ratio FROM market.item_type WHERE external_id = ANY ($1)',
      [items.map(({ type }) => type.id)],
    );
    expect(types).toEqual([{ ratio: 77 }]);
  });

  it('takes a file, and takes ratios back', async () => {
    const file = join(folder, 'items.json');
    const [first] = items;
    writeFileSync(
      file,
      JSON.stringify([
        { id: first!.id, craftXpRatio: -1 },
        { id: 999_999_999, craftXpRatio: 5 },
      ]),
    );
    const done = await sync('--file', file);
    expect([done.code, done.stdout]).toEqual([
      0,
      `item ${first!.id}: 300 -> none\n2 items read, 1 items and 0 types changed\n`,
    ]);
    const events = await queryRows(
      database.url,
      `SELECT action FROM platform.audit_event WHERE action = 'market.xp-ratios-changed'`,
    );
    expect(events.length).toBeGreaterThanOrEqual(2);
  });

  it.each([
    [['--file', '/nowhere/items.json'], 'cannot be read'],
    [['--url', 'ftp://example.org'], 'http or https'],
    [['--url', 'http://127.0.0.1:1', '--skip', 'x'], 'Usage'],
    [['--url', 'http://127.0.0.1:1', '--game', 'chess'], 'no such game'],
  ])('says what is wrong with %j', async (args, sentence) => {
    const { code, stderr } = await sync(...args);
    expect([code, stderr]).toEqual([1, expect.stringContaining(sentence)]);
  });
});
