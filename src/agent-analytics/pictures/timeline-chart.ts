import {
  base,
  type ChartOption,
  type ChartTheme,
  COLOURS,
  FONT,
  nothing,
  printable,
  titleOf,
} from '../../platform/charts/chart-style.js';
import type { AgentCategory } from '../figures/story-names.js';
import { condensed } from './condensed-time.js';
import { timeOf } from './funnel-chart.js';

// A play over time: a lane per agent, a bar per run, red where it failed; grey is somebody reading, cut to a few seconds. Pure words for the
// library that draws: the same runs and size make the same picture.

export interface TimelineRun {
  readonly agent: string;
  readonly category: AgentCategory;
  readonly startMs: number;
  readonly endMs: number;
  readonly isError: boolean;
}

export interface TimelinePicture {
  readonly title: string;
  readonly subtitle: string;
  readonly runs: readonly TimelineRun[];
  readonly width: number;
  readonly height: number;
  readonly theme: ChartTheme;
}

/** Who runs later than the first so many shares the last lane. */
const MOST_LANES = 16;
const OTHERS = 'others';
const MOST_PAUSE_MS = 5_000;
/** Of a bar that took no time, pixels. */
const LEAST_WIDTH = 1.5;

const CATEGORY_COLOURS: Readonly<Record<ChartTheme, Readonly<Record<AgentCategory, string>>>> = {
  light: {
    routing: '#8a6fb8',
    control: '#2563a8',
    content: '#1a8754',
    ui: '#d08a1d',
    meta: '#5b6b7a',
    unknown: '#9aa5b1',
  },
  dark: {
    routing: '#b59ae3',
    control: '#6fb1f5',
    content: '#4cc38a',
    ui: '#eab354',
    meta: '#9fb0c0',
    unknown: '#6b7785',
  },
};

/** As the library calls what draws one item. */
interface DrawnItem {
  value(dimension: number): number;
  coord(point: [number, number]): [number, number];
  size(extent: [number, number]): [number, number];
}

export function timelineOption(picture: TimelinePicture): ChartOption {
  const { theme, runs } = picture;
  const colours = COLOURS[theme];
  const title = titleOf(picture, colours);
  if (runs.length === 0)
    return { ...base(colours, true), title: [title, nothing('no runs of agents', colours)], series: [] };
  const { works, pauses, lengthMs } = condensed(runs, MOST_PAUSE_MS);
  const lanes = lanesOf(works.map(({ work }) => work.agent));
  const laneOf = (agent: string): number => (lanes.includes(agent) ? lanes.indexOf(agent) : lanes.length - 1);
  const label = { color: colours.faint, fontFamily: FONT, fontSize: 11 };
  const bars = works.map(({ work, fromMs, toMs }) => ({
    value: [fromMs, toMs, laneOf(work.agent)],
    colour: work.isError ? colours.fall : CATEGORY_COLOURS[theme][work.category],
  }));
  return {
    ...base(colours, true),
    title,
    grid: { left: 160, right: 24, top: 62, bottom: 34 },
    xAxis: {
      type: 'value',
      min: 0,
      max: Math.max(1, lengthMs),
      splitNumber: 6,
      axisLine: { show: false },
      splitLine: { lineStyle: { color: colours.grid } },
      axisLabel: { ...label, showMaxLabel: false, formatter: (ms: number) => timeOf(ms / 1_000) },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: lanes.map(printable),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { ...label, color: colours.text, width: 136, overflow: 'truncate' },
    },
    series: [
      {
        type: 'custom',
        silent: true,
        data: pauses.map(({ fromMs, toMs }) => [fromMs, toMs, (lanes.length - 1) / 2]),
        renderItem: (_params: unknown, item: DrawnItem) => rect(item, colours.grid, lanes.length),
      },
      {
        type: 'custom',
        silent: true,
        data: bars.map(({ value }) => value),
        renderItem: ({ dataIndex }: { dataIndex: number }, item: DrawnItem) =>
          rect(item, bars[dataIndex]!.colour, 0.62),
      },
    ],
  };
}

function lanesOf(agents: readonly string[]): string[] {
  const found = [...new Set(agents)];
  return found.length <= MOST_LANES ? found : [...found.slice(0, MOST_LANES - 1), OTHERS];
}

/** @param lanes how high it is */
function rect(item: DrawnItem, fill: string, lanes: number): object {
  const [left, middle] = item.coord([item.value(0), item.value(2)]);
  const [right] = item.coord([item.value(1), item.value(2)]);
  const height = item.size([0, 1])[1] * lanes;
  const shape = { x: left, y: middle - height / 2, width: Math.max(LEAST_WIDTH, right - left), height };
  return { type: 'rect', shape, style: { fill } };
}
