// Rebuilds seeds/market/dofus-harvest.json.gz from a folder with the collected facts (see seeds/market/SOURCES.md):
//
//   node scripts/build-dofus-harvest-seed.mjs <facts folder> [output file]
//
// What can be gathered, in which subareas it grows, and where the maps of those lie. As with build-dofus-seed.mjs, equal input
// gives equal bytes and nothing is written unless every check holds.
import { stdout } from 'node:process';
import {
  check,
  checkName,
  column,
  readJson,
  readLists,
  runBuild,
  steps,
  uniqueIds,
  writeSeed,
} from './seed-file.mjs';

const FORMAT = 'guildhall-harvest/1';
const EXPECTED = { resources: 117, subareas: 461, maps: 12153 };
const MAX_LEVEL = 200;
const MAX_COORDINATE = 1000;
const NOTICE =
  'Facts about the game Dofus: what can be gathered, where it grows, and where maps lie. Dofus is a trademark of Ankama Games. ' +
  'This project is not affiliated with, endorsed by or sponsored by Ankama. Provenance: seeds/market/SOURCES.md';

const isWithin = (value, least, most) => Number.isInteger(value) && value >= least && value <= most;

function readFacts(folder) {
  const { resources, subareas, maps } = readLists(folder, 'harvest.json.gz', [
    'resources',
    'subareas',
    'maps',
  ]);
  const byId = (key) => (left, right) => left[key] - right[key];
  return {
    jobs: readJson(folder, 'jobs.json'),
    resources: resources.sort(byId('item_id')),
    subareas: subareas.sort(byId('id')),
    maps: maps.map(([id, x, y, subarea]) => ({ id, x, y, subarea })).sort(byId('id')),
  };
}

function checkFacts({ jobs, resources, subareas, maps }) {
  for (const [what, rows] of Object.entries({ resources, subareas, maps }))
    check(rows.length === EXPECTED[what], `expected ${EXPECTED[what]} ${what}, found ${rows.length}`);
  const jobIds = uniqueIds('job', jobs, 'id');
  uniqueIds('resource', resources, 'item_id');
  for (const { item_id: id, name_fr: name, job_id: job, level_min: level } of resources) {
    check(jobIds.has(job), `resource ${id} has the unknown job ${job}`);
    check(isWithin(level, 1, MAX_LEVEL), `resource ${id} has level ${level}`);
    checkName(`resource ${id}`, name);
  }
  const subareaIds = uniqueIds('subarea', subareas, 'id');
  for (const {
    id,
    area_id: area,
    level,
    on_world_map: isOnWorldMap,
    harvestable_item_ids: items,
  } of subareas) {
    check(isWithin(area, 0, 0x7fffffff), `subarea ${id} has the area ${area}`);
    check(isWithin(level, 0, MAX_LEVEL), `subarea ${id} has level ${level}`);
    check(typeof isOnWorldMap === 'boolean', `subarea ${id} does not say whether it is on the world map`);
    check(new Set(items).size === items.length, `subarea ${id} names a resource twice`);
  }
  check(new Set(maps.map(({ id }) => id)).size === maps.length, 'a map occurs twice');
  for (const { id, x, y, subarea } of maps) {
    check(isWithin(id, 0, 0x7fffffff), `map id ${id} is not a 32-bit integer`);
    check(
      isWithin(x, -MAX_COORDINATE, MAX_COORDINATE) && isWithin(y, -MAX_COORDINATE, MAX_COORDINATE),
      `map ${id} is at ${x}, ${y}`,
    );
    check(subareaIds.has(subarea), `map ${id} is in the unknown subarea ${subarea}`);
  }
}

/** Ids of what nobody has the skill to gather (variants of a plant's look) are left out. */
function toSeed({ resources, subareas, maps }) {
  const position = new Map(resources.map(({ item_id: id }, index) => [id, index]));
  const subareaAt = new Map(subareas.map(({ id }, index) => [id, index]));
  const grown = subareas.map(({ harvestable_item_ids: items }) =>
    items.flatMap((id) => position.get(id) ?? []).sort((left, right) => left - right),
  );
  return {
    format: FORMAT,
    notice: NOTICE,
    game: 'dofus',
    resources: {
      idSteps: steps(column(resources, 'item_id')),
      nameFr: column(resources, 'name_fr'),
      jobId: column(resources, 'job_id'),
      level: column(resources, 'level_min'),
    },
    subareas: {
      idSteps: steps(column(subareas, 'id')),
      areaId: column(subareas, 'area_id'),
      level: column(subareas, 'level'),
      isOnWorldMap: subareas.map(({ on_world_map: isOnWorldMap }) => (isOnWorldMap ? 1 : 0)),
      resourceCount: grown.map((list) => list.length),
    },
    grown: grown.flat(),
    maps: {
      idSteps: steps(column(maps, 'id')),
      x: column(maps, 'x'),
      y: column(maps, 'y'),
      subarea: maps.map(({ subarea }) => subareaAt.get(subarea)),
    },
  };
}

function build(folder, output) {
  const facts = readFacts(folder);
  checkFacts(facts);
  const seed = toSeed(facts);
  const size = writeSeed(output, seed);
  const counts = Object.keys(EXPECTED).map((what) => `${facts[what].length} ${what}`);
  stdout.write(`${output}: ${size} bytes; ${counts.join(', ')}, ${seed.grown.length} places of resources\n`);
}

runBuild('build-dofus-harvest-seed.mjs', 'dofus-harvest.json.gz', build);
