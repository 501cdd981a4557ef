import type { BoardPrice } from './price-board.js';

// Prices of a board as JSON, written once however many are told them and over whatever they are told.

/** Prices in one event; more come as several, of which the last says so. */
const MOST_IN_EVENT = 500;

export function priceJson({ itemId, price, previousPrice, capturedAtMs, lots }: BoardPrice): string {
  return JSON.stringify({
    itemId,
    unitPrice: price,
    previousUnitPrice: previousPrice,
    capturedAt: new Date(capturedAtMs).toISOString(),
    lots,
  });
}

/** Data of the events that tell these prices; one even where there are none. @param texts of {@link priceJson} */
export function pricePages(version: number, texts: readonly string[]): string[] {
  const pages: string[] = [];
  for (let start = 0; start === 0 || start < texts.length; start += MOST_IN_EVENT) {
    const end = start + MOST_IN_EVENT;
    const prices = texts.slice(start, end).join();
    pages.push(`{"version":${version},"isLast":${end >= texts.length},"prices":[${prices}]}`);
  }
  return pages;
}
