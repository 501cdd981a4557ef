import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type ManifestServer,
  itemsOf,
  MANIFEST_KEY,
  openManifestServer,
} from '../../../test/support/manifest-server.js';
import { openOutbound, type OutboundTrial } from '../../../test/support/outbound-trial.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { parseEnvironment } from '../../platform/config/env.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { BungieClient } from '../bungie/bungie.client.js';
import { BungieManifestSource } from './bungie-manifest.source.js';
import { CurrentManifests } from './current-manifests.service.js';
import { type DefinitionRow, DefinitionsRepository } from './definitions.repository.js';
import { type ImportRun, ImportManifest, type LoadedManifest } from './import-manifest.service.js';
import { ImportTakenOverError } from './manifest-source.js';
import { MANIFEST_TABLES } from './manifest-tables.js';
import { ManifestSwitch } from './manifest-switch.service.js';
import { ManifestVersionsRepository } from './manifest-versions.repository.js';

const ITEMS = 'DestinyInventoryItemDefinition';
const JOB = '00000000-0000-7000-8000-00000000000a';
const OTHER_JOB = '00000000-0000-7000-8000-00000000000b';

let units: TestUnits;
let server: ManifestServer;
let trial: OutboundTrial;
let source: BungieManifestSource;
let imports: ImportManifest;
let manifests: ManifestSwitch;

beforeAll(async () => {
  units = await openUnits();
});

beforeEach(async () => {
  await units.owner('TRUNCATE destiny.manifest_version, destiny.manifest_definition');
  server = await openManifestServer(['en', 'de']);
  trial = openOutbound(units);
  const env = parseEnvironment({ NODE_ENV: 'test', BUNGIE_API_KEY: MANIFEST_KEY, BUNGIE_URL: server.url });
  const versions = new ManifestVersionsRepository();
  source = new BungieManifestSource(new BungieClient(trial.outbound, env), trial.outbound, env);
  imports = new ImportManifest(units.system, versions);
  manifests = new ManifestSwitch(units.system, versions, new CurrentManifests(units.app, versions, env));
});

afterEach(async () => {
  await trial.outbound.onApplicationShutdown();
  await server.close();
});

afterAll(() => units.close());

interface Told extends ImportRun {
  notes: string[];
}

const aRun = (jobId: string | null = JOB, signal = new AbortController().signal): Told => {
  const notes: string[] = [];
  return { jobId, signal, notes, progress: ({ note }) => void notes.push(note ?? '') };
};

async function importAll(run: ImportRun = aRun(), languages = ['en']): Promise<LoadedManifest | undefined> {
  const loaded = await imports.load(source, languages, run);
  if (loaded) await units.system.run(SYSTEM_SCOPE, (tx) => manifests.apply(tx, loaded));
  return loaded;
}

async function read(hash: number, language = 'en', type = ITEMS): Promise<DefinitionRow | undefined> {
  const statement = new DefinitionsRepository().definitionStatement(language, type, hash);
  return (await units.app.read<DefinitionRow>({ id: '' }, statement))[0];
}

interface Version {
  version: string;
  state: string;
  isCurrent: boolean;
  fault: string | null;
}

const versions = (language = 'en'): Promise<Version[]> =>
  units.owner(
    `SELECT version, state, is_current AS "isCurrent", fault FROM destiny.manifest_version WHERE language = $1 ORDER BY id`,
    [language],
  );

const FIRST = 4_000_000_001;

describe('an import', () => {
  it('brings all tables in and makes them current, in each language', async () => {
    server.publish('v1', { [ITEMS]: itemsOf('v1', 500) });
    const run = aRun();
    await importAll(run, ['en', 'de']);
    expect(await read(FIRST)).toMatchObject({ version: 'v1', hash: FIRST, json: { told: 'v1' } });
    expect((await read(FIRST, 'de'))?.version).toBe('v1');
    for (const type of MANIFEST_TABLES.filter((table) => table !== ITEMS))
      expect(await read(1, 'en', type)).toMatchObject({ json: { told: 'v1' } });
    const [row] = await units.owner<{ tables: Record<string, object> }>(
      'SELECT tables FROM destiny.manifest_version',
    );
    expect(Object.keys(row!.tables).sort()).toEqual([...MANIFEST_TABLES].sort());
    expect(row!.tables[ITEMS]).toMatchObject({ isDone: true, definitionCount: 500 });
    expect((row!.tables[ITEMS] as { sha256: string }).sha256).toMatch(/^[\da-f]{64}$/);
    expect(run.notes.some((note) => note.startsWith(`en ${ITEMS}: 500 definitions`))).toBe(true);
  });

  it('of the version that is current reads nothing again', async () => {
    server.publish('v1', {});
    await importAll();
    server.asked.length = 0;
    await importAll();
    expect(server.asked).toEqual([]);
    expect(await versions()).toEqual([{ version: 'v1', state: 'loaded', isCurrent: true, fault: null }]);
  });

  it('is switched to in one moment: a reader has all of the old or all of the new, and never nothing', async () => {
    server.publish('v0', { [ITEMS]: itemsOf('v0', 200) });
    await importAll();
    const hashes = [FIRST, FIRST + 99, FIRST + 199];
    const statement = new DefinitionsRepository().listStatement('en', ITEMS, hashes);
    const seen = new Set<string>();
    let reads = 0;
    let isOver = false;
    const reader = async (): Promise<void> => {
      while (!isOver) {
        const rows = await units.app.read<DefinitionRow>({ id: '' }, statement);
        seen.add(rows.map(({ json, version }) => `${String(json['told'])}=${version}`).join());
        reads += 1;
      }
    };
    const readers = [reader(), reader(), reader()];
    for (const version of ['v1', 'v2', 'v3']) {
      server.publish(version, { [ITEMS]: itemsOf(version, 200) });
      await importAll();
      await manifests.dropFormer();
    }
    isOver = true;
    await Promise.all(readers);
    const whole = ['v0', 'v1', 'v2', 'v3'].map((version) => hashes.map(() => `${version}=${version}`).join());
    expect([...seen].filter((one) => !whole.includes(one))).toEqual([]);
    expect(seen.has(whole[3]!)).toBe(true);
    expect(reads).toBeGreaterThan(20);
  });

  it('leaves the former version’s definitions to nobody', async () => {
    for (const version of ['v1', 'v2']) {
      server.publish(version, {});
      await importAll();
    }
    await manifests.dropFormer();
    expect((await versions()).map(({ state }) => state)).toEqual(['dropped', 'loaded']);
    const rows = await units.owner<{ n: number }>(
      'SELECT count(DISTINCT version_id)::int AS n FROM destiny.manifest_definition',
    );
    expect(rows[0]!.n).toBe(1);
  });

  it('comes back to a version that was dropped', async () => {
    for (const version of ['v1', 'v2', 'v1']) {
      server.publish(version, { [ITEMS]: itemsOf(version, 3) });
      await importAll();
      await manifests.dropFormer();
    }
    expect(await read(FIRST)).toMatchObject({ version: 'v1', json: { told: 'v1' } });
  });
});

describe('an import that is interrupted', () => {
  it('goes on with the table it was at', async () => {
    server.publish('v0', {});
    await importAll();
    server.publish('v1', { [ITEMS]: itemsOf('v1', 300) });
    server.asked.length = 0;
    const stop = new AbortController();
    server.before = (table) => {
      if (table === ITEMS) stop.abort(new Error('killed'));
    };
    await expect(importAll(aRun(JOB, stop.signal))).rejects.toThrow();
    expect((await read(1, 'en', 'DestinyStatDefinition'))?.version).toBe('v0');
    const before = [...server.asked];
    expect(before.length).toBeGreaterThan(1);
    expect((await versions())[1]).toMatchObject({ state: 'importing', fault: null });
    server.asked.length = 0;
    server.before = undefined;
    await importAll();
    expect(server.asked.length + before.length).toBe(MANIFEST_TABLES.length + 1); // one of them twice
    expect(server.asked[0]).toBe(before.at(-1));
    expect(
      (await units.owner(`SELECT FROM destiny.manifest_definition WHERE type = $1`, [ITEMS])).length,
    ).toBe(301);
    expect((await read(FIRST))?.version).toBe('v1');
  });

  it('by death keeps no other run of its job out, and no half of a table', async () => {
    server.publish('v1', { [ITEMS]: itemsOf('v1', 300) });
    server.faults.set(ITEMS, 'hold');
    const dead = importAll(aRun(JOB)); // as good as dead: it hangs
    dead.catch(() => undefined);
    await waitUntil('it hangs in the items', 10_000, () => server.asked.some((path) => path.includes(ITEMS)));
    server.faults.clear();
    await importAll(aRun(JOB));
    expect(await read(FIRST + 299)).toMatchObject({ version: 'v1' });
    server.release(); // and comes back to life
    await expect(dead).rejects.toThrow(ImportTakenOverError);
    expect(await versions()).toMatchObject([{ version: 'v1', state: 'loaded', isCurrent: true }]);
    expect(
      (await units.owner(`SELECT FROM destiny.manifest_definition WHERE type = $1`, [ITEMS])).length,
    ).toBe(300);
  });
});

describe('two imports at once', () => {
  it('are one: the second leaves it to the first', async () => {
    server.publish('v1', {});
    server.faults.set('DestinyStatDefinition', 'hold');
    const first = importAll(aRun(JOB));
    await waitUntil('the first is in the middle', 10_000, () =>
      server.asked.some((path) => path.includes('DestinyStatDefinition')),
    );
    const asked = server.asked.length;
    expect(await importAll(aRun(OTHER_JOB))).toBeUndefined();
    expect(server.asked).toHaveLength(asked);
    server.release();
    server.faults.clear();
    expect((await first)?.version).toBe('v1');
    expect(await versions()).toMatchObject([{ state: 'loaded', isCurrent: true }]);
  });

  it('are two once the first has been silent for long', async () => {
    server.publish('v1', {});
    server.faults.set('DestinyStatDefinition', 'hold');
    const first = importAll(aRun(JOB));
    first.catch(() => undefined);
    await waitUntil('the first is in the middle', 10_000, () =>
      server.asked.some((path) => path.includes('DestinyStatDefinition')),
    );
    await units.owner(`UPDATE destiny.manifest_version SET touched_at = now() - interval '3 minutes'`);
    server.faults.clear();
    expect((await importAll(aRun(OTHER_JOB)))?.version).toBe('v1');
    server.release();
    await expect(first).rejects.toThrow(ImportTakenOverError);
  });
});

describe('a version that changes during its import', () => {
  it('is given up for the new one; the current one stays until that is whole', async () => {
    server.publish('v0', { [ITEMS]: itemsOf('v0', 3) });
    await importAll();
    server.publish('v1', { [ITEMS]: itemsOf('v1', 3) });
    const seen: (string | undefined)[] = [];
    server.before = (table) => {
      if (table !== ITEMS) return;
      server.before = () => void read(FIRST).then((row) => seen.push(row?.version));
      server.publish('v2', { [ITEMS]: itemsOf('v2', 3) });
    };
    await importAll();
    expect(await versions()).toMatchObject([
      { version: 'v0', isCurrent: false },
      {
        version: 'v1',
        isCurrent: false,
        state: 'failed',
        fault: expect.stringContaining('v2 was published'),
      },
      { version: 'v2', isCurrent: true, state: 'loaded' },
    ]);
    expect(await read(FIRST)).toMatchObject({ json: { told: 'v2' } });
    expect(new Set(seen)).toEqual(new Set(['v0']));
    await manifests.dropFormer();
    expect((await versions()).map(({ state }) => state)).toEqual(['dropped', 'dropped', 'loaded']);
  });

  it('again and again is tried again another time', async () => {
    let next = 1;
    server.publish('v1', {});
    server.before = () => server.publish(`v${(next += 1)}`, {});
    await expect(importAll()).rejects.toThrow('was published while another one was imported');
    expect((await versions()).map(({ state }) => state)).toEqual(['failed', 'failed', 'failed']);
  });
});

describe('a bad file', () => {
  beforeEach(async () => {
    server.publish('v0', { [ITEMS]: itemsOf('v0', 3) });
    await importAll();
    server.publish('v1', { [ITEMS]: itemsOf('v1', 3) });
  });

  it.each([
    ['cut', 'bungie-files could not be reached'],
    ['short', `${ITEMS}: The file ends in the middle`],
    ['missing', 'was answered with 404'],
  ] as const)(
    'that is %s fails the import with a sentence; the current version stays',
    async (fault, sentence) => {
      server.faults.set(ITEMS, fault);
      await expect(importAll()).rejects.toThrow(sentence);
      expect((await versions())[1]).toMatchObject({
        state: 'failed',
        fault: expect.stringContaining(sentence),
      });
      expect(await read(FIRST)).toMatchObject({ json: { told: 'v0' } });
      server.faults.clear();
      await importAll();
      expect(await read(FIRST)).toMatchObject({ json: { told: 'v1' } });
    },
  );

  it('that is malformed, empty, or holds no hashes likewise', async () => {
    for (const [definitions, sentence] of [
      [{ x: {} }, 'The key "x" is no hash.'],
      [{}, 'It holds no definition.'],
      [[], 'The file is not JSON of definitions'],
    ] as const) {
      server.publish('v1', { [ITEMS]: definitions as never });
      await expect(importAll()).rejects.toThrow(`${ITEMS}: ${sentence}`);
      expect(await read(FIRST)).toMatchObject({ json: { told: 'v0' } });
    }
  });

  it('with a language that is not there names it', async () => {
    await expect(importAll(aRun(), ['en', 'xx'])).rejects.toThrow('Version v1 has no language xx.');
    expect((await read(FIRST))?.version).toBe('v0');
  });

  it('stores what PostgreSQL cannot hold as text without it', async () => {
    server.publish('v2', {
      [ITEMS]: { 5: { hash: 5, text: 'a\0b\ud800', displayProperties: { name: 'x\0' } } },
    });
    await importAll();
    expect((await read(5))?.json['text']).toBe('a\uFFFDb\uFFFD');
  });
});

describe('partitions', () => {
  it('are made for imports only, and what is read is not dropped', async () => {
    server.publish('v1', {});
    const loaded = await importAll();
    const ask = (sql: string): Promise<unknown> => units.system.run(SYSTEM_SCOPE, (tx) => tx.query(sql));
    await expect(ask(`SELECT destiny.create_manifest_partition(${loaded!.ids[0]})`)).rejects.toThrow(
      'imported only',
    );
    await expect(ask('SELECT destiny.create_manifest_partition(99999)')).rejects.toThrow('imported only');
    await expect(ask(`SELECT destiny.drop_manifest_partition(${loaded!.ids[0]})`)).rejects.toThrow(
      'not dropped',
    );
    await expect(
      units.app.run({ id: '' }, (tx) => tx.query('SELECT destiny.drop_manifest_partition(1)')),
    ).rejects.toThrow('permission denied');
  });

  it('that somebody reads are not waited for: they go with the next import', async () => {
    server.publish('v1', {});
    await importAll();
    server.publish('v2', {});
    await importAll();
    await units.app.run({ id: '' }, async (tx) => {
      await tx.query('SELECT count(*) FROM destiny.manifest_definition');
      await manifests.dropFormer();
      expect((await versions()).map(({ state }) => state)).toEqual(['loaded', 'loaded']);
    });
    await manifests.dropFormer();
    expect((await versions()).map(({ state }) => state)).toEqual(['dropped', 'loaded']);
  });
});
