import {
  base,
  type ChartOption,
  type ChartTheme,
  COLOURS,
  FONT,
  nothing,
  titleOf,
} from '../../platform/charts/chart-style.js';
import { type PricedDay, thinDays } from './thin-days.js';

// What is drawn of an item's days: the median as a line and, in the chart, the band from the lowest to the highest price. The scale
// follows the medians, and the band ends where it does, so that one absurd price of a day does not press the rest flat.
// Pure data for the library that draws: the same days, name and size make the same picture.

/** One UTC day; prices of one unit. */
export type ChartDay = PricedDay;

export interface ChartPicture {
  days: readonly ChartDay[];
  /** The item, and below it what is shown. */
  title: string;
  subtitle: string;
  /** First and last day of the span, Unix milliseconds. */
  fromMs: number;
  toMs: number;
  width: number;
  height: number;
  theme: ChartTheme;
}

const DAY_MS = 86_400_000;
/** Of the picture's width for one point of a line, which is two thick: more points take longer and show nothing more. */
const PIXELS_PER_POINT = 3;

/** Bounds of the price axis: the medians with some room, never below zero. */
export function priceBounds(days: readonly ChartDay[]): { min: number; max: number } {
  const medians = days.map(({ median }) => median);
  const [low, high] = [Math.min(...medians), Math.max(...medians)];
  // Prices that differ by next to nothing are level: a scale cannot be cut into steps that small.
  const spread = high - low;
  const room = spread > high * 1e-6 && spread > 1e-3 ? spread * 0.18 : Math.max(high * 0.1, 1);
  return { min: Math.max(0, low - room), max: high + room };
}

const UNITS: readonly [value: number, sign: string][] = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
];

/** @param step between two labels of the axis: as many digits as tell them apart, four at most */
export function shortPrice(price: number, step: number): string {
  const [unit, sign] = UNITS.find(([value]) => price >= value) ?? [1, ''];
  const digits = step > 0 ? Math.min(4, Math.max(0, Math.ceil(-Math.log10(step / unit)))) : 0;
  return `${Number((price / unit).toFixed(digits))}${sign}`;
}

/** A line without axes, in the colour of where it went. */
export function sparklineOption(picture: ChartPicture): ChartOption {
  const { theme } = picture;
  const days = shownDays(picture);
  const colours = COLOURS[theme];
  if (days.length === 0) return { ...base(colours, false), series: [] };
  const change = days.at(-1)!.median - days[0]!.median;
  const colour = change === 0 ? colours.line : change > 0 ? colours.rise : colours.fall;
  const last = days.at(-1)!;
  return {
    ...base(colours, false),
    grid: { left: 4, right: 6, top: 5, bottom: 5 },
    xAxis: { type: 'time', show: false, ...ends(days) },
    yAxis: { type: 'value', show: false, ...priceBounds(days) },
    series: [
      {
        ...line(colour, 1.6),
        areaStyle: { color: colour, opacity: 0.12 },
        data: days.map(({ startMs, median }) => [startMs, median]),
      },
      {
        type: 'scatter',
        silent: true,
        symbolSize: 5,
        itemStyle: { color: colour },
        data: [[last.startMs, last.median]],
      },
    ],
  };
}

/** Line and band with axes, name and span. */
export function chartOption(picture: ChartPicture): ChartOption {
  const { theme, width, fromMs, toMs } = picture;
  const days = shownDays(picture);
  const colours = COLOURS[theme];
  const title = titleOf(picture, colours);
  if (days.length === 0)
    return {
      ...base(colours, true),
      title: [title, nothing('no prices in these days', colours)],
      series: [],
    };
  const { min, max } = priceBounds(days);
  const within = (price: number): number => Math.min(max, Math.max(min, price));
  const band = { ...line(colours.line, 0), stack: 'band', stackStrategy: 'all', lineStyle: { opacity: 0 } };
  const label = { color: colours.faint, fontFamily: FONT, fontSize: 11 };
  return {
    ...base(colours, true),
    title,
    grid: {
      left: 14,
      right: 20,
      top: 62,
      bottom: 12,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    xAxis: {
      type: 'time',
      min: fromMs,
      max: Math.max(toMs, fromMs + DAY_MS),
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
      min,
      max,
      splitNumber: 4,
      splitLine: { showMinLine: false, showMaxLine: false, lineStyle: { color: colours.grid } },
      axisLabel: {
        ...label,
        // The ends of the scale are no round numbers.
        showMinLabel: false,
        showMaxLabel: false,
        formatter: (price: number) => shortPrice(price, (max - min) / 8),
      },
    },
    series: [
      { ...band, data: days.map(({ startMs, low }) => [startMs, within(low)]) },
      {
        ...band,
        areaStyle: { color: colours.line, opacity: 0.16 },
        data: days.map(({ startMs, low, high }) => [startMs, within(high) - within(low)]),
      },
      {
        ...line(colours.line, 2),
        showSymbol: days.length < 3,
        data: days.map(({ startMs, median }) => [startMs, median]),
      },
    ],
  };
}

function shownDays({ days, width }: ChartPicture): readonly ChartDay[] {
  return thinDays(days, Math.floor(width / PIXELS_PER_POINT));
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

/** One day alone has a width, too. */
function ends(days: readonly ChartDay[]): { min: number; max: number } {
  const [first, last] = [days[0]!.startMs, days.at(-1)!.startMs];
  return first === last ? { min: first - DAY_MS, max: last + DAY_MS } : { min: first, max: last };
}
