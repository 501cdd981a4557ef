// What a game's gatherers find where, shipped as one small file of columns (seeds/market, made by
// scripts/build-dofus-harvest-seed.mjs). Checked as a whole like the catalogue's; its checksum says whether it has been applied.
import { z } from 'zod';
import {
  assertEqualLengths,
  assertUnique,
  at,
  fromSteps,
  readSeed,
  seedParts,
} from '../catalog/seed-file.reader.js';

/** Ids here and below are the game's own. Lists ascend by id. */
export interface HarvestSeed {
  /** SHA-256 of the file, 64 hex digits. */
  checksum: string;
  /** Key of the game. */
  game: string;
  notice: string;
  resources: SeedResource[];
  subareas: SeedSubarea[];
  maps: SeedMap[];
}

export interface SeedResource {
  /** Of the item that is gathered. */
  externalId: number;
  nameFr: string | null;
  jobId: number;
  /** Level of the job from which on it can be gathered. */
  level: number;
}

export interface SeedSubarea {
  externalId: number;
  areaId: number;
  level: number;
  /** Its maps lie side by side on the world's map; those of caves and dungeons share the coordinates of their entrance. */
  isOnWorldMap: boolean;
  /** What grows there, ascending. */
  resourceIds: number[];
}

export interface SeedMap {
  externalId: number;
  x: number;
  y: number;
  subareaId: number;
}

const { count, level, text, column } = seedParts;
const position = z.int().nonnegative();
const coordinate = z.int().min(-1_000).max(1_000);

const fileSchema = z.strictObject({
  format: z.literal('guildhall-harvest/1'),
  notice: text,
  game: z.string().regex(/^[a-z][a-z0-9-]*$/),
  resources: z.strictObject({
    idSteps: column(count),
    nameFr: column(text.nullable()),
    jobId: column(count),
    level: column(level),
  }),
  subareas: z.strictObject({
    idSteps: column(count),
    areaId: column(position),
    level: column(z.int().min(0).max(1_000)),
    isOnWorldMap: column(z.union([z.literal(0), z.literal(1)])),
    resourceCount: column(position),
  }),
  /** Positions in the list of resources, in the order of their subareas. */
  grown: column(position),
  maps: z.strictObject({
    /** The first may be 0: some map has that id. */
    idSteps: column(z.int32().nonnegative()),
    x: column(coordinate),
    y: column(coordinate),
    /** Positions in the list of subareas. */
    subarea: column(position),
  }),
});

type SeedFile = z.infer<typeof fileSchema>;

/** Reads and checks a seed file. Throws StartupError, naming the file and the first thing wrong with it. */
export function readHarvestSeed(path: string): HarvestSeed {
  return readSeed(path, (content, checksum) => toRows(fileSchema.parse(content), checksum));
}

function toRows(file: SeedFile, checksum: string): HarvestSeed {
  const resources = toResources(file);
  const subareas = toSubareas(file, resources);
  return {
    checksum,
    game: file.game,
    notice: file.notice,
    resources,
    subareas,
    maps: toMaps(file, subareas),
  };
}

function toResources({ resources }: SeedFile): SeedResource[] {
  assertEqualLengths('resources', resources);
  return fromSteps(resources.idSteps).map((externalId, row) => ({
    externalId,
    nameFr: at(resources.nameFr, row),
    jobId: at(resources.jobId, row),
    level: at(resources.level, row),
  }));
}

function toSubareas({ subareas, grown }: SeedFile, resources: readonly SeedResource[]): SeedSubarea[] {
  assertEqualLengths('subareas', subareas);
  let used = 0;
  const rows = fromSteps(subareas.idSteps).map((externalId, row) => {
    const first = used;
    used += at(subareas.resourceCount, row);
    const resourceIds = grown.slice(first, used).map((index) => at(resources, index).externalId);
    assertUnique(`subarea ${externalId}: resource`, resourceIds);
    return {
      externalId,
      areaId: at(subareas.areaId, row),
      level: at(subareas.level, row),
      isOnWorldMap: at(subareas.isOnWorldMap, row) === 1,
      resourceIds,
    };
  });
  if (used !== grown.length)
    throw new Error(`subareas count ${used} places of resources, the file has ${grown.length}`);
  return rows;
}

function toMaps({ maps }: SeedFile, subareas: readonly SeedSubarea[]): SeedMap[] {
  assertEqualLengths('maps', maps);
  const ids = fromSteps(maps.idSteps);
  assertUnique('map', ids);
  return ids.map((externalId, row) => ({
    externalId,
    x: at(maps.x, row),
    y: at(maps.y, row),
    subareaId: at(subareas, at(maps.subarea, row)).externalId,
  }));
}
