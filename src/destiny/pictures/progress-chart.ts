import {
  base,
  type ChartOption,
  type ChartTheme,
  COLOURS,
  FONT,
  nothing,
  titleOf,
} from '../../platform/charts/chart-style.js';
import type { EtaRange } from '../catalysts/eta.js';
import { forecastBand } from './forecast-band.js';
import { boxAt, drawn, textAt } from '../../platform/charts/shapes.js';

// A catalyst over time: a line per objective in percent, as steps, since an objective stays where it is until the next move is seen; and
// from the last reading on the band of the forecast with its middle. The same moves and size make the same picture.

export interface ProgressPoint {
  readonly atMs: number;
  readonly pct: number;
}

export interface ObjectiveCourse {
  readonly name: string;
  /** Oldest first. */
  readonly points: readonly ProgressPoint[];
  /** When it will be done; null where that cannot be told, or it is done. */
  readonly finishAtMs: EtaRange | null;
}

export interface ProgressPicture {
  readonly title: string;
  readonly subtitle: string;
  readonly objectives: readonly ObjectiveCourse[];
  /** The last reading; null = nothing was read yet. */
  readonly asOfMs: number | null;
  readonly width: number;
  readonly height: number;
  readonly theme: ChartTheme;
}

const DAY_MS = 86_400_000;
const PALETTES: Readonly<Record<ChartTheme, readonly string[]>> = {
  light: ['#2563a8', '#1a8754', '#d08a1d', '#8a6fb8', '#c2413b', '#5b6b7a'],
  dark: ['#6fb1f5', '#4cc38a', '#eab354', '#b59ae3', '#f07a72', '#9fb0c0'],
};
/** More of them cannot be told apart; records have up to five. */
const MOST_LINES = 6;
/** Of the picture's width for one point of a line. */
const PIXELS_PER_POINT = 3;
/** The future takes no more room than the past, or a quarter of a year where that is more. */
const LEAST_FUTURE_MS = 90 * DAY_MS;

export function progressOption(picture: ProgressPicture): ChartOption {
  const { theme, width, asOfMs } = picture;
  const colours = COLOURS[theme];
  const title = titleOf(picture, colours);
  const objectives = picture.objectives.filter(({ points }) => points.length > 0).slice(0, MOST_LINES);
  if (objectives.length === 0 || asOfMs === null)
    return {
      ...base(colours, true),
      title: [title, nothing('no progress has been seen yet', colours)],
      series: [],
    };
  const { fromMs, endMs } = spanOf(objectives, asOfMs);
  const label = { color: colours.faint, fontFamily: FONT, fontSize: 11 };
  const colourOf = (index: number): string => PALETTES[theme][index]!;
  return {
    ...base(colours, true),
    title,
    grid: { left: 52, right: 24, top: 84, bottom: 30 },
    xAxis: {
      type: 'time',
      min: fromMs,
      max: endMs,
      minInterval: DAY_MS,
      splitNumber: Math.max(2, Math.round(width / 130)),
      axisLine: { lineStyle: { color: colours.grid } },
      axisTick: { show: false },
      axisLabel: {
        ...label,
        hideOverlap: true,
        formatter: { year: '{yyyy}', month: '{MMM}', day: '{d} {MMM}', hour: '', minute: '' },
      },
    },
    yAxis: {
      type: 'value',
      min: 0,
      max: 100,
      interval: 25,
      splitLine: { lineStyle: { color: colours.grid } },
      axisLabel: { ...label, formatter: '{value} %' },
    },
    series: [
      ...objectives.flatMap((each, index) =>
        seriesOf(each, { index, colour: colourOf(index), asOfMs, endMs, width }),
      ),
      legend(objectives, { width, fill: colours.text, colourOf }),
    ],
  };
}

function spanOf(objectives: readonly ObjectiveCourse[], asOfMs: number): { fromMs: number; endMs: number } {
  const firsts = objectives.map(({ points }) => points[0]!.atMs);
  const fromMs = Math.min(asOfMs - DAY_MS, ...firsts);
  const latest = Math.max(asOfMs, ...objectives.map(({ finishAtMs }) => finishAtMs?.high ?? 0));
  const endMs = Math.min(latest, asOfMs + Math.max(LEAST_FUTURE_MS, asOfMs - fromMs));
  return { fromMs, endMs: Math.max(endMs, asOfMs) };
}

interface LinePlace {
  readonly index: number;
  readonly colour: string;
  readonly asOfMs: number;
  readonly endMs: number;
  readonly width: number;
}

function seriesOf(
  course: ObjectiveCourse,
  { index, colour, asOfMs, endMs, width }: LinePlace,
): ChartOption[] {
  const points = thinPoints(course.points, Math.floor(width / PIXELS_PER_POINT));
  const { pct } = points.at(-1)!;
  const past = [
    ...points.map(({ atMs, pct: at }) => [atMs, at]),
    [Math.max(asOfMs, points.at(-1)!.atMs), pct],
  ];
  // A course of one moment has no length.
  const solid = { ...line(colour, 2), showSymbol: points.length === 1, step: 'end', data: past };
  if (course.finishAtMs === null || endMs <= asOfMs) return [solid];
  const band = forecastBand(pct, asOfMs, course.finishAtMs, endMs);
  const edge = {
    ...line(colour, 0),
    stack: `band ${index}`,
    stackStrategy: 'all',
    lineStyle: { opacity: 0 },
  };
  return [
    { ...edge, data: band.map(({ atMs, low }) => [atMs, low]) },
    {
      ...edge,
      areaStyle: { color: colour, opacity: 0.16 },
      data: band.map(({ atMs, low, high }) => [atMs, high - low]),
    },
    {
      ...line(colour, 1.5),
      lineStyle: { color: colour, width: 1.5, type: [4, 4] },
      data: band.map(({ atMs, mid }) => [atMs, mid]),
    },
    solid,
  ];
}

/** At most so many, the first and the last among them: of each equal part of the time the last one. */
export function thinPoints(points: readonly ProgressPoint[], most: number): readonly ProgressPoint[] {
  if (points.length <= most) return points;
  const [firstMs, lastMs] = [points[0]!.atMs, points.at(-1)!.atMs];
  const parts = Math.max(1, most - 1);
  const partOf = (atMs: number): number =>
    Math.min(parts - 1, Math.floor(((atMs - firstMs) / Math.max(1, lastMs - firstMs)) * parts));
  const last = new Map(points.map((point) => [partOf(point.atMs), point]));
  return [points[0]!, ...[...last.values()].filter((point) => point !== points[0])];
}

/** Side by side above the lines, each with an equal part of the width. */
function legend(
  objectives: readonly ObjectiveCourse[],
  { width, fill, colourOf }: { width: number; fill: string; colourOf: (index: number) => string },
): ChartOption {
  const room = (width - 32) / objectives.length;
  return drawn(
    objectives.flatMap(({ name }, index) => {
      const x = 16 + index * room;
      return [
        boxAt({ x, y: 60, width: 10, height: 10 }, colourOf(index)),
        textAt(name, { x: x + 16, y: 65, width: Math.max(20, room - 28), size: 11, fill }),
      ];
    }),
  );
}

function line(color: string, width: number): ChartOption {
  return {
    type: 'line',
    silent: true,
    showSymbol: false,
    symbol: 'circle',
    symbolSize: 5,
    itemStyle: { color },
    lineStyle: { color, width, join: 'round', cap: 'round' },
    emphasis: { disabled: true },
  };
}
