import { z } from 'zod';
import { outlineJson } from './json-outline.js';
import { type PictureHeader, readPictureHeader } from './picture-header.js';

// Universal VTT (.dd2vtt, .uvtt, .df2vtt): a battle map as one JSON object with its picture in base64. There is no formal specification; what
// is read here is what its exporters write (Dungeondraft, Arkenforge, DungeonFog). Nothing of it is believed that can be looked at: the
// picture's type and size come from its own bytes, and `map_size` is only compared with them. One odd wall is left out and counted, not the
// whole map refused. All lengths are told in cells of the grid from the upper left corner of the picture.

/** Largest file, in bytes: a picture of 16 MiB in base64, and its walls. */
export const MOST_UVTT_BYTES = 30 * 1_048_576;
export const MOST_PICTURE_BYTES = 16 * 1_048_576;
export const MOST_PICTURE_PIXELS = 48_000_000;
const MOST_OTHER_BYTES = 8 * 1_048_576;
const MOST_DEPTH = 32;
const MOST_WALLS = 20_000;
const MOST_POINTS = 200_000;
const MOST_LIGHTS = 5_000;
const MOST_PORTALS = 5_000;
const MOST_CELLS = 1_000_000;
const MOST_UNKNOWN_KEYS = 20;
const LONGEST_KEY = 60;
/** Pixels of a cell that are believed, and those taken where none are told (what most exporters write). */
const [LEAST_CELL_PX, MOST_CELL_PX, USUAL_CELL_PX] = [4, 2_000, 70];

export interface MapPoint {
  readonly x: number;
  readonly y: number;
}

export interface MapWall {
  readonly points: readonly MapPoint[];
  /** Of something that stands in the room (a pillar), not of the building. */
  readonly isObject: boolean;
}

export interface MapPortal {
  readonly position: MapPoint;
  readonly bounds: readonly [MapPoint, MapPoint];
  /** Radians, as the file has it. */
  readonly rotation: number;
  readonly isClosed: boolean;
  readonly isFreestanding: boolean;
}

export interface MapLight {
  readonly position: MapPoint;
  /** Cells. */
  readonly range: number;
  readonly intensity: number;
  /** `aarrggbb`; null = none that can be read. */
  readonly color: string | null;
  readonly castsShadows: boolean;
}

export interface UvttMap {
  readonly picture: PictureHeader & { readonly bytes: Buffer };
  /** Pixels of one cell. */
  readonly cellPx: number;
  /** Of the picture, in cells; need not be whole. */
  readonly columns: number;
  readonly rows: number;
  readonly walls: readonly MapWall[];
  readonly portals: readonly MapPortal[];
  readonly lights: readonly MapLight[];
  readonly isLit: boolean;
  /** `aarrggbb`. */
  readonly ambientLight: string | null;
}

export const UVTT_FAULTS = [
  'not-json',
  'cut',
  'too-deep',
  'too-large',
  'too-many-parts',
  'no-picture',
  'not-a-picture',
  'too-many-pixels',
] as const;
export type UvttFault = (typeof UVTT_FAULTS)[number];

export type UvttReading =
  | { readonly fault: UvttFault; readonly detail: string }
  | { readonly fault: null; readonly map: UvttMap; readonly notes: readonly string[] };

const POINT = z.object({ x: z.number(), y: z.number() });
const COLOR = z.string().regex(/^(?:[0-9a-f]{6}|[0-9a-f]{8})$/i);
const PORTAL = z.object({
  position: POINT,
  bounds: z.tuple([POINT, POINT]),
  rotation: z.number().catch(0),
  closed: z.boolean().catch(true),
  freestanding: z.boolean().catch(false),
});
const LIGHT = z.object({
  position: POINT,
  range: z.number().min(0).max(MOST_CELLS),
  intensity: z.number().min(0).max(1_000).catch(1),
  color: COLOR.nullable().catch(null),
  shadows: z.boolean().catch(true),
});
const RESOLUTION = z.object({
  map_origin: POINT.catch({ x: 0, y: 0 }),
  map_size: POINT.nullable().catch(null),
  pixels_per_grid: z.number().min(LEAST_CELL_PX).max(MOST_CELL_PX).nullable().catch(null),
});
const ENVIRONMENT = z.object({
  baked_lighting: z.boolean().catch(false),
  ambient_light: COLOR.nullable().catch(null),
});
const KNOWN_KEYS = new Set([
  'format',
  'resolution',
  'line_of_sight',
  'objects_line_of_sight',
  'portals',
  'environment',
  'lights',
  'image',
  'software',
  'creator',
]);

/** @param bytes of the file, as it came */
export function readUvtt(bytes: Buffer): UvttReading {
  if (bytes.length > MOST_UVTT_BYTES) return faulty('too-large', `more than ${MOST_UVTT_BYTES} bytes`);
  const json = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
  const outline = outlineJson(json, 'image', MOST_DEPTH);
  if (outline.fault === 'too-deep') return faulty('too-deep', `nests deeper than ${MOST_DEPTH} levels`);
  if (outline.fault === 'cut') return faulty('cut', 'the file ends before its object does');
  if (outline.fault !== null) return faulty('not-json', 'is no JSON object');
  if (outline.text === null) return faulty('no-picture', 'has no `image`');
  const { start, end } = outline.text;
  if (json.length - (end - start) > MOST_OTHER_BYTES)
    return faulty('too-large', `more than ${MOST_OTHER_BYTES} bytes beside the picture`);
  const parts = parseObject(Buffer.concat([json.subarray(0, start), json.subarray(end)]));
  if (parts === null) return faulty('not-json', 'is no JSON object');
  const picture = readPicture(json.subarray(start, end));
  return 'fault' in picture ? picture : readParts(parts, picture);
}

function faulty(fault: UvttFault, detail: string): { fault: UvttFault; detail: string } {
  return { fault, detail };
}

function parseObject(bytes: Buffer): Record<string, unknown> | null {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Record<string, unknown>;
  } catch {
    return null;
  }
}

function readPicture(text: Buffer): UvttMap['picture'] | { fault: UvttFault; detail: string } {
  if (text.length === 0) return faulty('no-picture', 'its `image` is empty');
  if (text.length > (MOST_PICTURE_BYTES / 3) * 4 + 100)
    return faulty('too-large', `a picture of more than ${MOST_PICTURE_BYTES} bytes`);
  // Some exporters escape slashes, some write the whole data URL.
  const base64 = text
    .toString('latin1')
    .replaceAll('\\/', '/')
    .replace(/^data:image\/[a-z]{1,10};base64,/, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return faulty('not-a-picture', 'its `image` is no base64');
  const bytes = Buffer.from(base64, 'base64');
  const header = readPictureHeader(bytes);
  if (header === null) return faulty('not-a-picture', 'its `image` is neither PNG nor JPEG nor WebP');
  if (header.widthPx * header.heightPx > MOST_PICTURE_PIXELS)
    return faulty('too-many-pixels', `a picture of more than ${MOST_PICTURE_PIXELS} pixels`);
  return { ...header, bytes };
}

function readParts(parts: Record<string, unknown>, picture: UvttMap['picture']): UvttReading {
  const notes = new Notes();
  const lists = {
    building: listOf(parts['line_of_sight']),
    objects: listOf(parts['objects_line_of_sight']),
    portals: listOf(parts['portals']),
    lights: listOf(parts['lights']),
  };
  const tooMany = mostParts(lists);
  if (tooMany !== null) return faulty('too-many-parts', tooMany);
  const resolution = RESOLUTION.safeParse(parts['resolution']).data ?? RESOLUTION.parse({});
  const cellPx = cellOf(resolution, picture, notes);
  const [columns, rows] = [picture.widthPx / cellPx, picture.heightPx / cellPx];
  compareSize(resolution.map_size, columns, rows, notes);
  const placed = (point: MapPoint): MapPoint => ({
    x: point.x - resolution.map_origin.x,
    y: point.y - resolution.map_origin.y,
  });
  const walls = [
    ...notes.kept('wall', lists.building, (wall) => asWall(wall, false, placed)),
    ...notes.kept('wall of an object', lists.objects, (wall) => asWall(wall, true, placed)),
  ];
  const portals = notes.kept('portal', lists.portals, (portal) => asPortal(portal, placed));
  const lights = notes.kept('light', lists.lights, (light) => asLight(light, placed));
  const environment = ENVIRONMENT.safeParse(parts['environment']).data;
  for (const key of Object.keys(parts)
    .filter((each) => !KNOWN_KEYS.has(each))
    .slice(0, MOST_UNKNOWN_KEYS))
    notes.add(`\`${printable(key)}\` is not known here and was not kept`);
  const map: UvttMap = {
    picture,
    cellPx,
    columns,
    rows,
    walls,
    portals,
    lights,
    isLit: environment?.baked_lighting ?? false,
    ambientLight: environment?.ambient_light ?? null,
  };
  return { fault: null, map, notes: notes.all };
}

function mostParts(
  lists: Record<'building' | 'objects' | 'portals' | 'lights', readonly unknown[]>,
): string | null {
  const walls = [...lists.building, ...lists.objects];
  if (walls.length > MOST_WALLS) return `more than ${MOST_WALLS} walls`;
  const points = walls.reduce<number>((sum, wall) => sum + listOf(wall).length, 0);
  if (points > MOST_POINTS) return `more than ${MOST_POINTS} points of walls`;
  if (lists.portals.length > MOST_PORTALS) return `more than ${MOST_PORTALS} portals`;
  return lists.lights.length > MOST_LIGHTS ? `more than ${MOST_LIGHTS} lights` : null;
}

/** As told; else as many as the told size would need; else what is usual. */
function cellOf(resolution: z.infer<typeof RESOLUTION>, picture: PictureHeader, notes: Notes): number {
  if (resolution.pixels_per_grid !== null) return resolution.pixels_per_grid;
  const derived = picture.widthPx / (resolution.map_size?.x ?? 0);
  if (derived >= LEAST_CELL_PX && derived <= MOST_CELL_PX) {
    notes.add('`pixels_per_grid` is missing or makes no sense: it was taken from `map_size` and the picture');
    return derived;
  }
  notes.add(`\`pixels_per_grid\` is missing or makes no sense: ${USUAL_CELL_PX} was taken`);
  return USUAL_CELL_PX;
}

function compareSize(told: MapPoint | null, columns: number, rows: number, notes: Notes): void {
  if (told === null)
    return notes.add('`map_size` is missing or makes no sense: the picture says how large the map is');
  if (Math.abs(told.x - columns) > 0.5 || Math.abs(told.y - rows) > 0.5)
    notes.add(
      `\`map_size\` says ${rounded(told.x)} x ${rounded(told.y)} cells, the picture has ${rounded(columns)} x ${rounded(rows)}: the picture counts`,
    );
}

function asWall(value: unknown, isObject: boolean, placed: (point: MapPoint) => MapPoint): MapWall | null {
  const points = z.array(POINT).min(2).safeParse(value).data?.map(placed);
  return points?.every(isNear) ? { points, isObject } : null;
}

function asPortal(value: unknown, placed: (point: MapPoint) => MapPoint): MapPortal | null {
  const read = PORTAL.safeParse(value).data;
  if (read === undefined) return null;
  const [position, from, to] = [placed(read.position), placed(read.bounds[0]), placed(read.bounds[1])];
  if (![position, from, to].every(isNear)) return null;
  const { rotation, closed, freestanding } = read;
  return { position, bounds: [from, to], rotation, isClosed: closed, isFreestanding: freestanding };
}

function asLight(value: unknown, placed: (point: MapPoint) => MapPoint): MapLight | null {
  const read = LIGHT.safeParse(value).data;
  if (read === undefined) return null;
  const { range, intensity, color, shadows } = read;
  const position = placed(read.position);
  return isNear(position) ? { position, range, intensity, color, castsShadows: shadows } : null;
}

function isNear({ x, y }: MapPoint): boolean {
  return Math.abs(x) <= MOST_CELLS && Math.abs(y) <= MOST_CELLS;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function rounded(value: number): string {
  return `${Math.round(value * 100) / 100}`;
}

function printable(key: string): string {
  return key.replaceAll(/[^\w .-]/g, '?').slice(0, LONGEST_KEY);
}

/** What the reader of the file should know. */
class Notes {
  readonly all: string[] = [];

  add(note: string): void {
    this.all.push(note);
  }

  kept<Part>(name: string, values: readonly unknown[], read: (value: unknown) => Part | null): Part[] {
    const parts = values.map(read).filter((part) => part !== null);
    const left = values.length - parts.length;
    if (left > 0) this.add(`${left} of ${values.length}: a ${name} that cannot be read was left out`);
    return parts;
  }
}
