import type { ScannerFigure } from '../analytics/scanner-rule.js';

// What an account is told when an alert fires: all that is new of one evaluation at once, the best first, since a rule may hold for
// half of a market at the same moment.

/** Items that are named; the rest is counted. */
export const MOST_NAMED = 20;
/** Of those, the ones that the text names. */
const MOST_IN_WORDS = 10;

/** What an alert is called and where it stands. */
export interface AlertPlace {
  readonly id: string;
  readonly name: string;
  readonly game: string;
  readonly server: string;
  readonly serverId: number;
}

export interface FiredItem {
  readonly itemId: number;
  readonly label: string;
  readonly unitPrice: number;
  readonly averagePrice: number;
  readonly profit: number;
  readonly marginOnCostPct: number | null;
  readonly confidence: number;
  readonly lastSeenAt: string;
}

export interface AlertNews {
  readonly title: string;
  readonly body: string;
  readonly payload: {
    readonly alertId: string;
    readonly name: string;
    readonly game: string;
    readonly server: string;
    readonly serverId: number;
    readonly count: number;
    readonly items: readonly FiredItem[];
  };
}

/** @param fired all that is new, best first @param labels of the first MOST_NAMED */
export function alertNews(
  { id, name, game, server, serverId }: AlertPlace,
  fired: readonly ScannerFigure[],
  labels: ReadonlyMap<number, string>,
): AlertNews {
  const items = fired.slice(0, MOST_NAMED).map((figure) => toItem(figure, labels));
  const lines = items.slice(0, MOST_IN_WORDS).map(inWords);
  const rest = fired.length - lines.length;
  if (rest > 0) lines.push(`and ${rest} more`);
  const what = fired.length === 1 ? items[0]!.label : `${fired.length} items`;
  return {
    title: `${name}: ${what} (${server})`,
    body: lines.join('\n'),
    payload: { alertId: id, name, game, server, serverId, count: fired.length, items },
  };
}

function toItem(figure: ScannerFigure, labels: ReadonlyMap<number, string>): FiredItem {
  return {
    itemId: figure.itemId,
    label: labels.get(figure.itemId) ?? `item ${figure.itemId}`,
    unitPrice: figure.currentPrice,
    averagePrice: figure.averagePrice,
    profit: figure.profit,
    marginOnCostPct: figure.marginOnCostPct,
    confidence: figure.confidence,
    lastSeenAt: figure.lastSeenAt.toISOString(),
  };
}

function inWords({ label, unitPrice, averagePrice, profit, marginOnCostPct }: FiredItem): string {
  const margin = marginOnCostPct === null ? '' : `, ${rounded(marginOnCostPct)} %`;
  return `${label}: ${rounded(unitPrice)} instead of ${rounded(averagePrice)}, profit ${rounded(profit)}${margin}`;
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}
