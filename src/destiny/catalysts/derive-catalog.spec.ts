import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import initSqlJs from 'sql.js';
import yazl from 'yazl';
import {
  type ManifestTables,
  manifestOfCatalog,
  PATTERN_RECORD,
  TRAP_RECORD,
} from '../../../test/support/manifest-of-catalog.js';
import { packageRoot } from '../../platform/config/package-root.js';
import { Catalog } from './catalog.js';
import { shippedCatalog } from './catalog.reader.js';
import { compareCatalogs, isEqual } from './catalog-difference.js';
import { CatalogSources, hashOfRowId, isCatalogTable } from './catalog-sources.js';
import { deriveCatalog, type DerivedCatalog } from './derive-catalog.js';
import { readManifestAt } from './manifest-definitions.reader.js';

const shared = resolve(packageRoot(), '../shared/data/destiny');
const whereShared = (file: string) => (existsSync(join(shared, file)) ? it : it.skip);
const catalog = shippedCatalog();

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'manifest of catalysts-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function derive(tables: ManifestTables, known = catalog, root: number | null = null): DerivedCatalog {
  const sources = new CatalogSources();
  for (const [table, definitions] of Object.entries(tables))
    for (const definition of Object.values(definitions))
      if (isCatalogTable(table)) sources.accept(table, definition);
  return deriveCatalog(sources, known, root);
}

/** The catalog without some weapons, as it would be before they came. */
const without = (...names: string[]): Catalog =>
  new Catalog(catalog.catalysts.filter(({ weaponName }) => !names.includes(weaponName)));

describe('catalysts of a manifest', () => {
  it('are those below the node, without the triumph about catalysts and without patterns', () => {
    const { catalysts, unmatched, passedOverCount } = derive(manifestOfCatalog());
    expect(isEqual(compareCatalogs(catalog.catalysts, catalysts))).toBe(true);
    expect(catalysts).toHaveLength(141);
    expect(unmatched).toEqual([]);
    expect(passedOverCount).toBe(2);
    const hashes = catalysts.map(({ recordHash }) => recordHash);
    expect(hashes).not.toContain(TRAP_RECORD);
    expect(hashes).not.toContain(PATTERN_RECORD);
  });

  it('keep what no manifest holds, and learn hashes of objectives', () => {
    const { catalysts } = derive(manifestOfCatalog());
    for (const facts of catalysts) {
      const before = catalog.ofRecord(facts.recordHash)!;
      expect({ ...facts, objectives: [] }).toEqual({ ...before, objectives: [] });
      expect(facts.objectives.map(({ text, target }) => [text, target])).toEqual(
        before.objectives.map(({ text, target }) => [text, target]),
      );
      for (const { objectiveHash } of facts.objectives) expect(objectiveHash).toBeGreaterThan(0);
    }
  });

  it('are found by name alone when nothing was known before', () => {
    const known = new Catalog(catalog.catalysts.slice(0, 1));
    const { catalysts, unmatched } = derive(manifestOfCatalog(), known);
    expect(catalysts.map(({ weaponHash }) => weaponHash).sort()).toEqual(
      catalog.catalysts.map(({ weaponHash }) => weaponHash).sort(),
    );
    expect(unmatched).toEqual([]);
  });

  it('are found under a name that has nothing of the weapon', () => {
    const { recordHash, weaponHash } = catalog.ofName('Vexcalibur')!;
    const tables = manifestOfCatalog(new Map([[recordHash, 'Immovable Refit']]));
    const found = derive(tables, without('Vexcalibur')).catalysts.find(
      (each) => each.recordHash === recordHash,
    );
    expect(found).toMatchObject({ weaponHash, name: 'Vexcalibur Catalyst' });
  });

  it('are found by the obscured name where the other is empty', () => {
    const { recordHash, weaponHash } = catalog.ofName('Thorn')!;
    const tables = manifestOfCatalog();
    Object.assign(tables['DestinyRecordDefinition']![recordHash]!, {
      displayProperties: { name: '' },
      stateInfo: { obscuredName: 'Thorn Catalyst' },
    });
    const found = derive(tables, without('Thorn')).catalysts.find((each) => each.recordHash === recordHash);
    expect(found).toMatchObject({ weaponHash, name: 'Thorn Catalyst' });
  });

  it('collapse reissues into the weapon that is known, else the newest', () => {
    const { weaponHash } = catalog.ofName('Ace of Spades')!;
    const tables = manifestOfCatalog();
    expect(derive(tables).catalysts.filter((each) => each.weaponName === 'Ace of Spades')).toMatchObject([
      { weaponHash },
    ]);
  });

  it('put right what was known wrongly, and name it', () => {
    const [thorn, lumina] = ['Thorn', 'Lumina'].map((name) => catalog.ofName(name)!);
    const swapped = catalog.catalysts.map((facts) => {
      const other = facts === thorn ? lumina : facts === lumina ? thorn : facts;
      return { ...facts, weaponHash: other!.weaponHash, weaponName: other!.weaponName };
    });
    const { catalysts } = derive(manifestOfCatalog(), new Catalog(swapped));
    const { missing, surplus, wrongWeapon } = compareCatalogs(swapped, catalysts);
    expect([missing, surplus]).toEqual([[], []]);
    expect(wrongWeapon.map((each) => `${each.weaponName} is ${each.actualWeaponName}`).sort()).toEqual([
      'Lumina is Thorn',
      'Thorn is Lumina',
    ]);
  });

  it('whose weapon nobody has are handed back', () => {
    const tables = manifestOfCatalog();
    const { recordHash, weaponHash } = catalog.ofName('Thorn')!;
    delete tables['DestinyInventoryItemDefinition']![weaponHash];
    const { catalysts, unmatched } = derive(tables);
    expect(catalysts).toHaveLength(140);
    expect(unmatched).toEqual([{ recordHash, name: 'Thorn Catalyst' }]);
  });

  it('a manifest without their node is refused, and malformed definitions are passed over', () => {
    const tables = manifestOfCatalog();
    expect(() => derive({ ...tables, DestinyPresentationNodeDefinition: {} })).toThrow(
      /no presentation node/,
    );
    const sources = new CatalogSources();
    for (const bad of [null, 7, 'x', {}, { hash: -1 }, { hash: 1, children: 3 }, []]) {
      sources.accept('DestinyPresentationNodeDefinition', bad);
      sources.accept('DestinyRecordDefinition', bad);
      sources.accept('DestinyObjectiveDefinition', bad);
      sources.accept('DestinyInventoryItemDefinition', bad);
    }
    expect(sources.weapons).toEqual([]);
    expect(sources.objectives.size).toBe(0);
  });

  whereShared('manifest_fixture_catalysts.json')(
    'are those of the saved slice of a manifest (shared/data/destiny)',
    async () => {
      const sources = new CatalogSources();
      const path = join(shared, 'manifest_fixture_catalysts.json');
      const read = await readManifestAt(path, sources.accept.bind(sources));
      const { catalysts, unmatched } = deriveCatalog(sources, catalog, read.rootNodeHash);
      expect(isEqual(compareCatalogs(catalog.catalysts, catalysts))).toBe(true);
      expect(unmatched).toEqual([]);
      expect(
        catalysts.filter(({ activity }) => activity !== 'anywhere').map((each) => each.activity),
      ).toEqual(
        catalog.catalysts.filter(({ activity }) => activity !== 'anywhere').map((each) => each.activity),
      );
    },
  );
});

describe('the original list of 170 hashes', () => {
  it('differs from the catalysts as was counted: 68 do not exist, 6 are of another weapon, 39 are missing', () => {
    const path = join(packageRoot(), 'test/data/destiny/original-hashes.tsv');
    const [, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
    const original = lines.map((line) => {
      const [recordHash, weaponName] = line.split('\t');
      return { recordHash: Number(recordHash), weaponName: weaponName! };
    });
    const { missing, surplus, wrongWeapon } = compareCatalogs(original, catalog.catalysts);
    expect(original).toHaveLength(170);
    expect(original.length - surplus.length).toBe(102);
    expect(surplus).toHaveLength(68);
    expect(missing).toHaveLength(39);
    expect(wrongWeapon.map((each) => `${each.weaponName} is ${each.actualWeaponName}`)).toEqual([
      'Vigilance Wing is Sturm',
      'Ratking is Ruinous Effigy',
      'The Colony is Prometheus Lens',
      "Skyburner's Oath is Cerberus+1",
      'Polaris Lance is Sunshot',
      'The Prospector is The Huckleberry',
    ]);
  });

  whereShared('seed_catalyst_hashes_check.json')('is the one that was checked (shared/data/destiny)', () => {
    const checked = JSON.parse(readFileSync(join(shared, 'seed_catalyst_hashes_check.json'), 'utf8')) as {
      recordHash: number;
      valid: boolean;
      actualWeapon: string | null;
    }[];
    for (const { recordHash, valid, actualWeapon } of checked)
      expect(catalog.ofRecord(recordHash)?.weaponName ?? null).toBe(valid ? actualWeapon : null);
  });
});

describe('forms of a manifest', () => {
  const expected = catalog.catalysts.map(({ recordHash }) => recordHash);

  async function recordsAt(path: string): Promise<number[]> {
    const sources = new CatalogSources();
    const { tables } = await readManifestAt(path, sources.accept.bind(sources));
    expect(tables).toHaveLength(4);
    return deriveCatalog(sources, catalog, null).catalysts.map(({ recordHash }) => recordHash);
  }

  /** As in Bungie's file: ids signed, JSON as text that ends in a NUL or as a blob. */
  async function sqliteOf(tables: ManifestTables): Promise<Buffer> {
    const { Database } = await initSqlJs();
    const database = new Database();
    for (const [table, definitions] of Object.entries(tables)) {
      database.run(`CREATE TABLE ${table} (id INTEGER PRIMARY KEY NOT NULL, json BLOB)`);
      for (const [hash, { hash: _hash, ...rest }] of Object.entries(definitions))
        database.run(`INSERT INTO ${table} VALUES (?, ?)`, [Number(hash) | 0, `${JSON.stringify(rest)}\0`]);
    }
    return Buffer.from(database.export());
  }

  async function zipOf(name: string, content: Buffer): Promise<Buffer> {
    const zip = new yazl.ZipFile();
    zip.addBuffer(content, name);
    zip.end();
    const pieces: Buffer[] = [];
    for await (const piece of zip.outputStream) pieces.push(piece as Buffer);
    return Buffer.concat(pieces);
  }

  it('one JSON file, a folder of tables, SQLite and its ZIP give the same', async () => {
    const tables = manifestOfCatalog();
    const path = (name: string): string => join(folder, name);
    writeFileSync(path('all.json'), JSON.stringify(tables));
    mkdirSync(path('tables'));
    for (const [table, definitions] of Object.entries(tables))
      writeFileSync(path(`tables/${table}-0f1e-22.json`), JSON.stringify(definitions));
    writeFileSync(path('tables/readme.json'), '[]');
    const sqlite = await sqliteOf(tables);
    writeFileSync(path('world.content'), sqlite);
    writeFileSync(path('world.zip'), await zipOf('world_sql_content_0.content', sqlite));
    for (const name of ['all.json', 'tables', 'world.content', 'world.zip'])
      expect(await recordsAt(path(name))).toEqual(expected);
  });

  it('anything else is refused in a sentence', async () => {
    const path = join(folder, 'picture.png');
    writeFileSync(path, Buffer.from([0x89, 0x50, 0x4e, 0x47]));
    await expect(readManifestAt(path, () => undefined)).rejects.toThrow(/is no manifest/);
  });

  whereShared('manifest_slice_2017_weapons.json')(
    'ids of rows are signed: all 106 of 2017 are negative and name their hash (shared/data/destiny)',
    () => {
      const { DestinyInventoryItemDefinition: rows } = JSON.parse(
        readFileSync(join(shared, 'manifest_slice_2017_weapons.json'), 'utf8'),
      ) as { DestinyInventoryItemDefinition: { id: number; json: { hash: number } }[] };
      expect(rows).toHaveLength(106);
      for (const { id, json } of rows) {
        expect(id).toBeLessThan(0);
        expect(hashOfRowId(id)).toBe(json.hash);
      }
    },
  );

  it.each([
    [-1, 4_294_967_295],
    [-2_126_480_829, 2_168_486_467],
    [0, 0],
    [2_147_483_647, 2_147_483_647],
  ])('the id %d is the hash %d', (id, hash) => {
    expect(hashOfRowId(id)).toBe(hash);
  });
});
