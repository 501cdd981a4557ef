import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ChartRenderer } from '../../platform/charts/chart-renderer.service.js';
import { printable } from '../../platform/charts/chart-style.js';
import {
  type ChartDay,
  chartOption,
  type ChartPicture,
  priceBounds,
  shortPrice,
  sparklineOption,
} from './price-chart.js';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 7, 1);

const prices = fc.oneof(fc.constantFrom(0, 1, 1e12), fc.double({ min: 0, max: 1e12, noNaN: true }));
const days = fc.array(fc.tuple(prices, prices, prices), { maxLength: 12 }).map((rows) =>
  rows.map((row, index): ChartDay => {
    const [low, median, high] = [...row].sort((a, b) => a - b) as [number, number, number];
    return { startMs: START_MS + index * 2 * DAY_MS, low, median, high };
  }),
);
const pictureOf = (given: Partial<ChartPicture> = {}): ChartPicture => ({
  days: [],
  title: 'Frêne',
  subtitle: 'Draconiros',
  fromMs: START_MS,
  toMs: START_MS + 30 * DAY_MS,
  width: 400,
  height: 200,
  theme: 'light',
  ...given,
});

describe('the scale', () => {
  it('has room for every median, and is never below nothing', () => {
    fc.assert(
      fc.property(days, (seen) => {
        fc.pre(seen.length > 0);
        const { min, max } = priceBounds(seen);
        expect(min).toBeGreaterThanOrEqual(0);
        expect(min < max).toBe(true);
        for (const { median } of seen) expect(min <= median && median <= max).toBe(true);
      }),
    );
  });

  it.each([
    [0, 1, '0'],
    [12, 1, '12'],
    [12_400, 200, '12.4k'],
    [12_000, 200, '12k'],
    [1_000_250, 250, '1.0003M'],
    [1e12, 1e11, '1T'],
    [0.25, 0.05, '0.25'],
  ])('says %d in steps of %d as %s', (price, step, text) => {
    expect(shortPrice(price, step)).toBe(text);
  });
});

describe('a picture', () => {
  const renderer = new ChartRenderer();
  const draw = (option: typeof chartOption, picture: ChartPicture): Promise<string> =>
    renderer.draw(option(picture), picture);
  /** Balanced tags, and no quote or sign of a tag within a text or an attribute. */
  const WELL_FORMED = /^(?:<\/?\w+(?: [\w:-]+="[^"<]*")* ?>|[^<>"]|")*$/;

  it('is the same for the same days, whatever was drawn before, and well-formed', async () => {
    await fc.assert(
      fc.asyncProperty(days, fc.constantFrom('light', 'dark'), async (seen, theme) => {
        for (const option of [chartOption, sparklineOption]) {
          const picture = pictureOf({ days: seen, theme: theme as 'light' });
          const [first, second] = [await draw(option, picture), await draw(option, picture)];
          expect(second).toBe(first);
          expect(first).toMatch(WELL_FORMED);
          expect(first).not.toMatch(/NaN|Infinity|undefined|<style|<script/);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('shows names as text, whatever they hold', async () => {
    const title = `<script>alert("1")</script> & 'zr1-\u0000\ud800]]>`;
    const svg = await draw(chartOption, pictureOf({ title, width: 1_000 }));
    expect(svg).toMatch(WELL_FORMED);
    expect(svg).toContain('&lt;script&gt;alert(');
    expect(svg).toContain('no prices in these days');
    expect(printable('a\u0007b\ufffec\ud83d')).toBe('a b c\ufffd');
  });

  it('has the colour of where the price went', async () => {
    const day = (at: number, median: number): ChartDay => ({
      startMs: START_MS + at * DAY_MS,
      low: median,
      high: median,
      median,
    });
    const colourOf = async (...medians: number[]): Promise<string | undefined> => {
      const svg = await draw(
        sparklineOption,
        pictureOf({ days: medians.map((median, at) => day(at, median)) }),
      );
      return /stroke="(#\w+)" stroke-width="1.6"/.exec(svg)?.[1];
    };
    const [up, down, flat] = [await colourOf(1, 2), await colourOf(2, 1), await colourOf(2, 2)];
    expect(new Set([up, down, flat]).size).toBe(3);
    expect(await colourOf(5, 1, 6)).toBe(up);
  });
});
