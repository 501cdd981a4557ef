import { type ChartTheme, COLOURS } from '../../platform/charts/chart-style.js';
import type { Track } from '../geo/track.js';
import { type PixelPlace, routeLine } from './route-line.js';

// Where somebody ran, small and without words, for lists: one path, a dot where it began and one where it ended. Made by hand, since it has
// nothing that a library of charts would help with and there may be fifty of them on a page.

const PADDING_RATIO = 0.08;
const DOT_RATIO = 0.025;

export interface ThumbnailSize {
  readonly width: number;
  readonly height: number;
}

/** The same track and size make the same text. Without a place it is an empty ground. */
export function routeThumbnail(
  track: Pick<Track, 'latDeg' | 'lonDeg'>,
  { width, height }: ThumbnailSize,
  theme: ChartTheme,
): string {
  const { background, line, rise, fall } = COLOURS[theme];
  const shorter = Math.min(width, height);
  const padding = shorter * PADDING_RATIO;
  const places = routeLine(track, {
    x: padding,
    y: padding,
    width: width - 2 * padding,
    height: height - 2 * padding,
  });
  const radius = Math.max(2, Math.round(shorter * DOT_RATIO * 10) / 10);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" fill="${background}"/>`,
  ];
  const [first, last] = [places[0], places.at(-1)];
  if (first !== undefined && last !== undefined)
    parts.push(
      `<path d="${pathOf(places)}" fill="none" stroke="${line}" stroke-width="${radius}" stroke-linejoin="round" stroke-linecap="round"/>`,
      dot(first, radius * 1.6, rise),
      dot(last, radius * 1.6, fall),
    );
  return [...parts, '</svg>'].join('');
}

function pathOf(places: readonly PixelPlace[]): string {
  return places.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('');
}

function dot([x, y]: PixelPlace, radius: number, fill: string): string {
  return `<circle cx="${x}" cy="${y}" r="${Math.round(radius * 10) / 10}" fill="${fill}"/>`;
}
