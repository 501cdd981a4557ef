import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shippedCatalog } from '../../src/destiny/catalysts/catalog.reader.js';
import { type BungieSandbox, openBungieSandbox } from '../../src/sandbox/bungie/bungie-sandbox.js';
import { get, post } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { bungieSettings, CLIENT, DestinyPeople, KEY } from '../support/destiny-person.js';
import { newPerson, type Person } from '../support/people.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { waitUntil } from '../support/wait-until.js';

// Faults of the original catalyst tracker, each as the test that would have found it. Those about tokens and sign-in (1 to 4 and 8) stand
// in link.db.spec.ts, profile-crossing.db.spec.ts and destiny-link.spec.ts.

const DAY_MS = 86_400_000;
/** The triumph for collecting catalysts, which the original took for one. */
const CATALYST_COLLECTOR = 3_959_847_875;

let database: TestDatabase;
let sandbox: BungieSandbox;
let server: ServerProcess;
let people: DestinyPeople;
let ada: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  const { catalysts } = shippedCatalog();
  sandbox = await openBungieSandbox({
    clients: [CLIENT],
    apiKey: KEY,
    catalysts,
    bornMs: Date.now() - 60 * DAY_MS,
    players: [{ name: 'ada', quirks: ['above-target'] }],
  });
  server = await startServerProcess({ DATABASE_URL: database.url, ...bungieSettings(sandbox) });
  people = new DestinyPeople(server.url, database, sandbox);
  ada = await newPerson(server.url);
  await people.connect(ada, 'ada');
  expect(await people.sync(ada)).toMatchObject({ state: 'succeeded' });
  await waitUntil('the manifest is there, which its own job asks for', 60_000, async () => {
    const { json } = await get(server.url, '/api/v1/destiny/manifest');
    return typeof json.version === 'string';
  });
}, 120_000);

afterAll(async () => {
  await server.stop();
  await sandbox.close();
  await database.drop();
});

describe('faults that are not repeated', () => {
  it('5: a chat without a door that always fails, and models that are a name nobody imported', async () => {
    const ask = { query: 'Which catalysts are nearest to completion?' };
    const closed = await post(server.url, '/compat/destiny/agent/ask', ask, { token: null });
    expect(closed.status).toBe(401);
    const answered = await post(server.url, '/compat/destiny/agent/ask', ask, { token: ada.accessToken });
    expect(answered).toMatchObject({ status: 200, json: { result: expect.stringMatching(/%/) } });
    const models = await get(server.url, '/compat/destiny/api/models', { token: ada.accessToken });
    expect(models).toMatchObject({ status: 200, json: { models: expect.any(Array) } });
  });

  it('6: a cache whose flag is never set: reading asks Bungie nothing', async () => {
    const before = sandbox.journal.length;
    for (const path of ['/catalysts', '/catalysts/summary', '/weapons', '/sync/status', '/catalysts/plan'])
      expect((await people.read(ada, path)).status).toBe(200);
    expect(sandbox.journal.slice(before)).toEqual([]);
  });

  it('7: location always unknown and nothing ever equipped', async () => {
    const { json } = await people.read(ada, '/weapons?limit=200');
    const worn = json.items.filter(({ isEquipped }: { isEquipped: boolean }) => isEquipped);
    const characters = sandbox.player('ada').profile.characters.filter(({ isDeleted }) => !isDeleted);
    expect(worn.length).toBeGreaterThanOrEqual(characters.length);
    const slots = worn.map(
      ({ characterId, slot }: { characterId: string; slot: string }) => `${characterId} ${slot}`,
    );
    expect(new Set(slots).size).toBe(slots.length); // one weapon of a slot in one pair of hands
    expect(
      json.items.filter(({ location }: { location: string }) => location === 'vault').length,
    ).toBeGreaterThan(0);
  });

  it('9: progress above its target that shows as more than all', async () => {
    const { json } = await people.read(ada, '/catalysts');
    type Shown = { progress: number | null; target: number | null; ratio: number };
    const objectives = json.items.flatMap(({ objectives: all }: { objectives: Shown[] }) => all) as Shown[];
    expect(objectives.some(({ progress, target }) => (progress ?? 0) > (target ?? Infinity))).toBe(true);
    for (const { ratio } of objectives) expect(ratio).toBeLessThanOrEqual(1);
    for (const { pct } of json.items) expect(pct).toBeLessThanOrEqual(100);
  });

  it('10: hashes in the code, most of which do not exist', () => {
    const { catalysts } = shippedCatalog();
    expect(catalysts.map(({ recordHash }) => recordHash)).not.toContain(CATALYST_COLLECTOR);
    const hashes = catalysts.flatMap(({ recordHash, weaponHash }) => [recordHash, weaponHash]);
    const grouped = hashes.map((hash) => hash.toLocaleString('en').replaceAll(',', '_'));
    const code = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
      .map((file) => join('src', file));
    expect(code.length).toBeGreaterThan(500);
    const inCode = code.flatMap((file) => {
      const numbers = new Set(readFileSync(file, 'utf8').match(/\b\d[\d_]{5,}\b/g) ?? []);
      return [...hashes.map(String), ...grouped]
        .filter((hash) => numbers.has(hash))
        .map((hash) => `${file}: ${hash}`);
    });
    expect(inCode).toEqual([]);
  });
});
