import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import { Caches } from '../../platform/cache/caches.service.js';
import { parseEnvironment } from '../../platform/config/env.js';
import { shippedCatalog } from '../catalysts/catalog.reader.js';
import { readPlugDefinition, readWeaponDefinition } from '../weapons/read-weapon-definition.js';
import { CurrentManifests } from './current-manifests.service.js';
import { DefinitionsRepository, type FoundDefinitionRow } from './definitions.repository.js';
import { DefinitionDesk } from './definition-desk.service.js';
import { Definitions } from './definitions.service.js';
import { FileManifestImport } from './file-import.service.js';
import { containsPattern, foldWords } from './fold-words.js';
import { ImportManifest } from './import-manifest.service.js';
import { MANIFEST_TABLES } from './manifest-tables.js';
import { ManifestSwitch } from './manifest-switch.service.js';
import { ManifestVersionsRepository } from './manifest-versions.repository.js';

const WEAPON = {
  hash: 4_000_000_001,
  itemType: 3,
  itemSubType: 9,
  itemTypeDisplayName: 'Handfeuerwaffe',
  displayProperties: { name: 'Jötunn’s Ace', icon: '/a.jpg', description: 'long' },
  defaultDamageType: 3,
  itemCategoryHashes: [1, 2],
  inventory: { bucketTypeHash: 1498876634, tierType: 6, stackUniqueLabel: 'x' },
  equippingBlock: { ammoType: 1 },
  sockets: {
    socketEntries: [
      { socketTypeHash: 11, singleInitialItemHash: 21, plugSources: 1 },
      { socketTypeHash: 12 },
      { singleInitialItemHash: 22 },
    ],
  },
};
const PLUG = {
  hash: 22,
  displayProperties: { name: 'Full Bore' },
  plug: { plugCategoryIdentifier: 'barrels', insertionRules: [] },
};
/** A definition of which the parts have other types than documented. */
const STRANGE = {
  hash: 23,
  displayProperties: [],
  inventory: 5,
  sockets: { socketEntries: 'none' },
  plug: 'x',
};
const SOCKET_TYPES = {
  11: { hash: 11, plugWhitelist: [{ categoryIdentifier: 'barrels' }] },
  12: { hash: 12, plugWhitelist: [{ categoryIdentifier: 'magazines' }] },
};

let units: TestUnits;
let current: CurrentManifests;
let definitions: Definitions;
let desk: DefinitionDesk;
let caches: Caches;
const newCaches = (): Caches =>
  new Caches({
    redisUrl: undefined,
    log: { info: () => undefined, warn: () => undefined },
    nowMs: () => performance.now(),
  });
const loads = (): number => caches.figures()[0]!.figures.misses;
let imports: FileManifestImport;
let folder: string;

beforeAll(async () => {
  units = await openUnits();
  folder = mkdtempSync(join(tmpdir(), 'guildhall-definitions-'));
  const versions = new ManifestVersionsRepository();
  current = new CurrentManifests(units.app, versions, parseEnvironment({ NODE_ENV: 'test' }));
  definitions = new Definitions(units.app, current, new DefinitionsRepository());
  caches = newCaches();
  desk = new DefinitionDesk(units.app, current, new DefinitionsRepository(), caches);
  const manifests = new ManifestSwitch(units.system, versions, current);
  imports = new FileManifestImport(units.system, new ImportManifest(units.system, versions), manifests);
});

afterAll(async () => {
  await units.close();
  rmSync(folder, { recursive: true });
});

async function importItems(items: Record<string, object>, language = 'en'): Promise<void> {
  const tables = Object.fromEntries(MANIFEST_TABLES.map((table) => [table, { 1: { hash: 1 } }]));
  const all = { ...tables, DestinyInventoryItemDefinition: items, DestinySocketTypeDefinition: SOCKET_TYPES };
  const path = join(folder, 'all.json');
  writeFileSync(path, JSON.stringify(all));
  await imports.importFiles({
    path,
    language,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
}

/** As clients read one. */
const single = (type: string, hash: number): ReturnType<DefinitionDesk['find']> =>
  desk.find({ id: '' }, { type, hash: String(hash), lang: undefined });

const ITEMS = { 4000000001: WEAPON, 22: PLUG, 23: STRANGE };

describe('without a manifest', () => {
  it('the shipped catalog answers with what it knows', async () => {
    const [facts] = shippedCatalog().catalysts;
    expect((await definitions.lookup([facts!.weaponHash])).weapon(facts!.weaponHash)).toMatchObject({
      itemHash: facts!.weaponHash,
      name: facts!.weaponName,
      element: facts!.element,
      tierType: 6,
    });
    expect(await single('DestinyRecordDefinition', facts!.recordHash)).toMatchObject({
      version: 'built-in',
      body: { definition: { hash: facts!.recordHash, displayProperties: { name: facts!.name } } },
    });
    await expect(single('DestinyInventoryItemDefinition', 1)).rejects.toMatchObject({
      code: 'destiny/unknown-definition',
    });
    expect((await definitions.lookup([facts!.weaponHash])).plug(facts!.weaponHash)).toBeNull();
  });
});

describe('with a manifest', () => {
  it('weapons and plugs are what the whole definitions would be read as', async () => {
    await importItems(ITEMS);
    const found = await definitions.lookup([WEAPON.hash, PLUG.hash, STRANGE.hash, 99]);
    const lookups = {
      socketType: (hash: number) =>
        hash === 11 ? { plugCategories: ['barrel' as const] } : { plugCategories: ['magazine' as const] },
      plugCategory: () => null,
    };
    expect(found.weapon(WEAPON.hash)).toEqual(readWeaponDefinition(WEAPON, lookups));
    expect(found.weapon(WEAPON.hash)?.sockets.map(({ category }) => category)).toEqual([
      'barrel',
      'magazine',
      'other',
    ]);
    expect(found.plug(PLUG.hash)).toEqual(readPlugDefinition(PLUG, new Map()));
    for (const hash of [STRANGE.hash, 99]) {
      expect(found.weapon(hash)).toBeNull();
      expect(found.plug(hash)).toBeNull();
    }
    expect(await single('DestinyInventoryItemDefinition', WEAPON.hash)).toMatchObject({
      body: { definition: WEAPON },
    });
    expect((await definitions.list('DestinyInventoryItemDefinition', [22, 23, 24])).size).toBe(2);
    for (const hash of [PLUG.hash, STRANGE.hash])
      expect(await single('DestinyInventoryItemDefinition', hash)).toMatchObject({ body: { hash } });
  });

  it('what is held is forgotten with its version', async () => {
    const renamed = { ...WEAPON, displayProperties: { name: 'Another' } };
    const before = loads();
    for (let times = 0; times < 3; times += 1) await single('DestinyInventoryItemDefinition', WEAPON.hash);
    expect(loads() - before).toBeLessThanOrEqual(1);
    await importItems({ ...ITEMS, 4000000001: renamed });
    expect(await single('DestinyInventoryItemDefinition', WEAPON.hash)).toMatchObject({
      body: { definition: renamed },
    });
    expect((await definitions.lookup([WEAPON.hash])).weapon(WEAPON.hash)?.name).toBe('Another');
  });

  it('what was read of another version than the one believed current is read again', async () => {
    const [before] = await units.app.read<{ id: number }>(
      { id: '' },
      new ManifestVersionsRepository().currentStatement(),
    );
    await importItems(ITEMS);
    const stale = new CurrentManifests(
      units.app,
      new ManifestVersionsRepository(),
      parseEnvironment({ NODE_ENV: 'test' }),
    );
    const held = { id: before!.id, language: 'en', version: 'as it was' };
    Object.assign(stale, {
      known: { atMs: performance.now(), versions: Promise.resolve(new Map([['en', held]])) },
    });
    const late = new Definitions(units.app, stale, new DefinitionsRepository());
    const whole = new DefinitionDesk(units.app, stale, new DefinitionsRepository(), newCaches());
    const place = { type: 'DestinyInventoryItemDefinition', hash: String(WEAPON.hash), lang: undefined };
    expect(await whole.find({ id: '' }, place)).toMatchObject({ body: { definition: WEAPON } });
    expect(await whole.version(place)).not.toBe('as it was'); // looked up anew
    Object.assign(stale, {
      known: { atMs: performance.now(), versions: Promise.resolve(new Map([['en', held]])) },
    });
    expect((await late.lookup([WEAPON.hash])).weapon(WEAPON.hash)?.name).toBe('Jötunn’s Ace');
  });

  it('a language that was not imported is answered in the first', async () => {
    expect((await definitions.lookup([WEAPON.hash], 'fr')).weapon(WEAPON.hash)?.itemHash).toBe(WEAPON.hash);
    await importItems({ 5: { hash: 5 } }, 'de');
    expect((await definitions.lookup([WEAPON.hash], 'de')).weapon(WEAPON.hash)).toBeNull();
  });

  it('names are found by any part, the best first', async () => {
    const names = ['Ace', 'Ace of Spades', 'The Ace', 'Aces', 'Spade 100%'];
    await importItems(
      Object.fromEntries(
        names.map((name, index) => [index + 1, { hash: index + 1, displayProperties: { name } }]),
      ),
    );
    const search = async (q: string, limit = 10): Promise<string[]> => {
      const words = { term: foldWords(q), pattern: containsPattern(q) };
      const statement = new DefinitionsRepository().searchStatement(
        'en',
        'DestinyInventoryItemDefinition',
        words,
        limit,
      );
      return (await units.app.read<FoundDefinitionRow>({ id: '' }, statement)).map(({ name }) => name);
    };
    expect(await search('ÁCE')).toEqual(['Ace', 'Aces', 'Ace of Spades', 'The Ace']);
    expect(await search('ace', 2)).toEqual(['Ace', 'Aces']);
    expect(await search('100%')).toEqual(['Spade 100%']);
    expect(await search('a_e')).toEqual([]);
  });
});
