import { describe, expect, it } from '@jest/globals';
import type { ScannerFigure } from '../analytics/scanner-rule.js';
import { alertNews, MOST_NAMED } from './alert-news.js';

const place = { id: 'a', name: 'Cheap wood', game: 'dofus', server: 'draconiros', serverId: 3 };
const figure = (itemId: number): ScannerFigure => ({
  itemId,
  categoryId: null,
  currentPrice: 80,
  averagePrice: 100.04,
  profit: 20.04,
  marginOnCostPct: 25.05,
  marginOnAveragePct: 20,
  volatilityPct: null,
  n: 9,
  days: 3,
  firstSeenAt: new Date(0),
  lastSeenAt: new Date(1_000),
  confidence: 0.5,
});

describe('the news of an alert', () => {
  it('name the one item that is new', () => {
    const { title, body, payload } = alertNews(place, [figure(7)], new Map([[7, 'Ash']]));
    expect(title).toBe('Cheap wood: Ash (draconiros)');
    expect(body).toBe('Ash: 80 instead of 100, profit 20, 25.1 %');
    expect(payload).toMatchObject({ alertId: 'a', serverId: 3, count: 1 });
    expect(payload.items).toEqual([
      {
        itemId: 7,
        label: 'Ash',
        unitPrice: 80,
        averagePrice: 100.04,
        profit: 20.04,
        marginOnCostPct: 25.05,
        confidence: 0.5,
        lastSeenAt: '1970-01-01T00:00:01.000Z',
      },
    ]);
  });

  it('of half a market name the best and count the rest', () => {
    const fired = Array.from({ length: 3_000 }, (_, index) => figure(index + 1));
    const { title, body, payload } = alertNews(place, fired, new Map());
    expect(title).toBe('Cheap wood: 3000 items (draconiros)');
    expect(body.split('\n')).toHaveLength(11);
    expect(body).toContain('item 1: ');
    expect(body).toContain('and 2990 more');
    expect([payload.count, payload.items.length]).toEqual([3_000, MOST_NAMED]);
  });
});
