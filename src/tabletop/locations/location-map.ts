import {
  base,
  type ChartOption,
  type ChartTheme,
  COLOURS,
  nothing,
  titleOf,
} from '../../platform/charts/chart-style.js';
import { dotAt, drawn, lineAt, textAt } from '../../platform/charts/shapes.js';
import type { MapPosition } from './location-kinds.js';

// Places within a place and the ways between them, as a picture. Where somebody has told where a place lies it is drawn there; the others stand
// on a circle, in the order given, so that the same places make the same picture.

const MARGIN = 60;
const TITLE_HEIGHT = 56;
const DOT = 6;
const LETTERS = 12;
const LINE = 2;
const SMALL_LETTERS = 10;

export interface DrawnPlace {
  readonly id: string;
  readonly name: string;
  readonly position: MapPosition | null;
}

export interface DrawnWay {
  readonly fromId: string;
  readonly toId: string;
  readonly words: string;
}

export interface LocationMap {
  readonly title: string;
  readonly subtitle: string;
  readonly places: readonly DrawnPlace[];
  /** Those with an end that is not drawn are left out. */
  readonly ways: readonly DrawnWay[];
}

export interface MapSize {
  readonly width: number;
  readonly height: number;
}

export type MapPixel = readonly [x: number, y: number];

/** Where each place is drawn. */
export function layOut(places: readonly DrawnPlace[], { width, height }: MapSize): Map<string, MapPixel> {
  const [inner, top] = [width - 2 * MARGIN, TITLE_HEIGHT + MARGIN / 2];
  const tall = height - top - MARGIN;
  const unplaced = places.filter(({ position }) => position === null);
  const angles = new Map(
    unplaced.map(({ id }, index) => [id, (2 * Math.PI * index) / unplaced.length - Math.PI / 2]),
  );
  return new Map(
    places.map(({ id, position }) => {
      const angle = angles.get(id) ?? 0;
      const share = position ?? { x: 0.5 + 0.5 * Math.cos(angle), y: 0.5 + 0.5 * Math.sin(angle) };
      return [id, [rounded(MARGIN + share.x * inner), rounded(top + share.y * tall)]];
    }),
  );
}

export function locationMapOption(map: LocationMap, size: MapSize, theme: ChartTheme): ChartOption {
  const colours = COLOURS[theme];
  const title = titleOf({ title: map.title, subtitle: map.subtitle, width: size.width }, colours);
  if (map.places.length === 0)
    return { ...base(colours, true), title: [title, nothing('No places', colours)] };
  const pixels = layOut(map.places, size);
  const lines = map.ways.flatMap(({ fromId, toId, words }) => {
    const [from, to] = [pixels.get(fromId), pixels.get(toId)];
    if (from === undefined || to === undefined) return [];
    const place = { x: (from[0] + to[0]) / 2, y: (from[1] + to[1]) / 2 - LETTERS, width: 2 * MARGIN };
    const label = textAt(words, { ...place, size: SMALL_LETTERS, fill: colours.faint });
    return [lineAt([from, to], colours.line, LINE), ...(words === '' ? [] : [label])];
  });
  const dots = map.places.flatMap(({ id, name }) => {
    const [x, y] = pixels.get(id)!;
    const words = { x: x + DOT + 3, y, width: 2 * MARGIN, size: LETTERS, fill: colours.text };
    return [dotAt(x, y, DOT, colours.rise), textAt(name, words)];
  });
  return { ...base(colours, true), title: [title], series: [drawn([...lines, ...dots])] };
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
