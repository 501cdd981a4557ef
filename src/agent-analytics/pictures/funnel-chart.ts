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

// How far stories came: a bar per chapter, the first on top, each as long as the share of stories that came so far. Pure words for the
// library that draws: the same steps and size make the same picture.

export interface FunnelStep {
  readonly name: string;
  readonly sessionCount: number;
  /** 0 to 1. */
  readonly reachedRatio: number;
  readonly medianSecondsToReach: number;
  readonly meanCostToReachUsd: number;
}

export interface FunnelPicture {
  readonly title: string;
  readonly subtitle: string;
  readonly steps: readonly FunnelStep[];
  readonly width: number;
  readonly height: number;
  readonly theme: ChartTheme;
}

/** More rows than that cannot be told apart. */
const MOST_STEPS = 24;
/** Room that the words beside a full bar take, pixels. */
const WORDS_WIDTH = 190;

export function funnelOption(picture: FunnelPicture): ChartOption {
  const colours = COLOURS[picture.theme];
  const title = titleOf(picture, colours);
  const steps = picture.steps.slice(0, MOST_STEPS);
  if (steps.length === 0)
    return {
      ...base(colours, true),
      title: [title, nothing('no stories in this range', colours)],
      series: [],
    };
  const label = { color: colours.faint, fontFamily: FONT, fontSize: 11 };
  const bar = { type: 'bar', silent: true, barCategoryGap: '28%', emphasis: { disabled: true } };
  return {
    ...base(colours, true),
    title,
    grid: { left: 130, right: WORDS_WIDTH, top: 62, bottom: 14 },
    xAxis: { type: 'value', min: 0, max: 1, show: false },
    yAxis: {
      type: 'category',
      inverse: true,
      data: steps.map(({ name }) => printable(name)),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { ...label, color: colours.text, width: 110, overflow: 'truncate' },
    },
    series: [
      {
        ...bar,
        showBackground: true,
        backgroundStyle: { color: colours.grid },
        itemStyle: { color: colours.line },
        data: steps.map((step) => ({
          value: step.reachedRatio,
          label: { ...label, show: true, position: 'right', formatter: () => wordsOf(step) },
        })),
      },
    ],
  };
}

/** `10 (71 %) · 2.5 min · $0.012` */
function wordsOf({
  sessionCount,
  reachedRatio,
  medianSecondsToReach,
  meanCostToReachUsd,
}: FunnelStep): string {
  const share = `${sessionCount} (${Math.round(reachedRatio * 100)} %)`;
  return `${share}  ·  ${timeOf(medianSecondsToReach)}  ·  $${Number(meanCostToReachUsd.toPrecision(2))}`;
}

/** Seconds in words: `40 s`, `2.5 min`, `3.2 h`. */
export function timeOf(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const [value, unit] = seconds < 5_400 ? [seconds / 60, 'min'] : [seconds / 3_600, 'h'];
  return `${Number(value.toFixed(1))} ${unit}`;
}
