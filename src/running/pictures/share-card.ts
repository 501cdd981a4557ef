import { base, type ChartOption, type ChartTheme, COLOURS } from '../../platform/charts/chart-style.js';
import { boxAt, dotAt, drawn, lineAt, textAt } from '../../platform/charts/shapes.js';
import type { Track } from '../geo/track.js';
import type { DistanceUnits } from '../profiles/preferences.js';
import { distanceWords, durationWords, heightWords, paceWords } from './picture-units.js';
import { routeLine } from './route-line.js';

// A run on a card that can be sent around: where, how far, how long. Everything has its place, so that cards can be laid side by side.

/** Pixels. */
export const SHARE_CARD = { width: 720, height: 360 } as const;

export interface CardRun {
  readonly title: string;
  /** Who and when, in words. */
  readonly subtitle: string;
  readonly distanceM: number | null;
  readonly movingTimeS: number | null;
  readonly elevationGainM: number | null;
  readonly averageHeartRateBpm: number | null;
  /** Where it went; null where that is not shown. */
  readonly track: Pick<Track, 'latDeg' | 'lonDeg'> | null;
}

const MARGIN = 24;
const ROUTE = { x: MARGIN, y: 84, width: 300, height: 252 } as const;
const FIGURES_X = 372;
const COLUMN = 160;

export function shareCardOption(run: CardRun, units: DistanceUnits, theme: ChartTheme): ChartOption {
  const colours = COLOURS[theme];
  const width = SHARE_CARD.width - 2 * MARGIN;
  const pace = paceOf(run);
  const bpm = run.averageHeartRateBpm;
  const figures: [string, string][] = [
    ['moving time', durationWords(run.movingTimeS)],
    ['pace', paceWords(pace, units)],
    ['climb', heightWords(run.elevationGainM, units)],
    ['heart rate', bpm === null ? '–' : `${Math.round(bpm)} bpm`],
  ];
  const places = run.track === null ? [] : routeLine(run.track, ROUTE);
  const [first, last] = [places[0], places.at(-1)];
  const shapes = [
    textAt(run.title, { x: MARGIN, y: 32, width, size: 20, fill: colours.text, isBold: true }),
    textAt(run.subtitle, { x: MARGIN, y: 58, width, size: 12, fill: colours.faint }),
    boxAt({ x: FIGURES_X - 24, y: ROUTE.y, width: 1, height: ROUTE.height }, colours.grid),
    textAt(distanceWords(run.distanceM, units), {
      x: FIGURES_X,
      y: 124,
      width: 2 * COLUMN,
      size: 42,
      fill: colours.text,
      isBold: true,
    }),
    ...figures.flatMap(([name, words], index) => {
      const x = FIGURES_X + (index % 2) * COLUMN;
      const y = 200 + Math.floor(index / 2) * 76;
      return [
        textAt(words, { x, y, width: COLUMN - 8, size: 22, fill: colours.text, isBold: true }),
        textAt(name, { x, y: y + 26, width: COLUMN - 8, size: 12, fill: colours.faint }),
      ];
    }),
  ];
  if (first === undefined || last === undefined)
    shapes.push(
      textAt('no route', {
        x: ROUTE.x,
        y: ROUTE.y + ROUTE.height / 2,
        width: ROUTE.width,
        size: 13,
        fill: colours.faint,
      }),
    );
  else
    shapes.push(
      lineAt(places, colours.line, 4),
      dotAt(first[0], first[1], 6, colours.rise),
      dotAt(last[0], last[1], 6, colours.fall),
    );
  return { ...base(colours, true), series: [drawn(shapes)] };
}

function paceOf({ distanceM, movingTimeS }: CardRun): number | null {
  return distanceM === null || movingTimeS === null || distanceM < 1
    ? null
    : (movingTimeS * 1_000) / distanceM;
}
