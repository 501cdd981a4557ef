import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ChartRenderer } from '../../platform/charts/chart-renderer.service.js';
import { CARD, type CatalystCard, catalystCardOption, type SummaryCard, summaryCardOption } from './cards.js';
import { coursesOf, forecastWords } from './course-picture.js';
import { forecastBand } from './forecast-band.js';
import { type ProgressPicture, type ProgressPoint, progressOption, thinPoints } from './progress-chart.js';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 0, 1);
const EVIL = `<script>alert("1")</script> & 'zr1-\u0000\ud800]]>`;
const texts = fc.oneof(fc.constant(EVIL), fc.string({ unit: 'binary', maxLength: 30 }));
const pct = fc.double({ min: 0, max: 100, noNaN: true });
const themes = fc.constantFrom('light' as const, 'dark' as const);

/** Balanced tags, and no quote or sign of a tag within a text or an attribute. */
const WELL_FORMED = /^(?:<\/?\w+(?: [\w:-]+="[^"<]*")* ?>|[^<>"]|")*$/;

function expectPicture(svg: string): void {
  expect(svg).toMatch(WELL_FORMED);
  expect(svg).not.toMatch(/NaN|Infinity|undefined|<style|<script/);
  // eslint-disable-next-line no-control-regex -- XML has no place for them
  expect(svg).not.toMatch(/[\u0000-\u0008\ufffe\uffff]/);
}

const finishes = fc
  .array(fc.integer({ min: 0, max: 3_650 * DAY_MS }), { minLength: 3, maxLength: 3 })
  .map((offsets) => offsets.sort((a, b) => a - b))
  .map(([low, mid, high]) => ({ low: START_MS + low!, mid: START_MS + mid!, high: START_MS + high! }));
const points: fc.Arbitrary<ProgressPoint[]> = fc
  .array(fc.record({ atMs: fc.integer({ min: START_MS - 700 * DAY_MS, max: START_MS }), pct }), {
    maxLength: 60,
  })
  .map((list) => list.sort((a, b) => a.atMs - b.atMs));
const pictures: fc.Arbitrary<ProgressPicture> = fc.record({
  title: texts,
  subtitle: texts,
  objectives: fc.array(fc.record({ name: texts, points, finishAtMs: fc.option(finishes, { nil: null }) }), {
    maxLength: 8,
  }),
  asOfMs: fc.option(fc.constant(START_MS), { nil: null, freq: 8 }),
  width: fc.integer({ min: 320, max: 1_600 }),
  height: fc.integer({ min: 200, max: 1_000 }),
  theme: themes,
});
const counts = fc.record({ total: fc.nat(200), found: fc.nat(200), complete: fc.nat(200) });
const summaries: fc.Arbitrary<SummaryCard> = fc.record({
  title: texts,
  subtitle: texts,
  total: fc.nat(200),
  complete: fc.nat(200),
  inProgress: fc.nat(200),
  notFound: fc.nat(200),
  bySlot: fc.dictionary(texts, counts, { maxKeys: 5 }),
  byElement: fc.dictionary(texts, counts, { maxKeys: 20 }),
  nearest: fc.array(fc.record({ name: texts, pct }), { maxLength: 5 }),
  theme: themes,
});
const catalystCards: fc.Arbitrary<CatalystCard> = fc.record({
  title: texts,
  subtitle: texts,
  state: texts,
  pct,
  objectives: fc.array(fc.record({ name: texts, pct }), { maxLength: 9 }),
  theme: themes,
});

describe('the band of a forecast', () => {
  it('ascends in time, lies within 0 and 100, and begins where the objective stands', () => {
    fc.assert(
      fc.property(pct, finishes, fc.integer({ min: 0, max: 4_000 }), (at, finish, days) => {
        const endMs = START_MS + days * DAY_MS;
        const band = forecastBand(at, START_MS, finish, endMs);
        expect(band[0]).toEqual({ atMs: START_MS, low: at, mid: at, high: at });
        band.forEach((point, index) => {
          expect(point.atMs).toBeLessThanOrEqual(endMs);
          if (index > 0) expect(point.atMs).toBeGreaterThan(band[index - 1]!.atMs);
          expect(point.low).toBeGreaterThanOrEqual(at - 1e-9);
          expect(point.low).toBeLessThanOrEqual(point.mid + 1e-9);
          expect(point.mid).toBeLessThanOrEqual(point.high + 1e-9);
          expect(point.high).toBeLessThanOrEqual(100 + 1e-9);
        });
        if (endMs > finish.high && finish.high > START_MS) expect(band.at(-1)!.low).toBe(100);
      }),
    );
  });

  it('is half way half the way', () => {
    const finish = { low: START_MS + 2 * DAY_MS, mid: START_MS + 4 * DAY_MS, high: START_MS + 8 * DAY_MS };
    const band = forecastBand(20, START_MS, finish, START_MS + 4 * DAY_MS);
    expect(band).toEqual([
      { atMs: START_MS, low: 20, mid: 20, high: 20 },
      { atMs: START_MS + 2 * DAY_MS, low: 40, mid: 60, high: 100 },
      { atMs: START_MS + 4 * DAY_MS, low: 60, mid: 100, high: 100 },
    ]);
  });
});

describe('thinned points', () => {
  it('are some of the points in their order, few enough, with the first and the last', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 2, max: 40 }), (all, most) => {
        const kept = thinPoints(all, most);
        expect(kept.length).toBeLessThanOrEqual(most);
        expect(kept[0]).toBe(all[0]);
        expect(kept.at(-1)).toBe(all.at(-1));
        expect(kept.map((point) => all.indexOf(point))).toEqual(
          kept.map((point) => all.indexOf(point)).sort((a, b) => a - b),
        );
      }),
    );
  });
});

describe('courses', () => {
  it('are percents per visible objective in the record’s order, clamped', () => {
    const objective = (objectiveHash: number, text: string | null, isVisible = true) => {
      return { objectiveHash, text, progress: 1, target: 2, ratio: 0.5, isComplete: false, isVisible };
    };
    const status = {
      recordHash: 1,
      state: 'in_progress' as const,
      pct: 50,
      objectives: [objective(5, 'Kills'), objective(6, null), objective(7, 'Secret', false)],
    };
    const move = (objectiveHash: number, progress: number, target: number, isComplete = false) => {
      return { objectiveHash, progress, target, isComplete, mintedAt: new Date(START_MS) };
    };
    const finishAtMs = { low: START_MS + 1, mid: START_MS + 2, high: START_MS + 3 };
    const range = { low: 1, mid: 2, high: 3 };
    const eta = { state: 'estimated', days: range, finishAtMs, hoursPlayed: null, strideCount: 4 } as const;
    const forecast = {
      eta,
      objectives: [{ objectiveHash: 5, text: 'Kills', remaining: 1, pace: {} as never, eta }],
    };
    const moves = [move(5, 1, 4), move(5, 9, 4), move(6, 0, 0), move(6, 3, 4, true), move(7, 1, 1)];
    const at = (each: number): ProgressPoint => ({ atMs: START_MS, pct: each });
    expect(coursesOf(status, moves, forecast)).toEqual([
      { name: 'Kills', points: [at(25), at(100)], finishAtMs },
      { name: 'Objective 2', points: [at(0), at(100)], finishAtMs: null },
    ]);
    expect(forecastWords(forecast)).toBe('done about 2026-01-01, between 2026-01-01 and 2026-01-01');
  });
});

describe('pictures', () => {
  const renderer = new ChartRenderer();

  it('of progress are the same for the same moves, and well-formed, whatever names hold', async () => {
    await fc.assert(
      fc.asyncProperty(pictures, async (picture) => {
        const first = await renderer.draw(progressOption(picture), picture);
        expect(await renderer.draw(progressOption(picture), picture)).toBe(first);
        expectPicture(first);
      }),
      { numRuns: 25 },
    );
  });

  it('on cards likewise', async () => {
    await fc.assert(
      fc.asyncProperty(summaries, catalystCards, async (summary, catalyst) => {
        for (const option of [() => summaryCardOption(summary), () => catalystCardOption(catalyst)]) {
          const first = await renderer.draw(option(), CARD);
          expect(await renderer.draw(option(), CARD)).toBe(first);
          expectPicture(first);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('say what there is, in words that can be read', async () => {
    const card = {
      title: 'Ada & Grace',
      subtitle: 'Destiny 2',
      total: 141,
      complete: 87,
      inProgress: 9,
      notFound: 40,
      bySlot: { energy: { total: 60, found: 40, complete: 31 } },
      byElement: { solar: { total: 30, found: 20, complete: 13 } },
      nearest: [{ name: 'Jötunn', pct: 98.76 }],
      theme: 'light' as const,
    };
    const svg = await renderer.draw(summaryCardOption(card), CARD);
    for (const words of [
      'Ada &amp; Grace',
      '87 / 141',
      'energy',
      '31 / 60',
      'solar',
      '13 / 30',
      'Jötunn',
      '98.7 %',
    ])
      expect(svg).toContain(`>${words}<`);
    expect(svg).toContain('>96<'); // found
  });

  it('of progress have a band only where there is a forecast, and say when there is nothing', async () => {
    const course = { name: 'Kills', points: [{ atMs: START_MS - DAY_MS, pct: 40 }], finishAtMs: null };
    const finishAtMs = { low: START_MS + DAY_MS, mid: START_MS + 2 * DAY_MS, high: START_MS + 3 * DAY_MS };
    const picture: ProgressPicture = {
      title: 'Jötunn Catalyst',
      subtitle: '40 %',
      objectives: [course],
      asOfMs: START_MS,
      width: 800,
      height: 320,
      theme: 'light',
    };
    const BAND = /fill-opacity="0\.16"/;
    const draw = (changed: Partial<ProgressPicture>): Promise<string> => {
      const drawn = { ...picture, ...changed };
      return renderer.draw(progressOption(drawn), drawn);
    };
    expect(await draw({})).not.toMatch(BAND);
    const foreseen = await draw({ objectives: [{ ...course, finishAtMs }] });
    expect(foreseen).toMatch(BAND);
    expect(foreseen).toContain('stroke-dasharray="4,4"');
    for (const nothing of [{ objectives: [] }, { asOfMs: null }, { objectives: [{ ...course, points: [] }] }])
      expect(await draw(nothing)).toContain('no progress has been seen yet');
  });
});
