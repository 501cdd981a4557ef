// Texts, bars and lines at fixed places of a picture, in the words of the library that draws.
import { type ChartOption, FONT, printable } from './chart-style.js';

export interface TextPlace {
  readonly x: number;
  /** Middle of the line. */
  readonly y: number;
  /** Pixels; what is longer is cut. */
  readonly width: number;
  readonly size: number;
  readonly fill: string;
  readonly isBold?: boolean;
  readonly align?: 'left' | 'right';
}

export function textAt(words: string, place: TextPlace): object {
  const { x, y, width, size, fill, isBold, align } = place;
  const style = {
    text: printable(words),
    x,
    y,
    fill,
    fontSize: size,
    fontFamily: FONT,
    fontWeight: isBold === true ? 600 : 400,
    width,
    overflow: 'truncate',
    align: align ?? 'left',
    verticalAlign: 'middle',
  };
  return { type: 'text', style };
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function boxAt(shape: Box, fill: string): object {
  return { type: 'rect', shape, style: { fill } };
}

/** Parts of a whole side by side on a ground. @param parts shares of it, 0..1 together */
export function barAt(box: Box, ground: string, parts: readonly { share: number; fill: string }[]): object[] {
  let { x } = box;
  const bars = [boxAt(box, ground)];
  for (const { share, fill } of parts) {
    const width = Math.max(0, share) * box.width;
    if (width > 0) bars.push(boxAt({ ...box, x, width }, fill));
    x += width;
  }
  return bars;
}

/** A line through places of the picture. @param points x and y of each */
export function lineAt(
  points: readonly (readonly [number, number])[],
  stroke: string,
  width: number,
): object {
  return {
    type: 'polyline',
    shape: { points: points.map(([x, y]) => [x, y]) },
    style: { stroke, lineWidth: width, fill: 'none', lineJoin: 'round', lineCap: 'round' },
  };
}

export function dotAt(x: number, y: number, radius: number, fill: string): object {
  return { type: 'circle', shape: { cx: x, cy: y, r: radius }, style: { fill } };
}

/** What stands at fixed places, as the one series of a picture or beside others. */
export function drawn(children: readonly object[]): ChartOption {
  return {
    type: 'custom',
    coordinateSystem: 'none',
    silent: true,
    data: [0],
    renderItem: () => ({ type: 'group', children }),
  };
}
