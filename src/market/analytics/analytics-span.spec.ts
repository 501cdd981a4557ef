import { describe, expect, it } from '@jest/globals';
import { resolveSpan, windowOf } from './analytics-span.js';

const TODAY = '2026-11-21';

describe('a span', () => {
  it.each([
    [{}, { from: '2026-10-22', to: TODAY }],
    [{ window: 7 }, { from: '2026-11-14', to: TODAY }],
    [{ window: 365 }, { from: '2025-11-21', to: TODAY }],
    [
      { from: '2026-01-01', to: '2026-01-01' },
      { from: '2026-01-01', to: '2026-01-01' },
    ],
    [{ window: 7, from: '2026-01-01', to: '2026-01-02' }, 'window-and-dates'],
    [{ from: '2026-01-01' }, 'half-a-span'],
    [{ window: 7, to: '2026-01-01' }, 'window-and-dates'],
    [{ from: '2026-01-02', to: '2026-01-01' }, 'backwards'],
    [{ from: '2009-12-31', to: '2010-01-01' }, 'too-early'],
    [
      { from: '2024-01-01', to: '2026-01-01' },
      { from: '2024-01-01', to: '2026-01-01' },
    ],
    [{ from: '2024-01-01', to: '2026-01-02' }, 'too-long'],
  ])('%j is %j', (asked, expected) => {
    expect(resolveSpan(asked, TODAY)).toEqual(expected);
  });

  it('is a standard window when it has its length and ends today', () => {
    expect(windowOf({ from: '2026-10-22', to: TODAY }, TODAY)).toBe(30);
    expect(windowOf({ from: '2026-10-21', to: TODAY }, TODAY)).toBeUndefined();
    expect(windowOf({ from: '2026-10-21', to: '2026-11-20' }, TODAY)).toBeUndefined();
  });
});
