import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { packageRoot } from '../../platform/config/package-root.js';
import { StartupError } from '../../platform/config/startup-error.js';
import { catalogSeedChecksum, readCatalogSeed } from './catalog-seed.reader.js';
import { foldName } from './fold-name.js';
import { planNewItems } from './plan-new-items.js';

const root = packageRoot();
const shippedPath = join(root, 'seeds/market/dofus.json.gz');
const scriptPath = join(root, 'scripts/build-dofus-seed.mjs');
const factsFolder = resolve(root, '../shared/data/dofus');

const unpack = (path: string): string => gunzipSync(readFileSync(path)).toString('utf8');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'catalog seed-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the shipped Dofus seed', () => {
  const seed = readCatalogSeed(shippedPath);
  const items = new Map(seed.items.map((item) => [item.externalId, item]));

  it('has everything it promises', () => {
    expect(seed.game).toEqual({ code: 'dofus', name: 'Dofus' });
    expect(seed.notice).toContain('not affiliated');
    expect(seed.servers).toHaveLength(13);
    expect(seed.itemTypes).toHaveLength(220);
    expect(seed.jobs).toHaveLength(22);
    expect(seed.items).toHaveLength(8_424);
    expect(seed.items.filter((item) => item.nameFr !== null)).toHaveLength(7_744);
    expect(seed.recipes).toHaveLength(4_402);
    expect(seed.recipes.flatMap((recipe) => recipe.ingredients)).toHaveLength(22_987);
    expect(seed.itemEffects).toHaveLength(254);
    expect(new Set(seed.itemEffects.map((effect) => effect.effectId))).toEqual(new Set([110, 139]));
  });

  it('says of known things what is known of them', () => {
    expect(items.get(44)).toEqual({
      externalId: 44,
      nameFr: 'Épée de Boisaille',
      nameEn: 'Twiggy Sword',
      level: 7,
      category: 'equipment',
      typeId: 6,
    });
    expect(seed.recipes[0]).toEqual({
      resultExternalId: 44,
      jobId: 11,
      level: 7,
      ingredients: [
        { itemExternalId: 16_512, quantity: 3 },
        { itemExternalId: 303, quantity: 3 },
      ],
    });
    expect(seed.jobs).toContainEqual({ externalId: 11, nameFr: 'Forgeron', iconId: 10 });
    expect(seed.jobs).toContainEqual({ externalId: 1, nameFr: 'Base', iconId: null });
    expect(seed.itemTypes[0]).toEqual({
      externalId: 1,
      nameFr: 'Amulette',
      nameEn: 'Amulet',
      category: 'equipment',
      craftXpRatio: null,
    });
    expect(seed.itemTypes.filter((type) => type.craftXpRatio !== null)).toHaveLength(22);
    expect(seed.servers).toContain('Hell Mina');
  });

  it('has recipes that end at raw materials after five steps at most', () => {
    const byResult = new Map(seed.recipes.map((recipe) => [recipe.resultExternalId, recipe]));
    const depths = new Map<number, number>();
    const depthOf = (itemId: number, path: readonly number[]): number => {
      if (path.includes(itemId)) throw new Error(`item ${itemId} needs itself`);
      const known = depths.get(itemId);
      if (known !== undefined) return known;
      const needed = byResult.get(itemId)?.ingredients ?? [];
      const below = needed.map((ingredient) => depthOf(ingredient.itemExternalId, [...path, itemId]));
      const depth = needed.length === 0 ? 0 : 1 + Math.max(...below);
      depths.set(itemId, depth);
      return depth;
    };
    expect(Math.max(...seed.recipes.map((recipe) => depthOf(recipe.resultExternalId, [])))).toBe(5);
  });

  it('gets a label for each item, unique even where names repeat', () => {
    const named = seed.items.map(({ externalId, nameFr, category }) => ({
      externalId,
      name: nameFr,
      category,
    }));
    const labels = planNewItems(named, []).created.map((item) => item.label);
    expect(new Set(labels).size).toBe(8_424);
    // 34 names stand on 77 items, so 43 of them are numbered.
    expect(labels.filter((label) => / \(\d+\)$/.test(label))).toHaveLength(43);
    expect(labels.filter((label) => label.startsWith('#'))).toHaveLength(680);
    expect(labels.filter((label) => label.startsWith('Nomoon'))).toEqual(['Nomoon', 'Nomoon (6716)']);
  });

  it('has names that all fold to plain letters', () => {
    const left = seed.items.filter((item) => item.nameFr !== null && !/^[ -~]+$/.test(foldName(item.nameFr)));
    expect(left).toEqual([]);
  });

  it('is recognised by its checksum without unpacking', () => {
    expect(catalogSeedChecksum(shippedPath)).toBe(seed.checksum);
    expect(seed.checksum).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('a seed file that is not in order', () => {
  interface Columns {
    [name: string]: unknown[];
  }
  interface Draft {
    format: string;
    servers: string[];
    extra?: number;
    itemTypes: Columns;
    items: Columns;
    recipes: Columns;
    ingredients: Columns;
    itemEffects: Columns;
  }

  function written(change: (draft: Draft) => void): string {
    const draft = {
      format: 'guildhall-catalog/2',
      notice: 'A made-up game.',
      game: { code: 'tiny', name: 'Tiny' },
      servers: ['North'],
      categories: ['resource'],
      itemTypes: { idSteps: [4], nameFr: [null], nameEn: ['Ore'], category: [0], craftXpRatio: [30] },
      jobs: { idSteps: [2], nameFr: ['Mineur'], iconId: [null] },
      items: {
        idSteps: [5, 2],
        nameFr: ['Fer', null],
        nameEn: [null, null],
        level: [1, null],
        category: [0, null],
        typeId: [4, null],
      },
      recipes: { resultIdSteps: [7], jobId: [2], level: [10], ingredientCount: [1] },
      ingredients: { itemId: [5], quantity: [3] },
      itemEffects: { itemId: [5, 5, 7], effectId: [110, 139, 110], value: [20, 30, 40] },
    };
    change(draft);
    const path = join(folder, 'tiny.json.gz');
    writeFileSync(path, gzipSync(JSON.stringify(draft)));
    return path;
  }

  it('is what the following cases start from, in order', () => {
    const seed = readCatalogSeed(written(() => undefined));
    expect(seed.items.map((item) => [item.externalId, item.category])).toEqual([
      [5, 'resource'],
      [7, null],
    ]);
    expect(seed.recipes).toEqual([
      { resultExternalId: 7, jobId: 2, level: 10, ingredients: [{ itemExternalId: 5, quantity: 3 }] },
    ]);
    expect(seed.itemEffects).toEqual([
      { itemExternalId: 5, effectId: 110, value: 20, position: 0 },
      { itemExternalId: 5, effectId: 139, value: 30, position: 1 },
      { itemExternalId: 7, effectId: 110, value: 40, position: 0 },
    ]);
  });

  it.each<[string, (draft: Draft) => void, string]>([
    ['of another format', (draft) => (draft.format = 'guildhall-catalog/1'), 'format'],
    ['with a key nobody knows', (draft) => (draft.extra = 1), 'Unrecognized key'],
    ['with a wrong type', (draft) => (draft.items['level'] = ['1', null]), 'items.level.0'],
    ['with a level of zero', (draft) => (draft.items['level'] = [0, null]), 'items.level.0'],
    ['with an id twice', (draft) => (draft.items['idSteps'] = [5, 0]), 'items.idSteps.1'],
    ['with columns of unequal length', (draft) => draft.items['level']?.pop(), 'columns of items'],
    ['with a category that is not there', (draft) => (draft.items['category'] = [1, null]), 'position 1'],
    [
      'with a type that is not there',
      (draft) => (draft.items['typeId'] = [9, null]),
      'item type 9 is missing',
    ],
    ['with a job that is not there', (draft) => (draft.recipes['jobId'] = [3]), 'job 3 is missing'],
    [
      'with a result that is not there',
      (draft) => (draft.recipes['resultIdSteps'] = [8]),
      'item 8 is missing',
    ],
    [
      'with an ingredient that is not there',
      (draft) => (draft.ingredients['itemId'] = [6]),
      'item 6 is missing',
    ],
    ['with too few ingredients', (draft) => (draft.recipes['ingredientCount'] = [2]), 'recipes count 2'],
    [
      'with an ingredient twice',
      (draft) => {
        draft.recipes['ingredientCount'] = [2];
        draft.ingredients = { itemId: [5, 5], quantity: [1, 2] };
      },
      'recipe for 7: ingredient 5 occurs twice',
    ],
    [
      'with an effect of an item that is not there',
      (draft) => (draft.itemEffects['itemId'] = [5, 5, 8]),
      'item 8 is missing',
    ],
    [
      'with an effect twice',
      (draft) => (draft.itemEffects['effectId'] = [110, 110, 139]),
      'effect of an item 5/110 occurs twice',
    ],
    ['with a server twice', (draft) => draft.servers.push('North'), 'server North occurs twice'],
  ])('%s is refused in one sentence that says why', (_case, change, reason) => {
    const path = written(change);
    expect(() => readCatalogSeed(path)).toThrow(StartupError);
    expect(() => readCatalogSeed(path)).toThrow(reason);
    expect(() => readCatalogSeed(path)).toThrow(
      /^The catalogue seed [^\n]*; restore the file from the repository\.$/,
    );
  });

  it('is refused when it is cut short, is no JSON or is not there', () => {
    const path = join(folder, 'damaged.json.gz');
    writeFileSync(path, readFileSync(shippedPath).subarray(0, 50_000));
    expect(() => readCatalogSeed(path)).toThrow(StartupError);
    writeFileSync(path, gzipSync('not JSON'));
    expect(() => readCatalogSeed(path)).toThrow(StartupError);
    expect(() => readCatalogSeed(join(folder, 'absent.json.gz'))).toThrow(
      /absent\.json\.gz is unusable \(ENOENT/,
    );
    expect(() => catalogSeedChecksum(join(folder, 'absent.json.gz'))).toThrow(StartupError);
  });
});

const withFacts = existsSync(factsFolder) ? describe : describe.skip;

withFacts('scripts/build-dofus-seed.mjs (needs the folder ../shared/data/dofus)', () => {
  const build = (from: string, to: string) =>
    spawnSync(process.execPath, [scriptPath, from, to], { encoding: 'utf8', env: {} });

  it('makes the shipped seed again, byte for byte the same each time', () => {
    const paths = [join(folder, 'first.json.gz'), join(folder, 'second.json.gz')] as const;
    for (const path of paths) expect(build(factsFolder, path)).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(paths[0]).equals(readFileSync(paths[1]))).toBe(true);
    // Against the shipped file the text is compared, since versions of zlib may pack the same text differently.
    expect(unpack(paths[0]) === unpack(shippedPath)).toBe(true);
  });

  interface RecipeFact {
    result_id: number;
    ingredients: [itemId: number, quantity: number][];
  }

  /** The recipe of item 44 is the first one and has two ingredients. */
  function withFirst(...ingredients: RecipeFact['ingredients']): (recipes: RecipeFact[]) => object[] {
    return ([first, ...others]) => [{ ...first, ingredients }, ...others];
  }

  it.each<[string, (recipes: RecipeFact[]) => object[], RegExp]>([
    ['a recipe is lost', ([, ...others]) => others, /expected 4402 recipes, found 4401/],
    ['an ingredient is lost', withFirst([303, 3]), /expected 22987 ingredients, found 22986/],
    ['an ingredient is unknown', withFirst([2, 3], [303, 3]), /item 44: ingredient 2 is missing/],
    ['an ingredient occurs twice', withFirst([303, 1], [303, 3]), /item 44: ingredient 303 occurs twice/],
    ['a quantity is zero', withFirst([303, 0], [16_512, 3]), /item 44: quantity 0/],
    [
      'a result occurs twice',
      ([first, second, ...others]) => [{ ...first }, { ...second, result_id: 44 }, ...others],
      /recipe for item 44 occurs twice/,
    ],
    ['a recipe needs itself', withFirst([44, 1], [303, 3]), /the recipes for items 44\b.* need each other/],
  ])('refuses to write when %s', (_case, change, sentence) => {
    const changed = mkdtempSync(join(folder, 'facts-'));
    for (const name of [
      'servers.json',
      'item_types.json',
      'jobs.json',
      'items.json.gz',
      'consumable_effects.json',
    ]) {
      writeFileSync(join(changed, name), readFileSync(join(factsFolder, name)));
    }
    const recipes = JSON.parse(unpack(join(factsFolder, 'recipes.json.gz'))) as RecipeFact[];
    writeFileSync(join(changed, 'recipes.json.gz'), gzipSync(JSON.stringify(change(recipes))));
    const output = join(changed, 'seed.json.gz');
    const run = build(changed, output);
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(sentence);
    expect(existsSync(output)).toBe(false);
  });
});
