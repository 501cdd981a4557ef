import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import initSqlJs from 'sql.js';
import { MANIFEST_TABLES } from '../../src/destiny/manifest/manifest-tables.js';
import { type BungieSandbox, openBungieSandbox } from '../../src/sandbox/bungie/bungie-sandbox.js';
import { type Answer, get, post } from '../support/api-client.js';
import { runCli } from '../support/cli-process.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  ADMIN_TOKEN,
  READ_TOKEN,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';
import { waitUntil } from '../support/wait-until.js';

// The manifest of a stand-in of Bungie.net, over HTTP: imported at the start, read, searched, replaced.

const KEY = 'key-of-the-stand-in';
const BASE = '/api/v1/destiny';
const ITEMS = 'DestinyInventoryItemDefinition';

let database: TestDatabase;
let bungie: BungieSandbox;
let server: ServerProcess;

interface Version {
  version: string;
  language: string;
  state: string;
  isCurrent: boolean;
  fault: string | null;
  doneTableCount: number;
}

const manifest = async (): Promise<{ version: string; items: Version[] }> =>
  (await get(server.url, `${BASE}/manifest`)).json as { version: string; items: Version[] };
const requestImport = (token = ADMIN_TOKEN): Promise<Answer> =>
  post(server.url, `${BASE}/manifest/import`, undefined, { token });
const isCurrent = (version: string): Promise<unknown> =>
  waitUntil(`${version} is current`, 60_000, async () => (await manifest()).version === version);

beforeAll(async () => {
  database = await createTestDatabase();
  bungie = await openBungieSandbox({
    clients: [],
    apiKey: KEY,
    manifest: { version: 'one.1', languages: ['en', 'de'], sizeMb: 2 },
  });
  server = await startServerProcess({
    DATABASE_URL: database.url,
    DOMAINS: 'destiny',
    BUNGIE_API_KEY: KEY,
    BUNGIE_URL: bungie.url,
    DESTINY_LANGUAGES: 'en,de',
  });
  await isCurrent('one.1');
});

afterAll(async () => {
  await server.stop();
  await bungie.close();
  await database.drop();
});

interface Found {
  items: { hash: number; name: string }[];
}

describe('the manifest', () => {
  it('is imported at the start, in each language, all tables of it', async () => {
    const { items } = await manifest();
    expect(
      items.map(({ language, state, isCurrent: is, doneTableCount }) => [
        language,
        state,
        is,
        doneTableCount,
      ]),
    ).toEqual(
      expect.arrayContaining([
        ['en', 'loaded', true, MANIFEST_TABLES.length],
        ['de', 'loaded', true, MANIFEST_TABLES.length],
      ]),
    );
  });

  it('is found by name and read by hash; a client that holds it is answered 304', async () => {
    const found = (await get(server.url, `${BASE}/definitions/${ITEMS}?q=ACE%20of&limit=5`)).json as Found;
    const catalyst = await get(server.url, `${BASE}/definitions/DestinyRecordDefinition?q=catalyst&limit=3`);
    expect((catalyst.json as Found).items).toHaveLength(3);
    const [item] = found.items.length > 0 ? found.items : (catalyst.json as Found).items;
    const type = found.items.length > 0 ? ITEMS : 'DestinyRecordDefinition';
    const path = `${BASE}/definitions/${type}/${item!.hash}?lang=de`;
    const whole = await get(server.url, path);
    expect(whole.json).toMatchObject({ type, hash: item!.hash, language: 'de', version: 'one.1' });
    expect((whole.json as { definition: { hash: number } }).definition.hash).toBe(item!.hash);
    const etag = whole.headers.get('etag')!;
    expect((await get(server.url, path, { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await get(server.url, `${BASE}/definitions/${type}/${item!.hash | 0}`)).status).toBe(200);
  });

  it.each([
    [`/definitions/${ITEMS}/1`, 404, 'destiny/unknown-definition'],
    [`/definitions/${ITEMS}/abc`, 404, 'destiny/unknown-definition'],
    [`/definitions/${ITEMS}/4294967296`, 404, 'destiny/unknown-definition'],
    ['/definitions/DestinyActivityDefinition/1', 404, 'destiny/unknown-table'],
    ['/definitions/DestinyPlugSetDefinition?q=abc', 404, 'destiny/unknown-table'],
    [`/definitions/${ITEMS}/1?lang=fr`, 404, 'destiny/unknown-language'],
    [`/definitions/${ITEMS}/1?lang=E%20N`, 400, undefined],
    [`/definitions/${ITEMS}?q=ab`, 400, undefined],
    [`/definitions/${ITEMS}?q=abc&limit=101`, 400, undefined],
  ])('answers %s with %d', async (path, status, code) => {
    const answer = await get(server.url, BASE + path);
    expect(answer.status).toBe(status);
    if (code !== undefined) expect(answer.json).toMatchObject({ code });
  });

  it('tells which catalysts there are, and everybody goes by it', async () => {
    const rows = await queryRows<{ hash: string; version: string }>(
      database.url,
      'SELECT record_hash AS hash, version FROM destiny.catalyst_definition',
    );
    expect(new Set(rows.map(({ version }) => version))).toEqual(new Set(['one.1']));
    const { json } = await get(server.url, `${BASE}/definitions/catalysts`);
    const listed = (json as { items: { recordHash: number }[] }).items.map(({ recordHash }) => recordHash);
    expect(listed.sort()).toEqual(rows.map(({ hash }) => Number(hash)).sort());
  });

  it('is replaced when an administrator asks and there is another; what is held is not up to date then', async () => {
    const [record] = (
      (await get(server.url, `${BASE}/definitions/DestinyRecordDefinition?q=catalyst&limit=1`)).json as Found
    ).items;
    const path = `${BASE}/definitions/DestinyRecordDefinition/${record!.hash}`;
    const etag = (await get(server.url, path)).headers.get('etag')!;
    expect((await requestImport(READ_TOKEN)).status).toBe(403);
    bungie.publishManifest('two.2', { languages: ['en', 'de'], sizeMb: 1 });
    const asked = await requestImport();
    expect(asked.status).toBe(202);
    expect(asked.json).toMatchObject({ jobId: expect.any(String), isNew: true });
    await isCurrent('two.2');
    await waitUntil('every process knows', 5_000, async () => {
      const again = await get(server.url, path, { headers: { 'if-none-match': etag } });
      return again.status === 200 && (again.json as { version: string }).version === 'two.2';
    });
  });

  it('of which a file is cut stays as it was, and a sentence says why', async () => {
    bungie.publishManifest('three.3', { languages: ['en', 'de'], sizeMb: 1 });
    bungie.faults.next({ kind: 'cut-json', path: `/en/${ITEMS}` });
    expect((await requestImport()).status).toBe(202);
    await waitUntil('it has failed', 60_000, async () =>
      (await manifest()).items.some(({ version, fault }) => version === 'three.3' && fault !== null),
    );
    const { version, items } = await manifest();
    expect(version).toBe('two.2');
    expect(items.find((item) => item.version === 'three.3')?.fault).toContain(ITEMS);
    await isCurrent('three.3'); // the job tries again by itself
  });
});

/** As Bungie's apps load it. */
async function sqliteOf(tables: readonly [string, Record<string, unknown>][]): Promise<Uint8Array> {
  const sql = await initSqlJs();
  const database = new sql.Database();
  for (const [table, definitions] of tables) {
    database.run(`CREATE TABLE ${table} (id INTEGER PRIMARY KEY, json BLOB)`);
    const [definition] = Object.values(definitions);
    const json = JSON.stringify({ ...(definition as object), hash: 4_000_000_000 });
    database.run(`INSERT INTO ${table} VALUES (?, ?)`, [4_000_000_000 | 0, json]);
  }
  return database.export();
}

describe('a manifest from this machine', () => {
  it('is imported by the command line, once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'guildhall-manifest-'));
    const fresh = await createTestDatabase();
    try {
      const tables = MANIFEST_TABLES.map((table) => [
        table,
        { 7: { hash: 7, displayProperties: { name: table } } },
      ]);
      const file = join(folder, 'all.json');
      writeFileSync(file, JSON.stringify(Object.fromEntries(tables)));
      for (const [table, definitions] of tables)
        writeFileSync(join(folder, `${table as string}-0a1b.json`), JSON.stringify(definitions));
      const env = { DATABASE_URL: fresh.url };
      const once = await runCli(['destiny', 'manifest', 'import', file], env);
      expect(once.stdout).toMatch(/version file-[\da-f]{16} is current/);
      const twice = await runCli(['destiny', 'manifest', 'import', file], env);
      expect(twice.stdout).toContain('was current already');
      const split = await runCli(['destiny', 'manifest', 'import', folder, '--language', 'de'], env);
      expect(split.stdout).toMatch(/version file-[\da-f]{16} is current/);
      const database = join(folder, 'world.content');
      writeFileSync(database, await sqliteOf(tables as [string, Record<string, unknown>][]));
      const packed = await runCli(['destiny', 'manifest', 'import', database], env);
      expect(packed.stdout).toMatch(/version file-[\da-f]{16} is current/);
      const rows = await queryRows<{ hash: string; name: string }>(
        fresh.url,
        `SELECT d.hash, d.json #>> '{displayProperties,name}' AS name FROM destiny.manifest_definition d
         JOIN destiny.manifest_version v ON v.id = d.version_id WHERE v.is_current AND v.language = 'en'`,
      );
      // A row's id is the hash as a signed number.
      expect(rows.map(({ name }) => name).sort()).toEqual([...MANIFEST_TABLES].sort());
      expect(new Set(rows.map(({ hash }) => Number(hash)))).toEqual(new Set([4_000_000_000]));
      writeFileSync(database, 'SQLite format 3\u0000 and nothing else');
      const broken = await runCli(['destiny', 'manifest', 'import', database], env);
      expect([broken.code, broken.stderr]).toEqual([1, expect.stringContaining('cannot be read')]);
      writeFileSync(file, '{"DestinyRecordDefinition":{"1":{}');
      const cut = await runCli(['destiny', 'manifest', 'import', file], env);
      expect([cut.code, cut.stderr]).toEqual([1, expect.stringContaining('The file ends in the middle')]);
    } finally {
      rmSync(folder, { recursive: true });
      await fresh.drop();
    }
  });
});
