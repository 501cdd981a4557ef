import {
  base,
  type ChartOption,
  type ChartTheme,
  type Colours,
  COLOURS,
} from '../../platform/charts/chart-style.js';
import type { CatalystCounts } from '../catalysts/catalyst-list.js';
import { barAt, boxAt, drawn, textAt } from '../../platform/charts/shapes.js';

// A player's catalysts on a card: counts, slots and elements, and the nearest ones; or a single catalyst with its objectives. Everything has its
// place, so that cards of different players can be laid side by side.

/** Pixels. */
export const CARD = { width: 720, height: 360 } as const;

export interface CardBar {
  readonly name: string;
  /** 0..100. */
  readonly pct: number;
}

export interface SummaryCard {
  readonly title: string;
  readonly subtitle: string;
  readonly total: number;
  readonly complete: number;
  readonly inProgress: number;
  readonly notFound: number;
  readonly bySlot: Readonly<Record<string, CatalystCounts>>;
  readonly byElement: Readonly<Record<string, CatalystCounts>>;
  /** Furthest first; three are shown. */
  readonly nearest: readonly CardBar[];
  readonly theme: ChartTheme;
}

const LEFT = 16;
const RIGHT = 384;
const COLUMN = 320;
const ROW = 22;
const MOST_NEAREST = 3;
/** Rows of both groups together that the card has room for. */
const MOST_ROWS = 11;

export function summaryCardOption(card: SummaryCard): ChartOption {
  const colours = COLOURS[card.theme];
  return {
    ...base(colours, true),
    series: [drawn([...heading(card, colours), ...left(card, colours), ...right(card, colours)])],
  };
}

function heading(
  { title, subtitle }: { title: string; subtitle: string },
  { text, faint }: Colours,
): object[] {
  const width = CARD.width - 2 * LEFT;
  return [
    textAt(title, { x: LEFT, y: 24, width, size: 17, fill: text, isBold: true }),
    textAt(subtitle, { x: LEFT, y: 46, width, size: 11, fill: faint }),
  ];
}

function left(card: SummaryCard, colours: Colours): object[] {
  const { total, complete, inProgress, notFound, nearest } = card;
  const share = (count: number): number => (total === 0 ? 0 : count / total);
  const found = complete + inProgress;
  const counts: [string, number][] = [
    ['complete', complete],
    ['in progress', inProgress],
    ['found', found],
    ['not found', notFound],
  ];
  return [
    textAt(`${complete} / ${total}`, {
      x: LEFT,
      y: 92,
      width: COLUMN,
      size: 34,
      fill: colours.text,
      isBold: true,
    }),
    ...barAt({ x: LEFT, y: 118, width: COLUMN, height: 12 }, colours.grid, [
      { share: share(complete), fill: colours.rise },
      { share: share(inProgress), fill: colours.line },
    ]),
    ...counts.flatMap(([name, count], index) => {
      const place = { x: LEFT + (index * COLUMN) / 4, width: COLUMN / 4 - 4 };
      return [
        textAt(String(count), { ...place, y: 150, size: 16, fill: colours.text, isBold: true }),
        textAt(name, { ...place, y: 168, size: 11, fill: colours.faint }),
      ];
    }),
    textAt('Nearest', { x: LEFT, y: 208, width: COLUMN, size: 12, fill: colours.faint, isBold: true }),
    ...nearest
      .slice(0, MOST_NEAREST)
      .flatMap((bar, index) => wideBar(bar, LEFT, 232 + index * 40, COLUMN, colours)),
    ...(nearest.length === 0
      ? [textAt('none in progress', { x: LEFT, y: 232, width: COLUMN, size: 12, fill: colours.faint })]
      : []),
  ];
}

function right({ bySlot, byElement }: SummaryCard, colours: Colours): object[] {
  const shapes: object[] = [];
  let y = 84;
  let rows = 0;
  for (const [name, groups] of [
    ['By slot', bySlot],
    ['By element', byElement],
  ] as const) {
    shapes.push(textAt(name, { x: RIGHT, y, width: COLUMN, size: 12, fill: colours.faint, isBold: true }));
    y += ROW;
    for (const [key, { complete, total }] of Object.entries(groups)) {
      if (rows >= MOST_ROWS) break;
      rows += 1;
      shapes.push(
        textAt(key, { x: RIGHT, y, width: 76, size: 12, fill: colours.text }),
        ...barAt({ x: RIGHT + 84, y: y - 4, width: 160, height: 8 }, colours.grid, [
          { share: total === 0 ? 0 : complete / total, fill: colours.rise },
        ]),
        textAt(`${complete} / ${total}`, {
          x: RIGHT + COLUMN,
          y,
          width: 68,
          size: 12,
          fill: colours.text,
          align: 'right',
        }),
      );
      y += ROW;
    }
    y += 6;
  }
  return shapes;
}

/** Its name and percent, and the bar below them. */
function wideBar({ name, pct }: CardBar, x: number, y: number, width: number, colours: Colours): object[] {
  const fill = pct >= 100 ? colours.rise : colours.line;
  return [
    textAt(name, { x, y, width: width - 70, size: 13, fill: colours.text }),
    textAt(percent(pct), { x: x + width, y, width: 64, size: 13, fill: colours.text, align: 'right' }),
    ...barAt({ x, y: y + 11, width, height: 8 }, colours.grid, [{ share: pct / 100, fill }]),
  ];
}

export interface CatalystCard {
  readonly title: string;
  readonly subtitle: string;
  /** In words. */
  readonly state: string;
  readonly pct: number;
  readonly objectives: readonly CardBar[];
  readonly theme: ChartTheme;
}

const MOST_OBJECTIVES = 5;

export function catalystCardOption(card: CatalystCard): ChartOption {
  const colours = COLOURS[card.theme];
  const width = CARD.width - 2 * LEFT;
  const shapes = [
    ...heading(card, colours),
    textAt(percent(card.pct), { x: LEFT, y: 92, width: 200, size: 34, fill: colours.text, isBold: true }),
    textAt(card.state, { x: LEFT + width, y: 92, width: 300, size: 16, fill: colours.faint, align: 'right' }),
    boxAt({ x: LEFT, y: 122, width, height: 1 }, colours.grid),
    ...card.objectives
      .slice(0, MOST_OBJECTIVES)
      .flatMap((bar, index) => wideBar(bar, LEFT, 146 + index * 42, width, colours)),
  ];
  return { ...base(colours, true), series: [drawn(shapes)] };
}

function percent(pct: number): string {
  return `${Math.floor(pct * 10) / 10} %`;
}
