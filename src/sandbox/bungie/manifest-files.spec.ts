import { afterEach, describe, expect, it } from '@jest/globals';
import { at, BungieTrial, type Tree } from '../../../test/support/bungie-trial.js';
import { inventCatalysts } from './catalyst-set.js';
import { CATALYSTS_NODE, TABLES } from './manifest-definitions.js';
import { TRAP_RECORD } from './record-answer.js';

const MIB = 1_048_576;

let trial: BungieTrial;

afterEach(() => trial.close());

type Rows = Record<string, Tree & { hash: number }>;
const listed = async (): Promise<Tree> => {
  const { body } = await trial.get('/Platform/Destiny2/Manifest/');
  return body['Response'] as Tree;
};
const tableAt = async (path: string): Promise<Rows> => (await trial.get(path)).body as Rows;
const tableOf = async (table: string, language = 'en'): Promise<Rows> =>
  tableAt(at<string>(await listed(), `jsonWorldComponentContentPaths.${language}.${table}`));

describe('the manifest', () => {
  it('knows every hash that a player’s profile holds, in every language', async () => {
    trial = await BungieTrial.open({ manifest: { languages: ['en', 'de'] } });
    const { access } = await trial.signIn('ada');
    const { body } = await trial.get(trial.profilePath('ada'), access);
    for (const language of ['en', 'de']) {
      const [records, objectives, items] = await Promise.all(
        ['Record', 'Objective', 'InventoryItem'].map((name) => tableOf(`Destiny${name}Definition`, language)),
      );
      const answer = at<Tree>(body, 'Response');
      const held = at<Record<string, { objectives: { objectiveHash: number }[] }>>(
        answer,
        'profileRecords.data.records',
      );
      for (const [hash, record] of Object.entries(held)) {
        const hashes = record.objectives.map(({ objectiveHash }) => objectiveHash);
        expect(records![hash]).toMatchObject({ objectiveHashes: hashes });
        for (const objective of hashes)
          expect(objectives![objective]).toMatchObject({ hash: Number(objective) });
      }
      const sockets = at<Record<string, { sockets: { plugHash: number }[] }>>(
        answer,
        'itemComponents.sockets.data',
      );
      const plugs = Object.values(sockets).flatMap((one) => one.sockets.map(({ plugHash }) => plugHash));
      for (const plug of plugs) expect(items![plug]).toMatchObject({ itemType: 19 });
      for (const { itemHash } of at<{ itemHash: number }[]>(answer, 'profileInventory.data.items').slice(
        0,
        -1,
      ))
        expect(items![itemHash]).toMatchObject({ itemType: 3 });
    }
  });

  it('points from its settings to the catalysts and to patterns beside them, never to the triumph', async () => {
    trial = await BungieTrial.open();
    const { body } = await trial.get('/Platform/Settings/');
    const nodes = await tableOf('DestinyPresentationNodeDefinition');
    const recordsUnder = (hash: number): number[] => {
      const children = at<Tree>(nodes[hash], 'children');
      const own = at<{ recordHash: number }[]>(children, 'records').map(({ recordHash }) => recordHash);
      const deeper = at<{ presentationNodeHash: number }[]>(children, 'presentationNodes');
      return [...own, ...deeper.flatMap((one) => recordsUnder(one.presentationNodeHash))];
    };
    const root = at<number>(body, 'Response.destiny2CoreSettings.exoticCatalystsRootNodeHash');
    const catalysts = inventCatalysts().map(({ recordHash }) => recordHash);
    expect(new Set(recordsUnder(CATALYSTS_NODE))).toEqual(new Set(catalysts));
    expect(recordsUnder(root).length).toBeGreaterThan(catalysts.length);
    expect(recordsUnder(root)).not.toContain(TRAP_RECORD);
    expect(await tableOf('DestinyRecordDefinition')).toHaveProperty(String(TRAP_RECORD));
  });

  it('links each socket to its type, category, set and plugs', async () => {
    trial = await BungieTrial.open();
    const [items, sets, types, categories, collectibles] = await Promise.all(
      ['InventoryItem', 'PlugSet', 'SocketType', 'SocketCategory', 'Collectible'].map((name) =>
        tableOf(`Destiny${name}Definition`),
      ),
    );
    const weapons = Object.values(items!).filter((row) => row['itemType'] === 3);
    expect(weapons.length).toBe(84);
    for (const weapon of weapons) {
      expect(at(collectibles![String(weapon['collectibleHash'])], 'itemHash')).toBe(weapon.hash);
      for (const entry of at<Tree[]>(weapon, 'sockets.socketEntries')) {
        const type = types![String(entry['socketTypeHash'])];
        expect(categories![String(type!['socketCategoryHash'])]).toMatchObject({
          hash: type!['socketCategoryHash'],
        });
        const set = (entry['randomizedPlugSetHash'] ?? entry['reusablePlugSetHash']) as number | undefined;
        const plugs = at<Tree[]>(set === undefined ? entry : sets![set], 'reusablePlugItems');
        expect(plugs.length).toBeGreaterThan(0);
        const allowed = at<{ categoryHash: number }[]>(type, 'plugWhitelist').map((one) => one.categoryHash);
        for (const { plugItemHash } of plugs)
          expect(allowed).toContain(at(items![String(plugItemHash)], 'plug.plugCategoryHash'));
      }
    }
    const traits = Object.values(items!).filter((row) => row['itemTypeDisplayName'] === 'Enhanced Trait');
    expect(traits.length).toBeGreaterThan(10);
  });

  it('changes its version while the files of the one before stay as they were, or go', async () => {
    trial = await BungieTrial.open({ manifest: { version: 'v1' } });
    const path = at<string>(await listed(), 'jsonWorldComponentContentPaths.en.DestinyRecordDefinition');
    const first = await tableAt(path);
    trial.sandbox.publishManifest('v2', { catalysts: inventCatalysts(25) });
    const second = await listed();
    expect(second['version']).toBe('v2');
    expect(at(second, 'jsonWorldComponentContentPaths.en.DestinyRecordDefinition')).not.toBe(path);
    expect(await tableAt(path)).toEqual(first);
    const now = await tableOf('DestinyRecordDefinition');
    expect(Object.keys(now).length).toBe(Object.keys(first).length + 1);
    for (const row of Object.values(now)) expect(at(row, 'displayProperties.description')).toContain('[v2]');
    for (const row of Object.values(first))
      expect(at(row, 'displayProperties.description')).toContain('[v1]');
    trial.sandbox.publishManifest('v3', { keepsOld: false });
    expect((await fetch(new URL(path, trial.sandbox.url))).status).toBe(404);
    expect(at(await listed(), 'version')).toBe('v3');
  });

  it('is one file with all tables as well', async () => {
    trial = await BungieTrial.open();
    const all = (await trial.get(at<string>(await listed(), 'jsonWorldContentPaths.en'))).body;
    expect(Object.keys(all)).toEqual([...TABLES]);
    for (const table of TABLES) expect(all[table]).toEqual(await tableOf(table));
  });

  it('is about as large as asked for, with rows that differ', async () => {
    trial = await BungieTrial.open({ manifest: { sizeMb: 8 } });
    let sizeBytes = 0;
    for (const table of TABLES) {
      const path = at<string>(await listed(), `jsonWorldComponentContentPaths.en.${table}`);
      const text = await (await fetch(new URL(path, trial.sandbox.url))).text();
      sizeBytes += text.length;
      const rows = JSON.parse(text) as Rows;
      // A hash that came twice would have been lost by the parser.
      expect(text.match(/"hash":\d+,/g)).toHaveLength(Object.keys(rows).length);
      for (const [hash, row] of Object.entries(rows)) expect(String(row.hash)).toBe(hash);
    }
    expect(sizeBytes / MIB).toBeGreaterThan(7);
    expect(sizeBytes / MIB).toBeLessThan(10);
  });

  it('may be cut in the middle, with or without the connection', async () => {
    trial = await BungieTrial.open({ manifest: { sizeMb: 1 } });
    const path = at<string>(await listed(), 'jsonWorldComponentContentPaths.en.DestinyRecordDefinition');
    const whole = await (await fetch(new URL(path, trial.sandbox.url))).text();
    trial.sandbox.faults.next({ kind: 'cut-json', path: 'RecordDefinition', afterBytes: 90_000 });
    const cut = await (await fetch(new URL(path, trial.sandbox.url))).text();
    expect(cut).toBe(whole.slice(0, 90_000));
    trial.sandbox.faults.next({ kind: 'half-body', path: 'RecordDefinition', afterBytes: 90_000 });
    await expect(fetch(new URL(path, trial.sandbox.url)).then((answer) => answer.text())).rejects.toThrow();
    expect(await (await fetch(new URL(path, trial.sandbox.url))).text()).toBe(whole);
  });

  it('needs no memory for its size, even while a slow reader makes it wait', async () => {
    trial = await BungieTrial.open({ manifest: { sizeMb: 100 } });
    const path = at<string>(
      await listed(),
      'jsonWorldComponentContentPaths.en.DestinyInventoryItemDefinition',
    );
    const answer = await fetch(new URL(path, trial.sandbox.url));
    let sizeBytes = 0;
    let mostBytes = 0;
    const before = process.memoryUsage.rss();
    for await (const chunk of answer.body!) {
      sizeBytes += (chunk as Uint8Array).length;
      mostBytes = Math.max(mostBytes, process.memoryUsage.rss() - before);
    }
    expect(sizeBytes / MIB).toBeGreaterThan(60);
    expect(mostBytes / MIB).toBeLessThan(60);
  });
});
