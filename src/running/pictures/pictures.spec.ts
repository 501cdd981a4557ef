import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gpxData } from '../../../test/support/gpx-data.js';
import { ChartRenderer } from '../../platform/charts/chart-renderer.service.js';
import type { Track } from '../geo/track.js';
import { durationWords, paceWords } from './picture-units.js';
import { elevationOption, gapOption, paceOption, type ProfilePicture } from './profile-charts.js';
import { routeLine } from './route-line.js';
import { routeThumbnail } from './route-thumbnail.js';
import { elevationProfile, paceProfile, SLOWEST_S_PER_KM } from './run-profiles.js';
import { type CardRun, SHARE_CARD, shareCardOption } from './share-card.js';

const EVIL = `<script>alert("1")</script> & 'zr1-\u0000\ud800]]>`;
const texts = fc.oneof(fc.constant(EVIL), fc.string({ unit: 'binary', maxLength: 30 }));
const themes = fc.constantFrom('light' as const, 'dark' as const);
const units = fc.constantFrom('metric' as const, 'imperial' as const);

/** Balanced tags, and no quote or sign of a tag within a text or an attribute. */
const WELL_FORMED = /^(?:<\/?\w+(?: [\w:-]+="[^"<]*")* ?\/?>|[^<>"]|")*$/;

function expectPicture(svg: string): void {
  expect(svg).toMatch(WELL_FORMED);
  expect(svg).not.toMatch(/NaN|Infinity|undefined|<style|<script/);
  // eslint-disable-next-line no-control-regex -- XML has no place for them
  expect(svg).not.toMatch(/[\u0000-\u0008\ufffe\uffff]/);
}

const holey = (value: fc.Arbitrary<number>): fc.Arbitrary<number> =>
  fc.oneof({ weight: 9, arbitrary: value }, { weight: 1, arbitrary: fc.constant(Number.NaN) });

/** Any track: places anywhere, holes, no altitudes, a single point, none. */
const tracks: fc.Arbitrary<Track> = fc
  .array(
    fc.record({
      stepMs: fc.integer({ min: 1, max: 20_000 }),
      lat: holey(fc.double({ min: -90, max: 90, noNaN: true })),
      lon: holey(fc.double({ min: -180, max: 180, noNaN: true })),
      alt: holey(fc.double({ min: -400, max: 9_000, noNaN: true })),
    }),
    { maxLength: 60 },
  )
  .chain((points) =>
    fc
      .record({
        hasAltitudes: fc.boolean(),
        // Steps of a runner as well as jumps over the world.
        spread: fc.constantFrom(1, 1e-4),
        deviceStepM: fc.option(fc.double({ min: 0, max: 8, noNaN: true })),
      })
      .map(({ hasAltitudes, spread, deviceStepM }): Track => {
        let tMs = 0;
        return {
          length: points.length,
          tMs: Float64Array.from(points, ({ stepMs }) => (tMs += stepMs)),
          latDeg: Float64Array.from(points, ({ lat }) => lat * spread),
          lonDeg: Float64Array.from(points, ({ lon }) => lon * spread),
          altitudeM: hasAltitudes ? Float64Array.from(points, ({ alt }) => alt) : null,
          accuracyM: null,
          heartRateBpm: null,
          cadenceSpm: null,
          deviceDistanceM:
            deviceStepM === null ? null : Float64Array.from(points, (_, index) => index * deviceStepM),
        };
      }),
  );

const pictures: fc.Arbitrary<ProfilePicture> = fc.record({
  title: texts,
  subtitle: texts,
  units,
  width: fc.integer({ min: 320, max: 1_600 }),
  height: fc.integer({ min: 200, max: 1_000 }),
  theme: themes,
});

describe('the line of a route', () => {
  const box = { x: 10, y: 20, width: 200, height: 100 };

  it('lies within its box and has a scale for both axes', () => {
    fc.assert(
      fc.property(tracks, (track) => {
        for (const [x, y] of routeLine(track, box)) {
          expect(x).toBeGreaterThanOrEqual(9.9);
          expect(x).toBeLessThanOrEqual(210.1);
          expect(y).toBeGreaterThanOrEqual(19.9);
          expect(y).toBeLessThanOrEqual(120.1);
        }
      }),
    );
    const square = { latDeg: Float64Array.of(60, 60.01, 60.01), lonDeg: Float64Array.of(10, 10, 10.02) };
    const [a, b, c] = routeLine(square, box); // a degree of longitude is half as long at 60 degrees
    expect(a![1] - b![1]).toBeCloseTo(c![0] - b![0], 0);
    expect(b![1]).toBeLessThan(a![1]); // north is up
  });

  it('is the same on both sides of the date line', () => {
    const walk = (lon: number) => ({
      latDeg: Float64Array.of(0, 0.001, 0.002),
      lonDeg: Float64Array.of(lon, lon + 0.001, lon + 0.003).map((at) => (at > 180 ? at - 360 : at)),
    });
    expect(routeLine(walk(179.9985), box)).toEqual(routeLine(walk(10), box));
  });

  it('begins and ends where the track does, however dense that is', () => {
    const dense = Float64Array.from({ length: 50_000 }, (_, index) => index / 50_000 / 100);
    const line = routeLine({ latDeg: dense, lonDeg: dense.map((at) => Math.sin(at * 700) / 500) }, box);
    expect(line.length).toBeLessThan(500);
    expect(line[0]![1]).toBeCloseTo(120, 0);
    expect(line.at(-1)![1]).toBeCloseTo(20, 0);
  });

  it('of somebody who stands is no wild one', () => {
    const noise = Float64Array.from({ length: 100 }, (_, index) => 48 + Math.sin(index * 12.9) * 1e-5);
    const line = routeLine({ latDeg: noise, lonDeg: noise }, box);
    const ys = line.map(([, y]) => y);
    expect(Math.max(...ys) - Math.min(...ys)).toBeLessThan(6);
  });
});

describe('profiles', () => {
  it('have as many points as asked for, from the start to the end, none of them without a value', () => {
    fc.assert(
      fc.property(tracks, fc.integer({ min: 2, max: 50 }), (track, count) => {
        for (const points of [elevationProfile(track, [], count), paceProfile(track, [], count)]) {
          if (points.length === 0) continue;
          expect(points).toHaveLength(count);
          expect(points[0]!.alongM).toBe(0);
          points.forEach(({ alongM, value }, index) => {
            expect(Number.isFinite(value)).toBe(true);
            if (index > 0) expect(alongM).toBeGreaterThan(points[index - 1]!.alongM);
          });
        }
      }),
    );
  });

  it('show an even pace as it is, and a pause not at all', () => {
    const length = 1_200;
    const column = (of: (index: number) => number): Float64Array =>
      Float64Array.from({ length }, (_, index) => of(index));
    const even: Track = {
      length,
      tMs: column((index) => index * 1_000 + (index > 600 ? 300_000 : 0)),
      latDeg: column(() => 50),
      lonDeg: column(() => 8),
      altitudeM: column((index) => index / 10),
      accuracyM: null,
      heartRateBpm: null,
      cadenceSpm: null,
      deviceDistanceM: column((index) => index * 4),
    };
    const paused = paceProfile(even, [{ fromMs: 600_000, toMs: 900_000 }], 40);
    for (const { value } of paused) expect(value).toBeCloseTo(250, 0);
    expect(Math.max(...paceProfile(even, [], 400).map(({ value }) => value))).toBe(SLOWEST_S_PER_KM);
    const heights = elevationProfile(even, [], 3).map(({ value }) => Math.round(value));
    expect(heights).toEqual([0, 60, 120]);
  });
});

describe('pictures', () => {
  const renderer = new ChartRenderer();

  it('are well-formed whatever texts and tracks they show', async () => {
    const cards: fc.Arbitrary<CardRun> = fc.record({
      title: texts,
      subtitle: texts,
      distanceM: fc.option(fc.double({ min: 0, max: 500_000, noNaN: true })),
      movingTimeS: fc.option(fc.double({ min: 0, max: 400_000, noNaN: true })),
      elevationGainM: fc.option(fc.double({ min: 0, max: 9_000, noNaN: true })),
      averageHeartRateBpm: fc.option(fc.integer({ min: 30, max: 240 })),
      track: fc.option(tracks),
    });
    const gaps = fc
      .array(
        fc.record({
          alongM: fc.double({ min: 0, max: 50_000, noNaN: true }),
          gapS: fc.double({ min: -4_000, max: 4_000, noNaN: true }),
          sdS: fc.double({ min: 0, max: 30, noNaN: true }),
        }),
        { maxLength: 40 },
      )
      .map((list) => list.sort((a, b) => a.alongM - b.alongM));
    await fc.assert(
      fc.asyncProperty(tracks, pictures, cards, gaps, async (track, picture, card, gap) => {
        expectPicture(routeThumbnail(track, picture, picture.theme));
        const options = [
          elevationOption(picture, elevationProfile(track, [], 30)),
          paceOption(picture, paceProfile(track, [], 30), 300),
          gapOption(picture, gap),
        ];
        for (const option of options) expectPicture(await renderer.draw(option, picture));
        expectPicture(await renderer.draw(shareCardOption(card, picture.units, picture.theme), SHARE_CARD));
      }),
      { numRuns: 25 },
    );
  });

  it('say what is missing', async () => {
    const picture = {
      title: 'Run',
      subtitle: '',
      units: 'metric',
      width: 400,
      height: 240,
      theme: 'light',
    } as const;
    expect(await renderer.draw(elevationOption(picture, []), picture)).toContain('no altitudes');
    expect(await renderer.draw(paceOption(picture, [], null), picture)).toContain('no distance');
    expect(await renderer.draw(gapOption(picture, []), picture)).toContain('never began');
    const card = {
      title: 'Treadmill',
      subtitle: '',
      distanceM: 5_000,
      movingTimeS: 1_500,
      elevationGainM: null,
      averageHeartRateBpm: null,
      track: null,
    };
    const drawn = await renderer.draw(shareCardOption(card, 'imperial', 'dark'), SHARE_CARD);
    for (const words of ['no route', '3.11 mi', '25:00', '8:03 /mi']) expect(drawn).toContain(words);
  });

  it('are the same text each time', async () => {
    const picture = {
      title: 'Run',
      subtitle: 's',
      units: 'metric',
      width: 400,
      height: 240,
      theme: 'light',
    } as const;
    const option = () =>
      gapOption(picture, [
        { alongM: 0, gapS: 1, sdS: 1 },
        { alongM: 90, gapS: -2, sdS: 1 },
      ]);
    expect(await renderer.draw(option(), picture)).toBe(await renderer.draw(option(), picture));
  });
});

describe('words', () => {
  it('are those of a watch', () => {
    expect([0, 59.6, 61, 3_599.4, 3_600, 36_061].map(durationWords)).toEqual([
      '0:00',
      '1:00',
      '1:01',
      '59:59',
      '1:00:00',
      '10:01:01',
    ]);
    expect(paceWords(299.6, 'metric')).toBe('5:00 /km');
    expect(paceWords(null, 'metric')).toBe('–');
  });
});

const data = gpxData();
(data === undefined ? describe.skip : describe)('real tracks (../shared/data/gpx)', () => {
  it('are drawn, each of them', () => {
    for (const name of data!.names) {
      const track = data!.track(name);
      const svg = routeThumbnail(track, { width: 240, height: 160 }, 'light');
      expectPicture(svg);
      expect(svg.length).toBeLessThan(20_000);
    }
  });
});
