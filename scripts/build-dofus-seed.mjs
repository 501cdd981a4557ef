// Rebuilds seeds/market/dofus.json.gz from a folder with the collected facts (see seeds/market/SOURCES.md):
//
//   node scripts/build-dofus-seed.mjs <facts folder> [output file]
//
// The seed is committed; this script exists so that anybody can see how it was made and make it again. Plain Node, no
// dependencies, no clock and no environment in the output: equal input gives equal bytes. Columns instead of rows, and
// sorted ids as steps, because that is what gzip shrinks best. Nothing is written unless every check holds.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, exit, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';

const FORMAT = 'guildhall-catalog/1';
const EXPECTED = { servers: 13, itemTypes: 220, jobs: 22, items: 8424, recipes: 4402, ingredients: 22987 };
const MAX_LEVEL = 200;
const CATEGORIES = ['equipment', 'consumable', 'resource', 'quest', 'other', 'cosmetic'];
const NOTICE =
  'Facts about the game Dofus: ids, names, levels, types and recipe quantities. Dofus is a trademark of Ankama Games. ' +
  'This project is not affiliated with, endorsed by or sponsored by Ankama. Provenance: seeds/market/SOURCES.md';

class SeedError extends Error {}

function check(holds, sentence) {
  if (!holds) throw new SeedError(sentence);
}

function readJson(folder, name) {
  const path = join(folder, name);
  let bytes;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new SeedError(`${path} cannot be read: ${error.message}`);
  }
  const rows = JSON.parse((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
  check(Array.isArray(rows), `${path} is not a JSON array`);
  return rows;
}

const byNumber = (key) => (left, right) => left[key] - right[key];

function readFacts(folder) {
  return {
    servers: readJson(folder, 'servers.json').sort(),
    itemTypes: readJson(folder, 'item_types.json').sort(byNumber('id')),
    jobs: readJson(folder, 'jobs.json').sort(byNumber('id')),
    items: readJson(folder, 'items.json.gz').sort(byNumber('id')),
    recipes: readJson(folder, 'recipes.json.gz').sort(byNumber('result_id')),
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
  };
  for (const [what, expected] of Object.entries(EXPECTED)) {
    check(counts[what] === expected, `expected ${expected} ${what}, found ${counts[what]}`);
  }
  return counts;
}

function uniqueIds(what, rows, key) {
  const ids = new Set();
  for (const row of rows) {
    const id = row[key];
    check(
      Number.isInteger(id) && id > 0 && id <= 0x7fffffff,
      `${what} id ${id} is not a positive 32-bit integer`,
    );
    check(!ids.has(id), `${what} ${id} occurs twice`);
    ids.add(id);
  }
  return ids;
}

/** Names are kept letter for letter, so a stray blank or a decomposed accent would end up in the database. */
function checkName(owner, name) {
  if (name === null) return;
  check(typeof name === 'string' && name !== '', `${owner} has an empty name`);
  check(name === name.normalize('NFC').trim().replace(/\s+/g, ' '), `${owner} has an untidy name: "${name}"`);
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

const steps = (sortedIds) => sortedIds.map((id, index) => (index === 0 ? id : id - sortedIds[index - 1]));
const column = (rows, key) => rows.map((row) => row[key]);
const categoryIndex = (category) => (category === null ? null : CATEGORIES.indexOf(category));
const noneAsNull = (value) => (value === -1 ? null : value);

function toSeed({ servers, itemTypes, jobs, items, recipes }) {
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
  };
}

/** zlib writes the building system into the header and may write a time; both are set to "unknown". */
function gzipFixed(text) {
  const bytes = gzipSync(Buffer.from(text, 'utf8'), { level: 9, memLevel: 9 });
  bytes.fill(0, 4, 8);
  bytes[9] = 0xff;
  return bytes;
}

function build(folder, output) {
  const facts = readFacts(folder);
  const counts = checkCounts(facts);
  checkRows(facts);
  checkRecipes(facts);
  const depth = checkAcyclic(facts.recipes);
  const bytes = gzipFixed(JSON.stringify(toSeed(facts)));
  // A reader must never see half a file, so the finished one takes the place of the old one in a single step.
  writeFileSync(`${output}.tmp`, bytes);
  renameSync(`${output}.tmp`, output);
  const summary = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
  stdout.write(`${output}: ${bytes.length} bytes; ${summary.join(', ')}; recipe depth ${depth}\n`);
}

const [folder, output = fileURLToPath(new URL('../seeds/market/dofus.json.gz', import.meta.url))] =
  argv.slice(2);
if (folder === undefined) {
  stderr.write('usage: node scripts/build-dofus-seed.mjs <facts folder> [output file]\n');
  exit(2);
}
try {
  build(folder, output);
} catch (error) {
  if (!(error instanceof SeedError)) throw error;
  stderr.write(`The seed was not built: ${error.message}\n`);
  exit(1);
}
