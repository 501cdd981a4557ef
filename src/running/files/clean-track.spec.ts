import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type MadePoint, makeTrack, steadyTrack } from '../../../test/support/tracks.js';
import type { Pause, Track } from '../geo/track.js';
import { cleanTrack, MOST_CORRECTIONS } from './clean-track.js';
import { NO_TOTALS, type ParsedActivity } from './parsed-activity.js';
import { stretchFigures } from './stretch-figures.js';

function activityOf(track: Track, more: Partial<ParsedActivity> = {}): ParsedActivity {
  const nothing = { laps: [], pauses: [], corrections: [], name: null, notes: null, deviceTotals: NO_TOTALS };
  return { startedAtMs: 0, sport: 'run', track, ...nothing, ...more };
}

const lengthM = (track: Track): number => stretchFigures(track, 0, track.length - 1).distanceM;

/** Without the places of the points named. */
function without(track: Track, gone: readonly number[]): Track {
  const [latDeg, lonDeg] = [track.latDeg.slice(), track.lonDeg.slice()];
  for (const at of gone) latDeg[at] = lonDeg[at] = Number.NaN;
  return { ...track, latDeg, lonDeg };
}

describe('cleaning', () => {
  it('gives a clean track back as it is', () => {
    const track = steadyTrack(300, 3);
    expect(cleanTrack(activityOf(track))).toEqual({ track, pauses: [], corrections: [] });
    expect(cleanTrack(activityOf(track)).track).toBe(track);
  });

  it.each<[string, number[], number]>([
    ['one point', [100], 60],
    ['ten points', Array.from({ length: 10 }, (_, at) => 100 + at), 400],
    ['the first points', [0, 1, 2], 5_000],
    ['the last points', [298, 299, 300], 5_000],
    ['two islands', [50, 51, 52, 120, 121], 200],
  ])('takes out the places of %s off the way, and nothing else', (_what, spikes, offM) => {
    const clean = steadyTrack(300, 3);
    const track = steadyTrack(300, 3, (second) => (spikes.includes(second) ? { northM: offM } : {}));
    const result = cleanTrack(activityOf(track));
    expect(result.track).toEqual(without(track, spikes));
    expect(lengthM(track)).toBeGreaterThan(lengthM(clean) + offM / 2);
    const counted = result.corrections.filter(({ kind }) => kind === 'spike');
    expect(counted.reduce((sum, { pointCount }) => sum + pointCount, 0)).toBe(spikes.length);
    for (const { before, after, reason } of counted) {
      expect(before.maxSpeedMps).toBeGreaterThan(9);
      expect(after.maxSpeedMps).toBeLessThanOrEqual(9);
      expect(before.distanceM).toBeGreaterThan(after.distanceM);
      expect(before.pointCount - after.pointCount).toBeGreaterThan(0);
      expect(reason).toMatch(/nobody can have been/);
    }
  });

  it('keeps heart rates of points whose places go', () => {
    const track = steadyTrack(60, 3, (second) => ({
      heartRateBpm: 100 + second,
      ...(second === 30 && { northM: 900 }),
    }));
    const clean = cleanTrack(activityOf(track)).track;
    expect([clean.heartRateBpm![30], clean.latDeg[30]]).toEqual([130, Number.NaN]);
  });

  it('names a change of place that stays and keeps both sides', () => {
    const track = steadyTrack(400, 3, (second) => (second >= 200 ? { northM: 600 } : {}));
    const { track: clean, corrections } = cleanTrack(activityOf(track));
    expect(clean).toBe(track);
    expect(corrections).toHaveLength(1);
    expect(corrections[0]).toMatchObject({
      kind: 'jump',
      fromMs: 199_000,
      toMs: 200_000,
      after: { distanceM: 0 },
    });
    expect(corrections[0]!.before.distanceM).toBeCloseTo(600, 0);
  });

  it('takes places that came a moment late out, in one sentence for all', () => {
    // Every fifty seconds the receiver stands still for four seconds and then catches up in one.
    const track = steadyTrack(500, 3, (second) =>
      second % 50 < 4 && second > 4 ? { eastM: (second - (second % 50) - 1) * 3 } : {},
    );
    const { corrections, track: clean } = cleanTrack(activityOf(track));
    expect(corrections).toHaveLength(1);
    expect(corrections[0]!.reason).toMatch(/a moment late/);
    expect(lengthM(clean)).toBeCloseTo(1_500, -1);
    expect(stretchFigures(clean, 0, clean.length - 1).maxSpeedMps).toBeLessThanOrEqual(9);
  });

  it('takes long silences at one place for stops, not those in which somebody ran on', () => {
    const at = (second: number, eastM: number): MadePoint => ({ tMs: second * 1_000, eastM, northM: 0 });
    const steady = Array.from({ length: 60 }, (_, second) => at(second, second * 3));
    const stop = [at(159, 180), at(160, 183)];
    const tunnel = [at(220, 363), at(221, 366)];
    const { pauses, corrections } = cleanTrack(activityOf(makeTrack([...steady, ...stop, ...tunnel])));
    expect(pauses).toEqual([{ fromMs: 59_000, toMs: 159_000 }]);
    expect(corrections).toHaveLength(1);
    expect(corrections[0]).toMatchObject({ kind: 'pause', after: { distanceM: 0 } });
    expect(corrections[0]!.reason).toBe(
      'No point for 100 s, and only 3 m between before and after: taken for a stop.',
    );
  });

  it('knows a stop on a treadmill by the distance of the device', () => {
    const points = [0, 1, 2, 3, 90, 91].map((second) => ({
      tMs: second * 1_000,
      eastM: Number.NaN,
      northM: Number.NaN,
      deviceDistanceM: Math.min(second, 4) * 3,
    }));
    expect(cleanTrack(activityOf(makeTrack(points))).pauses).toEqual([{ fromMs: 3_000, toMs: 90_000 }]);
  });

  it('does not judge what lies over a pause of the device', () => {
    const track = steadyTrack(100, 3, (second) => (second > 50 ? { northM: 9_000 } : {}));
    const pauses: Pause[] = [{ fromMs: 50_000, toMs: 51_000 }];
    expect(cleanTrack(activityOf(track, { pauses }))).toEqual({ track, pauses, corrections: [] });
  });

  it('lets riders ride and drivers drive', () => {
    const track = steadyTrack(100, 20);
    expect(cleanTrack(activityOf(track, { sport: 'ride' })).corrections).toEqual([]);
    expect(cleanTrack(activityOf(track)).corrections.length).toBeGreaterThan(0);
  });

  it('works across the date line and at the poles', () => {
    const line = makeTrack(
      Array.from({ length: 60 }, (_, at) => ({ tMs: at * 1_000, eastM: at * 3, northM: 0 })),
      0,
      179.9992,
    );
    expect(line.lonDeg.some((lon) => lon < 0) && line.lonDeg.some((lon) => lon > 0)).toBe(true);
    expect(cleanTrack(activityOf(line)).corrections).toEqual([]);
    const pole = { ...line, latDeg: line.latDeg.map(() => 89.99999) };
    expect(cleanTrack(activityOf(pole)).corrections).toEqual([]);
  });

  it('tells no more than can be read', () => {
    const track = steadyTrack(60_000, 2, (second) => (second % 60 === 30 ? { northM: 90 } : {}));
    const { corrections } = cleanTrack(activityOf(track));
    expect(corrections.length).toBeLessThanOrEqual(MOST_CORRECTIONS);
    expect(corrections.reduce((sum, { pointCount }) => sum + pointCount, 0)).toBe(1_000);
  });

  it('ends for any places with steps that can be run, or that it names, and never invents or moves a place', () => {
    const place = fc.record({
      eastM: fc.integer({ min: -300, max: 300 }),
      northM: fc.integer({ min: -300, max: 300 }),
    });
    const step = fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: place });
    fc.assert(
      fc.property(fc.array(step, { minLength: 2, maxLength: 120 }), (steps) => {
        const track = steadyTrack(steps.length - 1, 2.5, (second) => steps[second] ?? {});
        const { track: clean, corrections } = cleanTrack(activityOf(track));
        const leaps = new Set(corrections.filter(({ kind }) => kind === 'jump').map(({ toMs }) => toMs));
        let last = -1;
        for (let at = 0; at < clean.length; at += 1) {
          if (Number.isNaN(clean.latDeg[at]!)) continue;
          expect([clean.latDeg[at], clean.lonDeg[at]]).toEqual([track.latDeg[at], track.lonDeg[at]]);
          if (last >= 0 && !leaps.has(clean.tMs[at]!))
            expect(stretchFigures(clean, last, at).maxSpeedMps).toBeLessThanOrEqual(9.02);
          last = at;
        }
        expect(last).toBeGreaterThanOrEqual(0);
        // Once clean, always clean.
        const again = cleanTrack(activityOf(clean));
        expect(again.corrections.filter(({ kind }) => kind === 'spike')).toEqual([]);
      }),
    );
  });
});
