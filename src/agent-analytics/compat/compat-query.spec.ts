import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cutOff, parseRange, parseSessions } from './compat-query.js';

describe('queries of the dashboard', () => {
  it('have defaults, and an empty search is none', () => {
    const defaults = { range: 'all', status: 'all', search: null, page: 1, limit: 50 };
    expect(parseSessions({})).toEqual(defaults);
    expect(parseSessions({ search: '', unknown: 'x' })).toEqual(defaults);
  });

  it('are refused as FastAPI does, every fault with its place', () => {
    expect(parseSessions({ limit: '0', page: 'x', status: 'open' })).toEqual([
      {
        type: 'literal_error',
        loc: ['query', 'status'],
        msg: "Input should be 'complete', 'incomplete' or 'all'",
        input: 'open',
        ctx: { expected: "'complete', 'incomplete' or 'all'" },
      },
      {
        type: 'int_parsing',
        loc: ['query', 'page'],
        msg: 'Input should be a valid integer, unable to parse string as an integer',
        input: 'x',
      },
      {
        type: 'greater_than_equal',
        loc: ['query', 'limit'],
        msg: 'Input should be greater than or equal to 1',
        input: '0',
        ctx: { ge: 1 },
      },
    ]);
    expect(parseSessions({ limit: '101' })).toMatchObject([{ type: 'less_than_equal', ctx: { le: 100 } }]);
    expect(parseRange({ time_range: '1h' })).toMatchObject([{ loc: ['query', 'time_range'] }]);
  });

  it('are understood or refused, whatever they are, and a page fits into a number', () => {
    const value = fc.oneof(fc.string(), fc.bigInt().map(String), fc.array(fc.string()), fc.object());
    const query = fc.record(
      { time_range: value, status: value, search: value, page: value, limit: value },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(query, (given) => {
        const parsed = parseSessions(given);
        if (Array.isArray(parsed)) return expect(parsed.length).toBeGreaterThan(0);
        expect(Number.isSafeInteger(parsed.page) && parsed.page >= 1).toBe(true);
        return expect(parsed.limit >= 1 && parsed.limit <= 100).toBe(true);
      }),
    );
  });

  it('begin so long ago, to the millisecond', () => {
    const nowMs = Date.parse('2025-12-13T14:00:00.123Z');
    expect(cutOff('24h', nowMs)?.toISOString()).toBe('2025-12-12T14:00:00.123Z');
    expect(cutOff('7d', nowMs)?.toISOString()).toBe('2025-12-06T14:00:00.123Z');
    expect(cutOff('30d', nowMs)?.toISOString()).toBe('2025-11-13T14:00:00.123Z');
    expect(cutOff('all', nowMs)).toBeNull();
  });
});
