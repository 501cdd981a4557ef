// A game's facts are shipped as one small file of columns (seeds/market, made by scripts/build-dofus-seed.mjs). This is its only
// reader: it unpacks, checks every column and every reference, and hands out rows. A file that was cut, edited by hand or made
// by another version is refused as a whole, so that no half of a catalogue is ever applied. The checksum is that of the file's
// bytes: whoever applies a seed keeps it and does nothing while it stays the same.
import { z } from 'zod';
import {
  assertEqualLengths,
  assertKnown,
  assertUnique,
  at,
  fromSteps,
  readSeed,
  seedChecksum,
  seedParts,
} from './seed-file.reader.js';

export interface CatalogSeed {
  /** SHA-256 of the file, 64 hex digits. */
  checksum: string;
  game: { code: string; name: string };
  /** To be shown wherever the facts are: whose game it is, and that we are not affiliated. */
  notice: string;
  servers: string[];
  categories: string[];
  itemTypes: SeedItemType[];
  jobs: SeedJob[];
  items: SeedItem[];
  recipes: SeedRecipe[];
  itemEffects: SeedItemEffect[];
}

/** Ids here and below are the game's own. Lists ascend by id; a null is a fact that no source knew. */
export interface SeedItemType {
  externalId: number;
  nameFr: string | null;
  nameEn: string | null;
  category: string;
  /** Per cent of the usual crafting experience; null: the type has no ratio of its own. */
  craftXpRatio: number | null;
}

export interface SeedJob {
  externalId: number;
  nameFr: string | null;
  iconId: number | null;
}

export interface SeedItem {
  externalId: number;
  nameFr: string | null;
  nameEn: string | null;
  level: number | null;
  category: string | null;
  typeId: number | null;
}

export interface SeedRecipe {
  resultExternalId: number;
  jobId: number;
  level: number;
  ingredients: { itemExternalId: number; quantity: number }[];
}

export interface SeedItemEffect {
  itemExternalId: number;
  /** The game's own id of the effect. */
  effectId: number;
  value: number;
  /** Place among the effects of its item, from 0. */
  position: number;
}

const { count, level, text, column } = seedParts;

const fileSchema = z.strictObject({
  format: z.literal('guildhall-catalog/2'),
  notice: text,
  game: z.strictObject({ code: z.string().regex(/^[a-z][a-z0-9-]*$/), name: text }),
  servers: column(text),
  categories: column(text),
  itemTypes: z.strictObject({
    idSteps: column(count),
    nameFr: column(text.nullable()),
    nameEn: column(text.nullable()),
    category: column(z.int().nonnegative()),
    craftXpRatio: column(z.int32().nonnegative().nullable()),
  }),
  jobs: z.strictObject({
    idSteps: column(count),
    nameFr: column(text.nullable()),
    iconId: column(count.nullable()),
  }),
  items: z.strictObject({
    idSteps: column(count),
    nameFr: column(text.nullable()),
    nameEn: column(text.nullable()),
    level: column(level.nullable()),
    category: column(z.int().nonnegative().nullable()),
    typeId: column(count.nullable()),
  }),
  recipes: z.strictObject({
    resultIdSteps: column(count),
    jobId: column(count),
    level: column(level),
    ingredientCount: column(count),
  }),
  ingredients: z.strictObject({ itemId: column(count), quantity: column(count) }),
  itemEffects: z.strictObject({ itemId: column(count), effectId: column(count), value: column(z.int32()) }),
});

type SeedFile = z.infer<typeof fileSchema>;

/** SHA-256 of the seed file as hex, without unpacking it. Throws StartupError when it cannot be read. */
export const catalogSeedChecksum = seedChecksum;

/** Reads and checks a seed file. Throws StartupError, naming the file and the first thing wrong with it. */
export function readCatalogSeed(path: string): CatalogSeed {
  return readSeed(path, (content, checksum) => toRows(fileSchema.parse(content), checksum));
}

function toRows(file: SeedFile, checksum: string): CatalogSeed {
  const { game, notice, servers, categories } = file;
  assertUnique('server', servers);
  assertUnique('category', categories);
  const itemTypes = toItemTypes(file);
  const jobs = toJobs(file);
  const items = toItems(file, new Set(itemTypes.map((type) => type.externalId)));
  const knownItems = new Set(items.map((item) => item.externalId));
  const recipes = toRecipes(file, {
    items: knownItems,
    jobs: new Set(jobs.map((job) => job.externalId)),
  });
  const itemEffects = toItemEffects(file, knownItems);
  return { checksum, game, notice, servers, categories, itemTypes, jobs, items, recipes, itemEffects };
}

function toItemTypes({ itemTypes, categories }: SeedFile): SeedItemType[] {
  assertEqualLengths('itemTypes', itemTypes);
  return fromSteps(itemTypes.idSteps).map((externalId, row) => ({
    externalId,
    nameFr: at(itemTypes.nameFr, row),
    nameEn: at(itemTypes.nameEn, row),
    category: at(categories, at(itemTypes.category, row)),
    craftXpRatio: at(itemTypes.craftXpRatio, row),
  }));
}

function toJobs({ jobs }: SeedFile): SeedJob[] {
  assertEqualLengths('jobs', jobs);
  return fromSteps(jobs.idSteps).map((externalId, row) => ({
    externalId,
    nameFr: at(jobs.nameFr, row),
    iconId: at(jobs.iconId, row),
  }));
}

function toItems({ items, categories }: SeedFile, knownTypes: ReadonlySet<number>): SeedItem[] {
  assertEqualLengths('items', items);
  return fromSteps(items.idSteps).map((externalId, row) => {
    const category = at(items.category, row);
    const typeId = at(items.typeId, row);
    if (typeId !== null) assertKnown('item type', knownTypes, typeId);
    return {
      externalId,
      nameFr: at(items.nameFr, row),
      nameEn: at(items.nameEn, row),
      level: at(items.level, row),
      category: category === null ? null : at(categories, category),
      typeId,
    };
  });
}

function toRecipes(
  { recipes, ingredients }: SeedFile,
  known: { items: ReadonlySet<number>; jobs: ReadonlySet<number> },
): SeedRecipe[] {
  assertEqualLengths('recipes', recipes);
  assertEqualLengths('ingredients', ingredients);
  let used = 0;
  const rows = fromSteps(recipes.resultIdSteps).map((resultExternalId, row) => {
    const jobId = at(recipes.jobId, row);
    assertKnown('item', known.items, resultExternalId);
    assertKnown('job', known.jobs, jobId);
    const first = used;
    used += at(recipes.ingredientCount, row);
    const itemIds = ingredients.itemId.slice(first, used);
    assertUnique(`recipe for ${resultExternalId}: ingredient`, itemIds);
    return {
      resultExternalId,
      jobId,
      level: at(recipes.level, row),
      ingredients: itemIds.map((itemExternalId, index) => {
        assertKnown('item', known.items, itemExternalId);
        return { itemExternalId, quantity: at(ingredients.quantity, first + index) };
      }),
    };
  });
  if (used !== ingredients.itemId.length) {
    throw new Error(`recipes count ${used} ingredients, the file has ${ingredients.itemId.length}`);
  }
  return rows;
}

/** Effects of an item follow each other in the order in which the game shows them. */
function toItemEffects({ itemEffects }: SeedFile, knownItems: ReadonlySet<number>): SeedItemEffect[] {
  assertEqualLengths('itemEffects', itemEffects);
  const counts = new Map<number, number>();
  const rows = itemEffects.itemId.map((itemExternalId, row) => {
    assertKnown('item', knownItems, itemExternalId);
    const position = counts.get(itemExternalId) ?? 0;
    counts.set(itemExternalId, position + 1);
    return {
      itemExternalId,
      effectId: at(itemEffects.effectId, row),
      value: at(itemEffects.value, row),
      position,
    };
  });
  assertUnique(
    'effect of an item',
    rows.map(({ itemExternalId, effectId }) => `${itemExternalId}/${effectId}`),
  );
  return rows;
}
