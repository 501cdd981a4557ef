import { z } from 'zod';
import { isStorableJson, STORABLE } from '../../platform/http/storable.js';

// Tokens of a Foundry scene, in and out. Foundry places them in pixels of a canvas with a margin around the picture, we in cells from the
// picture's corner; a token is the same by its stable id (`_id`, or ours in `flags.guildhall`). Whatever else Foundry keeps of a token comes
// back as it was: it is stored beside ours and written out again.
// Square grids: the margin is `padding` of the size, rounded up to whole cells, less the picture's offset (foundry `BaseGrid#calculateDimensions`).

export const MOST_TOKENS = 2_000;
const MOST_EXTRA_DEPTH = 20;
const MOST_EXTRA_LETTERS = 65_536;
const LONGEST_NAME = 200;
const MOST_SPAN_CELLS = 100;
const MOST_PX = 1e9;
/** Pixels are written to a thousandth: cells are no binary fractions of them. */
const PX_STEPS = 1_000;

/** Where cells lie on a scene's canvas. */
export interface SceneGrid {
  readonly cellPx: number;
  /** Of the picture's upper left corner, in pixels. */
  readonly originX: number;
  readonly originY: number;
}

/** What we keep of a token ourselves. Lengths in cells from the picture's upper left corner. */
export interface TokenPlace {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** In the map's unit of distance. */
  readonly elevation: number;
  readonly rotationDeg: number;
  readonly isHidden: boolean;
}

export interface SceneToken extends TokenPlace {
  /** Foundry's. */
  readonly foreignId: string;
  /** Ours, where the scene had been written here. */
  readonly ownId: string | null;
  /** The version that was written out then; 0 = never. */
  readonly ownVersion: number;
  /** All that Foundry keeps beside. */
  readonly extra: Readonly<Record<string, unknown>>;
}

export interface ReadScene {
  readonly grid: SceneGrid;
  readonly tokens: readonly SceneToken[];
  /** What was left out, and why. */
  readonly notes: readonly string[];
}

const PX = z.number().min(-MOST_PX).max(MOST_PX);
const GRID = z
  .union([z.object({ size: z.number().min(4).max(5_000) }), z.number().min(4).max(5_000)])
  .transform((grid) => (typeof grid === 'number' ? grid : grid.size));
const SCENE = z.object({
  grid: GRID,
  padding: z.number().min(0).max(0.5).catch(0.25),
  width: z.number().min(0).max(MOST_PX).catch(0),
  height: z.number().min(0).max(MOST_PX).catch(0),
  background: z.object({ offsetX: PX.catch(0), offsetY: PX.catch(0) }).catch({ offsetX: 0, offsetY: 0 }),
  shiftX: PX.catch(0),
  shiftY: PX.catch(0),
  tokens: z.array(z.unknown()),
});
const SPAN = z.number().min(0.1).max(MOST_SPAN_CELLS).catch(1);
const TOKEN = z.object({
  _id: z.string().regex(/^[A-Za-z0-9]{16}$/),
  name: z.string().max(LONGEST_NAME).regex(STORABLE).catch('Token'),
  x: PX,
  y: PX,
  width: SPAN,
  height: SPAN,
  elevation: z.number().min(-MOST_PX).max(MOST_PX).catch(0),
  rotation: z.number().min(-MOST_PX).max(MOST_PX).catch(0),
  hidden: z.boolean().catch(false),
});
const OWN_FLAGS = z.object({
  id: z.uuid(),
  version: z.int().min(0).max(2_147_483_647),
});
const TAKEN_KEYS = new Set(Object.keys(TOKEN.shape));

export type SceneFault = { readonly fault: string };

/** @param scene JSON of a Foundry scene @returns a sentence where it is none */
export function readScene(scene: unknown): ReadScene | SceneFault {
  const read = SCENE.safeParse(scene);
  if (!read.success) return { fault: 'a Foundry scene has `tokens`, and a `grid` of 4 to 5000 pixels' };
  if (read.data.tokens.length > MOST_TOKENS) return { fault: `a scene has at most ${MOST_TOKENS} tokens` };
  const grid = gridOf(read.data);
  const notes: string[] = [];
  const tokens = new Map<string, SceneToken>();
  for (const [index, value] of read.data.tokens.entries()) {
    const token = readToken(value, grid);
    if (token === null) notes.push(`token ${index} has no id of 16 letters and digits, or no place`);
    else if (tokens.has(token.foreignId)) notes.push(`token ${index} has the id of one before it`);
    else if (!isKeepable(token.extra)) notes.push(`token ${index} is too large or nests too deep`);
    else tokens.set(token.foreignId, token);
  }
  return { grid, tokens: [...tokens.values()], notes };
}

/** @param extra what Foundry had beside, empty of a token that was made here @returns a token of a scene's JSON */
export function writeToken(
  token: TokenPlace & {
    id: string;
    foreignId: string;
    version: number;
    extra: Readonly<Record<string, unknown>>;
  },
  grid: SceneGrid,
): Record<string, unknown> {
  const { flags } = token.extra;
  return {
    ...token.extra,
    _id: token.foreignId,
    name: token.name,
    x: pixels(token.x * grid.cellPx + grid.originX),
    y: pixels(token.y * grid.cellPx + grid.originY),
    width: token.width,
    height: token.height,
    elevation: token.elevation,
    rotation: token.rotationDeg,
    hidden: token.isHidden,
    flags: { ...(isRecord(flags) ? flags : {}), guildhall: { id: token.id, version: token.version } },
  };
}

/** The grid of a scene that is made for a map here: no margin. */
export function plainGrid(cellPx: number): SceneGrid {
  return { cellPx, originX: 0, originY: 0 };
}

function gridOf({
  grid,
  padding,
  width,
  height,
  background,
  shiftX,
  shiftY,
}: z.infer<typeof SCENE>): SceneGrid {
  const marginOf = (length: number): number => Math.ceil((length * padding) / grid) * grid;
  return {
    cellPx: grid,
    originX: marginOf(width) - background.offsetX - shiftX,
    originY: marginOf(height) - background.offsetY - shiftY,
  };
}

function readToken(value: unknown, grid: SceneGrid): SceneToken | null {
  const read = TOKEN.safeParse(value).data;
  if (read === undefined || !isRecord(value)) return null;
  const flags = isRecord(value['flags']) ? value['flags'] : {};
  const own = OWN_FLAGS.safeParse(flags['guildhall']).data;
  const extra = Object.fromEntries(Object.entries(value).filter(([key]) => !TAKEN_KEYS.has(key)));
  // What is left is nothing of Foundry's where ours was all there was.
  const others = Object.entries(flags).filter(([key]) => key !== 'guildhall');
  if (others.length === 0) delete extra['flags'];
  else extra['flags'] = Object.fromEntries(others);
  return {
    foreignId: read._id,
    ownId: own?.id ?? null,
    ownVersion: own?.version ?? 0,
    name: read.name,
    x: (read.x - grid.originX) / grid.cellPx,
    y: (read.y - grid.originY) / grid.cellPx,
    width: read.width,
    height: read.height,
    elevation: read.elevation,
    rotationDeg: read.rotation,
    isHidden: read.hidden,
    extra,
  };
}

function isKeepable(extra: object): boolean {
  return isStorableJson(extra, MOST_EXTRA_DEPTH) && JSON.stringify(extra).length <= MOST_EXTRA_LETTERS;
}

function pixels(value: number): number {
  return Math.round(value * PX_STEPS) / PX_STEPS;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
