// Rebuilds seeds/market/dofus.json.gz from a folder with the collected facts (see seeds/market/SOURCES.md):
//
//   node scripts/build-dofus-seed.mjs <facts folder> [output file]
//
// The seed is committed; this script exists so that anybody can see how it was made and make it again. Plain Node, no
// dependencies, no clock and no environment in the output: equal input gives equal bytes. Columns instead of rows, and
// sorted ids as steps, because that is what gzip shrinks best. Nothing is written unless every check holds.
import { stdout } from 'node:process';
import { check, checkName, column, readJson, runBuild, steps, uniqueIds, writeSeed } from './seed-file.mjs';

const FORMAT = 'guildhall-catalog/2';
const EXPECTED = {
  servers: 13,
  itemTypes: 220,
  jobs: 22,
  items: 8424,
  recipes: 4402,
  ingredients: 22987,
  itemEffects: 254,
};
const MAX_LEVEL = 200;
/** Life and energy that a consumable gives back. */
const EFFECTS = [110, 139];
const CATEGORIES = ['equipment', 'consumable', 'resource', 'quest', 'other', 'cosmetic'];
const NOTICE =
  'Facts about the game Dofus: ids, names, levels, types and recipe quantities. Dofus is a trademark of Ankama Games. ' +
  'This project is not affiliated with, endorsed by or sponsored by Ankama. Provenance: seeds/market/SOURCES.md';

const byNumber = (key) => (left, right) => left[key] - right[key];

function readFacts(folder) {
  return {
    servers: readJson(folder, 'servers.json').sort(),
    itemTypes: readJson(folder, 'item_types.json').sort(byNumber('id')),
    jobs: readJson(folder, 'jobs.json').sort(byNumber('id')),
    items: readJson(folder, 'items.json.gz').sort(byNumber('id')),
    recipes: readJson(folder, 'recipes.json.gz').sort(byNumber('result_id')),
    itemEffects: readJson(folder, 'consumable_effects.json').sort(
      (left, right) => left.item_id - right.item_id || left.effect_id - right.effect_id,
    ),
  };
}

function checkCounts(facts) {
  const counts = {
    servers: facts.servers.length,
    itemTypes: facts.itemTypes.length,
    jobs: facts.jobs.length,
    items: facts.items.length,
    recipes: facts.recipes.length,
    ingredients: facts.recipes.reduce((sum, recipe) => sum + recipe.ingredients.length, 0),
    itemEffects: facts.itemEffects.length,
  };
  for (const [what, expected] of Object.entries(EXPECTED)) {
    check(counts[what] === expected, `expected ${expected} ${what}, found ${counts[what]}`);
  }
  return counts;
}

function checkRows(facts) {
  check(new Set(facts.servers).size === facts.servers.length, 'a server occurs twice');
  for (const name of facts.servers) checkName('a server', name);
  const types = uniqueIds('item type', facts.itemTypes, 'id');
  for (const type of facts.itemTypes) {
    check(
      CATEGORIES.includes(type.category),
      `item type ${type.id} has the unknown category ${type.category}`,
    );
    check(
      Number.isInteger(type.craft_xp_ratio) && type.craft_xp_ratio >= -1,
      `item type ${type.id} has no craft xp ratio`,
    );
    checkName(`item type ${type.id}`, type.name_fr);
    checkName(`item type ${type.id}`, type.name_en);
  }
  uniqueIds('job', facts.jobs, 'id');
  for (const job of facts.jobs) checkName(`job ${job.id}`, job.name_fr);
  uniqueIds('item', facts.items, 'id');
  for (const item of facts.items) {
    const { id, level, category, type_id: typeId } = item;
    check(
      level === null || (Number.isInteger(level) && level >= 1 && level <= MAX_LEVEL),
      `item ${id} has level ${level}`,
    );
    check(
      category === null || CATEGORIES.includes(category),
      `item ${id} has the unknown category ${category}`,
    );
    check(typeId === null || types.has(typeId), `item ${id} has the unknown type ${typeId}`);
    checkName(`item ${id}`, item.name_fr);
    checkName(`item ${id}`, item.name_en);
  }
}

function checkRecipes(facts) {
  const items = new Set(facts.items.map((item) => item.id));
  const jobs = new Set(facts.jobs.map((job) => job.id));
  uniqueIds('recipe for item', facts.recipes, 'result_id');
  for (const { result_id: result, job_id: job, level, ingredients } of facts.recipes) {
    check(items.has(result), `recipe for item ${result}: the item is missing`);
    check(jobs.has(job), `recipe for item ${result}: job ${job} is missing`);
    check(
      Number.isInteger(level) && level >= 1 && level <= MAX_LEVEL,
      `recipe for item ${result} has level ${level}`,
    );
    check(ingredients.length > 0, `recipe for item ${result} has no ingredients`);
    const seen = new Set();
    for (const [ingredient, quantity] of ingredients) {
      check(items.has(ingredient), `recipe for item ${result}: ingredient ${ingredient} is missing`);
      check(!seen.has(ingredient), `recipe for item ${result}: ingredient ${ingredient} occurs twice`);
      check(Number.isInteger(quantity) && quantity > 0, `recipe for item ${result}: quantity ${quantity}`);
      seen.add(ingredient);
    }
  }
}

function checkItemEffects(facts) {
  const items = new Set(facts.items.map((item) => item.id));
  const seen = new Set();
  for (const { item_id: item, effect_id: effect, value } of facts.itemEffects) {
    check(items.has(item), `effect ${effect} of item ${item}: the item is missing`);
    check(EFFECTS.includes(effect), `item ${item} has the unknown effect ${effect}`);
    check(Number.isInteger(value) && value > 0, `effect ${effect} of item ${item} has the value ${value}`);
    check(!seen.has(`${item}/${effect}`), `effect ${effect} of item ${item} occurs twice`);
    seen.add(`${item}/${effect}`);
  }
}

/** Peels off results whose ingredients need no further crafting; what never peels off stands on a cycle. Returns the depth. */
function checkAcyclic(recipes) {
  let open = new Map(recipes.map((recipe) => [recipe.result_id, recipe.ingredients.map(([id]) => id)]));
  let depth = 0;
  while (open.size > 0) {
    const left = new Map([...open].filter(([, ingredients]) => ingredients.some((id) => open.has(id))));
    check(
      left.size < open.size,
      `the recipes for items ${[...left.keys()].slice(0, 5).join(', ')} need each other`,
    );
    open = left;
    depth += 1;
  }
  return depth;
}

const categoryIndex = (category) => (category === null ? null : CATEGORIES.indexOf(category));
const noneAsNull = (value) => (value === -1 ? null : value);

function toSeed({ servers, itemTypes, jobs, items, recipes, itemEffects }) {
  const ingredients = recipes.flatMap((recipe) => recipe.ingredients);
  return {
    format: FORMAT,
    notice: NOTICE,
    game: { code: 'dofus', name: 'Dofus' },
    servers,
    categories: CATEGORIES,
    itemTypes: {
      idSteps: steps(column(itemTypes, 'id')),
      nameFr: column(itemTypes, 'name_fr'),
      nameEn: column(itemTypes, 'name_en'),
      category: itemTypes.map((type) => categoryIndex(type.category)),
      craftXpRatio: itemTypes.map((type) => noneAsNull(type.craft_xp_ratio)),
    },
    jobs: {
      idSteps: steps(column(jobs, 'id')),
      nameFr: column(jobs, 'name_fr'),
      iconId: jobs.map((job) => noneAsNull(job.icon_id)),
    },
    items: {
      idSteps: steps(column(items, 'id')),
      nameFr: column(items, 'name_fr'),
      nameEn: column(items, 'name_en'),
      level: column(items, 'level'),
      category: items.map((item) => categoryIndex(item.category)),
      typeId: column(items, 'type_id'),
    },
    recipes: {
      resultIdSteps: steps(column(recipes, 'result_id')),
      jobId: column(recipes, 'job_id'),
      level: column(recipes, 'level'),
      ingredientCount: recipes.map((recipe) => recipe.ingredients.length),
    },
    ingredients: {
      itemId: ingredients.map(([id]) => id),
      quantity: ingredients.map(([, quantity]) => quantity),
    },
    itemEffects: {
      itemId: column(itemEffects, 'item_id'),
      effectId: column(itemEffects, 'effect_id'),
      value: column(itemEffects, 'value'),
    },
  };
}

function build(folder, output) {
  const facts = readFacts(folder);
  const counts = checkCounts(facts);
  checkRows(facts);
  checkRecipes(facts);
  checkItemEffects(facts);
  const depth = checkAcyclic(facts.recipes);
  const size = writeSeed(output, toSeed(facts));
  const summary = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
  stdout.write(`${output}: ${size} bytes; ${summary.join(', ')}; recipe depth ${depth}\n`);
}

runBuild('build-dofus-seed.mjs', 'dofus.json.gz', build);
