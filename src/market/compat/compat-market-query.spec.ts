import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compatDay, compatItems, compatMovers, compatSeriesSpan, compatSpan } from './compat-market-query.js';

describe('a date', () => {
  it.each([
    ['2026-11-21', '2026-11-21'],
    ['2026-11-21T23:30:00Z', '2026-11-21'],
    ['2026-11-21T23:30:00-05:00', '2026-11-22'],
    ['2026-11-21T00:30:00+02:00', '2026-11-20'],
    ['Sat, 21 Nov 2026 10:00:00 GMT', '2026-11-21'],
    ['2026', '2026-01-01'],
    ['1970-01-01', '2010-01-01'],
    ['+275760-09-13', '2100-01-01'],
  ])('%s is the UTC day %s', (text, day) => {
    expect(compatDay(text)).toBe(day);
  });

  it.each(['yesterday', '2026-13-01', ' ', '2026-11-21T25:00:00Z'])('%j is none', (text) => {
    expect(compatDay(text)).toBeNull();
  });

  it('is the day of any instant within reach', () => {
    const reach = { min: new Date('2010-01-01'), max: new Date('2100-01-01'), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(reach), (instant) => {
        expect(compatDay(instant.toISOString())).toBe(instant.toISOString().slice(0, 10));
      }),
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => compatDay(text) === null || compatDay(text)!.length === 10));
  });
});

describe('a span', () => {
  it('needs both ends where it has no default', () => {
    expect(compatSpan({ from: '2026-01-01', to: '2026-01-31' })).toEqual({
      from: '2026-01-01',
      to: '2026-01-31',
    });
    expect(compatSpan({ from: '2026-01-01' })).toBe('missing');
    expect(compatSpan({ from: '', to: '2026-01-31' })).toBe('missing');
    expect(compatSpan({ from: '2026-01-01', to: 'soon' })).toBe('unreadable');
  });

  it('of a time series is the last 30 days', () => {
    expect(compatSeriesSpan({}, '2026-11-21')).toEqual({ from: '2026-10-22', to: '2026-11-21' });
    expect(compatSeriesSpan({ from: '2026-11-01' }, '2026-11-21')).toEqual({
      from: '2026-11-01',
      to: '2026-11-21',
    });
    expect(compatSeriesSpan({ to: 'x' }, '2026-11-21')).toBe('unreadable');
  });
});

it('movers have the original’s defaults', () => {
  expect(compatMovers({})).toEqual({ limit: 20, order: 'desc', minPrice: null, maxPrice: null });
  expect(compatMovers({ limit: '5', order: 'abs', min_price: '10', max_price: '1e3' })).toEqual({
    limit: 5,
    order: 'abs',
    minPrice: 10,
    maxPrice: 1_000,
  });
  expect(compatMovers({ limit: '-1', order: 'sideways' })).toMatchObject({ limit: 1, order: 'desc' });
  expect(compatItems({ filterItems: 'Blé, Orge,,' })).toEqual(['Blé', 'Orge']);
  expect(compatItems({ filterItems: '' })).toBeNull();
});
