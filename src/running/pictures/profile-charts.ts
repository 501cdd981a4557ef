import {
  base,
  type ChartOption,
  type ChartTheme,
  type Colours,
  COLOURS,
  FONT,
  nothing,
  titleOf,
} from '../../platform/charts/chart-style.js';
import type { DistanceUnits } from '../profiles/preferences.js';
import { durationWords, HEIGHT_NAME, M_PER_HEIGHT, M_PER_UNIT, UNIT_NAME } from './picture-units.js';
import type { ProfilePoint } from './run-profiles.js';

// A run along its way: how high, how fast, and how far ahead of its ghost. The same points and size make the same picture.

export interface ProfilePicture {
  readonly title: string;
  readonly subtitle: string;
  readonly units: DistanceUnits;
  readonly width: number;
  readonly height: number;
  readonly theme: ChartTheme;
}

/** A hill of a metre is drawn flat. */
const LEAST_HEIGHT_M = 20;
const LEAST_PACE_SPAN_S = 30;
const LEAST_GAP_SPAN_S = 5;

/** @param points heights in metres */
export function elevationOption(picture: ProfilePicture, points: readonly ProfilePoint[]): ChartOption {
  const colours = COLOURS[picture.theme];
  if (points.length === 0) return emptyOption(picture, 'the track tells no altitudes');
  const perHeight = M_PER_HEIGHT[picture.units];
  const values = points.map(({ value }) => value / perHeight);
  const [min, max] = widened(values, LEAST_HEIGHT_M / perHeight);
  return {
    ...frame(picture, points),
    yAxis: valueAxis(colours, {
      min,
      max,
      formatter: (value) => `${Math.round(value)} ${HEIGHT_NAME[picture.units]}`,
    }),
    series: [
      {
        ...line(colours.line, 1.5),
        areaStyle: { color: colours.line, opacity: 0.18, origin: 'start' },
        data: placed(picture, points, values),
      },
    ],
  };
}

/** Faster is higher. @param points seconds per kilometre @param meanSPerKm drawn across; null = not known */
export function paceOption(
  picture: ProfilePicture,
  points: readonly ProfilePoint[],
  meanSPerKm: number | null,
): ChartOption {
  const colours = COLOURS[picture.theme];
  if (points.length === 0) return emptyOption(picture, 'the track tells no distance');
  const perUnit = M_PER_UNIT[picture.units] / 1_000;
  const values = points.map(({ value }) => value * perUnit);
  // A stop would squeeze all else into a line: what is slower than nineteen of twenty places leaves the picture.
  const ordered = values.toSorted((a, b) => a - b);
  const slow = ordered[Math.ceil((ordered.length - 1) * 0.95)]!;
  const shown = meanSPerKm === null ? [] : [meanSPerKm * perUnit];
  const [min, max] = widened([ordered[0]!, slow, ...shown], LEAST_PACE_SPAN_S);
  const clipped = values.map((value) => Math.min(value, max));
  const ends = [points[0]!, points.at(-1)!];
  return {
    ...frame(picture, points),
    yAxis: {
      ...valueAxis(colours, {
        min,
        max,
        formatter: (value) => `${durationWords(value)} /${UNIT_NAME[picture.units]}`,
      }),
      inverse: true,
    },
    series: [
      { ...line(colours.line, 1.5), data: placed(picture, points, clipped) },
      ...shown.map((mean) => ({
        ...line(colours.faint, 1),
        lineStyle: { color: colours.faint, width: 1, type: [4, 4] },
        data: placed(picture, ends, [mean, mean]),
      })),
    ],
  };
}

export interface GapPicturePoint {
  /** Metres from the start line. */
  readonly alongM: number;
  /** Above zero = behind the ghost. */
  readonly gapS: number;
  /** Standard deviation of that. */
  readonly sdS: number;
}

/** Ahead is above the line of the ghost, behind is below it; the band is twice the standard deviation. */
export function gapOption(picture: ProfilePicture, points: readonly GapPicturePoint[]): ChartOption {
  const colours = COLOURS[picture.theme];
  if (points.length === 0) return emptyOption(picture, 'the race never began');
  const low = points.map(({ gapS, sdS }) => gapS - 2 * sdS);
  const high = points.map(({ gapS, sdS }) => gapS + 2 * sdS);
  const [min, max] = widened([...low, ...high, 0], LEAST_GAP_SPAN_S);
  const gaps = points.map(({ gapS }) => gapS);
  const edge = { ...line(colours.faint, 0), stack: 'band', stackStrategy: 'all', lineStyle: { opacity: 0 } };
  const side = (colour: string, values: readonly number[]): ChartOption => ({
    ...line(colour, 0),
    lineStyle: { opacity: 0 },
    areaStyle: { color: colour, opacity: 0.3, origin: 0 },
    data: placed(picture, points, values),
  });
  return {
    ...frame(picture, points),
    yAxis: {
      ...valueAxis(colours, { min, max, formatter: gapWords }),
      inverse: true,
    },
    series: [
      { ...edge, data: placed(picture, points, low) },
      {
        ...edge,
        areaStyle: { color: colours.faint, opacity: 0.16 },
        data: placed(
          picture,
          points,
          high.map((value, index) => value - low[index]!),
        ),
      },
      side(
        colours.rise,
        gaps.map((gap) => Math.min(0, gap)),
      ),
      side(
        colours.fall,
        gaps.map((gap) => Math.max(0, gap)),
      ),
      { ...line(colours.text, 1.5), data: placed(picture, points, gaps) },
    ],
  };
}

/** `+3 s` is behind. */
function gapWords(gapS: number): string {
  const rounded = Math.round(gapS);
  return `${rounded > 0 ? '+' : rounded < 0 ? '−' : ''}${durationOf(Math.abs(rounded))}`;
}

function durationOf(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : durationWords(seconds);
}

function emptyOption(picture: ProfilePicture, words: string): ChartOption {
  const colours = COLOURS[picture.theme];
  return { ...base(colours, true), title: [titleOf(picture, colours), nothing(words, colours)], series: [] };
}

function frame(picture: ProfilePicture, points: readonly { readonly alongM: number }[]): ChartOption {
  const colours = COLOURS[picture.theme];
  const lastM = points.at(-1)!.alongM;
  return {
    ...base(colours, true),
    title: titleOf(picture, colours),
    grid: { left: 72, right: 24, top: 64, bottom: 32 },
    xAxis: {
      type: 'value',
      min: points[0]!.alongM / M_PER_UNIT[picture.units],
      max: Math.max(lastM, 1) / M_PER_UNIT[picture.units],
      splitNumber: Math.max(2, Math.round(picture.width / 110)),
      axisLine: { lineStyle: { color: colours.grid } },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: {
        ...labelOf(colours),
        hideOverlap: true,
        showMaxLabel: false,
        formatter: (value: number) => `${Math.round(value * 100) / 100} ${UNIT_NAME[picture.units]}`,
      },
    },
  };
}

function valueAxis(
  colours: Colours,
  { min, max, formatter }: { min: number; max: number; formatter: (value: number) => string },
): ChartOption {
  return {
    type: 'value',
    min,
    max,
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: colours.grid } },
    axisLabel: { ...labelOf(colours), showMinLabel: false, showMaxLabel: false, formatter },
  };
}

function labelOf({ faint }: Colours): ChartOption {
  return { color: faint, fontFamily: FONT, fontSize: 11 };
}

function line(color: string, width: number): ChartOption {
  return {
    type: 'line',
    silent: true,
    showSymbol: false,
    itemStyle: { color },
    lineStyle: { color, width, join: 'round', cap: 'round' },
    emphasis: { disabled: true },
  };
}

function placed(
  { units }: ProfilePicture,
  points: readonly { readonly alongM: number }[],
  values: readonly number[],
): [number, number][] {
  return points.map(({ alongM }, index) => [alongM / M_PER_UNIT[units], values[index]!]);
}

/** The range of values with a margin, and not below `least`. */
function widened(values: readonly number[], least: number): [min: number, max: number] {
  let [min, max] = [values[0]!, values[0]!];
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const missing = Math.max(0, least - (max - min)) / 2;
  const margin = (max - min + 2 * missing) * 0.08;
  return [min - missing - margin, max + missing + margin];
}
