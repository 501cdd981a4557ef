import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ChartRenderer } from '../../platform/charts/chart-renderer.service.js';
import { AGENT_CATEGORIES } from '../../platform/config/story-settings.js';
import { type FunnelPicture, funnelOption, timeOf } from './funnel-chart.js';
import { type TimelinePicture, timelineOption } from './timeline-chart.js';

const SIZE = { width: 800, height: 320, theme: 'light' as const };
const EVIL = `<script>alert("1")</script> & 'zr1-\u0000\ud800]]>`;
const texts = fc.oneof(fc.constant(EVIL), fc.string({ unit: 'binary', maxLength: 30 }));
const funnels: fc.Arbitrary<FunnelPicture> = fc.record({
  title: texts,
  subtitle: texts,
  steps: fc.array(
    fc.record({
      name: texts,
      sessionCount: fc.nat(1e6),
      reachedRatio: fc.double({ min: 0, max: 1, noNaN: true }),
      medianSecondsToReach: fc.double({ min: 0, max: 1e7, noNaN: true }),
      meanCostToReachUsd: fc.double({ min: 0, max: 1e6, noNaN: true }),
    }),
    { maxLength: 30 },
  ),
  width: fc.integer({ min: 320, max: 1_600 }),
  height: fc.integer({ min: 160, max: 1_000 }),
  theme: fc.constantFrom('light', 'dark'),
});
const timelines: fc.Arbitrary<TimelinePicture> = fc.record({
  title: texts,
  subtitle: texts,
  runs: fc.array(
    fc
      .record({
        agent: fc.oneof(texts, fc.constantFrom('Mortal', 'End')),
        category: fc.constantFrom(...AGENT_CATEGORIES),
        startMs: fc.integer({ min: 0, max: 1e8 }),
        tookMs: fc.nat(1e5),
        isError: fc.boolean(),
      })
      .map(({ tookMs, ...run }) => ({ ...run, endMs: run.startMs + tookMs })),
    { maxLength: 40 },
  ),
  width: fc.integer({ min: 320, max: 1_600 }),
  height: fc.integer({ min: 160, max: 1_000 }),
  theme: fc.constantFrom('light', 'dark'),
});

/** Balanced tags, and no quote or sign of a tag within a text or an attribute. */
const WELL_FORMED = /^(?:<\/?\w+(?: [\w:-]+="[^"<]*")* ?>|[^<>"]|")*$/;

function isPicture(svg: string): void {
  expect(svg).toMatch(WELL_FORMED);
  expect(svg).not.toMatch(/NaN|Infinity|undefined|<style|<script/);
  // eslint-disable-next-line no-control-regex -- XML has no place for them
  expect(svg).not.toMatch(/[\u0000-\u0008\ufffe\uffff]/);
}

describe('pictures', () => {
  const renderer = new ChartRenderer();

  it('of funnels are the same for the same steps, and well-formed, whatever the names hold', async () => {
    await fc.assert(
      fc.asyncProperty(funnels, async (picture) => {
        const draw = (): Promise<string> => renderer.draw(funnelOption(picture), picture);
        const first = await draw();
        expect(await draw()).toBe(first);
        isPicture(first);
      }),
      { numRuns: 25 },
    );
  });

  it('of timelines likewise', async () => {
    await fc.assert(
      fc.asyncProperty(timelines, async (picture) => {
        const draw = (): Promise<string> => renderer.draw(timelineOption(picture), picture);
        const first = await draw();
        expect(await draw()).toBe(first);
        isPicture(first);
      }),
      { numRuns: 25 },
    );
  });

  it('say what there is, in words that can be read', async () => {
    const steps = [
      {
        name: 'Introduction',
        sessionCount: 14,
        reachedRatio: 1,
        medianSecondsToReach: 0,
        meanCostToReachUsd: 0,
      },
      {
        name: EVIL,
        sessionCount: 7,
        reachedRatio: 0.5,
        medianSecondsToReach: 150,
        meanCostToReachUsd: 0.0123,
      },
    ];
    const picture = { title: 'Stories', subtitle: 'cupid', steps, ...SIZE };
    const svg = await renderer.draw(funnelOption(picture), picture);
    for (const words of ['Introduction', '14 (100 %)', '7 (50 %)', '2.5 min', '$0.012', '&lt;script&gt;'])
      expect(svg).toContain(words);
    const none = { ...picture, steps: [] };
    expect(await renderer.draw(funnelOption(none), none)).toContain('no stories in this range');
  });

  it('of a play have a lane per agent and a red bar per failed run', async () => {
    const run = (agent: string, startMs: number, isError = false): TimelinePicture['runs'][number] => ({
      agent,
      category: 'content',
      startMs,
      endMs: startMs + 2_000,
      isError,
    });
    const runs = [run('Mortal', 0), run('Match', 2_010), run('Mortal', 600_000, true)];
    const picture = { title: 'Maya & Noah', subtitle: 's', runs, ...SIZE };
    const svg = await renderer.draw(timelineOption(picture), picture);
    expect(svg).toContain('Maya &amp; Noah');
    expect([svg.match(/#1a8754/g)?.length, svg.match(/#c2413b/g)?.length]).toEqual([2, 1]);
    expect([svg.match(/>Mortal</g)?.length, svg.match(/>Match</g)?.length]).toEqual([1, 1]);
    const none = { ...picture, runs: [] };
    expect(await renderer.draw(timelineOption(none), none)).toContain('no runs of agents');
  });

  it.each([
    [0, '0 s'],
    [89.4, '89 s'],
    [150, '2.5 min'],
    [7_200, '2 h'],
  ])('say %d seconds as %s', (seconds, words) => {
    expect(timeOf(seconds)).toBe(words);
  });
});
