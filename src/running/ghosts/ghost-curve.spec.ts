import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { courseTrack } from '../../../test/support/courses.js';
import { SeededRandom } from '../../market/simulation/random.js';
import { hillyPace, LINES, noiseOf, runAlong, withNoise } from '../../../test/factories/generated-tracks.js';
import { gpxData } from '../../../test/support/gpx-data.js';
import { costOfGrade } from '../analysis/grade-cost.js';
import { compositeGhost } from './composite-ghost.js';
import { decodeCurve, encodeCurve } from './ghost-curve-codec.js';
import {
  arrivalMsAt,
  departureMsAt,
  distanceAtElapsed,
  elapsedTimeOf,
  type GhostCurve,
  ghostCurveOf,
  lengthOf,
  movingAtElapsed,
  movingMsAt,
  movingTimeOf,
} from './ghost-curve.js';
import { constantPaceCurve, hillAwareCurve, splitsCurve } from './goal-curve.js';

const random = (seed: number): SeededRandom => new SeededRandom(seed, 8, 2);
const line = LINES.road(random(1));
const plain = runAlong(line, { pace: () => 3.3 });
const data = gpxData();

describe('the ghost of a run', () => {
  it('covers the line in the time that was run', () => {
    const curve = ghostCurveOf(plain.track, [])!;
    expect(Math.abs(lengthOf(curve) / (line.xM.length - 1) - 1)).toBeLessThan(0.01);
    expect(Math.abs(elapsedTimeOf(curve) - plain.track.tMs.at(-1)!)).toBeLessThan(2_000);
    expect(curve.stops).toEqual([]);
  });

  it('has a stop for standing and for a stopped watch, of that length, and moves no longer for it', () => {
    for (const isPaused of [false, true]) {
      const stopped = runAlong(line, { pace: () => 3.3, stops: [{ atM: 900, durationS: 90, isPaused }] });
      const curve = ghostCurveOf(stopped.track, stopped.pauses)!;
      expect(curve.stops).toHaveLength(1);
      const [{ atM, durationMs }] = curve.stops as [GhostCurve['stops'][number]];
      expect(Math.abs(atM - 900)).toBeLessThan(8);
      expect(Math.abs(durationMs - 90_000)).toBeLessThan(4_000);
      expect(Math.abs(movingTimeOf(curve) - plain.track.tMs.at(-1)!)).toBeLessThan(4_000);
      expect(departureMsAt(curve, atM) - arrivalMsAt(curve, atM)).toBe(durationMs);
    }
  });

  it('begins and ends with running', () => {
    const stops = [
      { atM: 1, durationS: 60 },
      { atM: 3_000, durationS: 70 },
    ];
    const run = runAlong(line, { pace: (m) => (m > 3_000 ? 0.4 : 3.3), stops, untilM: 3_020 });
    const curve = ghostCurveOf(run.track, [])!;
    expect(Math.abs(curve.startOffsetMs - 60_000)).toBeLessThan(4_000);
    expect(Math.abs(lengthOf(curve) - 3_000)).toBeLessThan(40);
    expect(curve.stops).toEqual([]);
  });

  it('is none of too little, of no places, and of places that cannot be', () => {
    expect(ghostCurveOf(runAlong(line, { pace: () => 3, untilM: 30 }).track, [])).toBeNull();
    const nowhere = plain.track.latDeg.map(() => Number.NaN);
    expect(ghostCurveOf({ ...plain.track, latDeg: nowhere }, [])).toBeNull();
    const jumped = plain.track.latDeg.map((lat, at) => (at === 200 ? lat + 0.01 : lat));
    const curve = ghostCurveOf({ ...plain.track, latDeg: jumped }, [])!;
    expect(Math.abs(lengthOf(curve) / lengthOf(ghostCurveOf(plain.track, [])!) - 1)).toBeLessThan(0.005);
  });

  it('is in order, and its clocks are each other’s inverses', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (seed, share) => {
          const run = runAlong(LINES.city(random(seed)), {
            pace: hillyPace(random(seed), 3),
            stops: [{ atM: 500, durationS: 30 }],
          });
          const curve = ghostCurveOf(withNoise(run.track, noiseOf(2, random(seed)), random(seed)), [])!;
          for (const column of [curve.distanceM, curve.movingMs]) {
            for (let at = 1; at < column.length; at += 1)
              expect(column[at]!).toBeGreaterThan(column[at - 1]!);
          }
          const elapsedMs = share * elapsedTimeOf(curve);
          const alongM = distanceAtElapsed(curve, elapsedMs);
          expect(arrivalMsAt(curve, alongM)).toBeLessThanOrEqual(elapsedMs + 1);
          expect(departureMsAt(curve, alongM)).toBeGreaterThanOrEqual(elapsedMs - 1_000);
          expect(movingMsAt(curve, alongM)).toBeCloseTo(movingAtElapsed(curve, elapsedMs), 3);
        },
      ),
      { numRuns: 10 },
    );
  });
});

describe('the bytes of a curve', () => {
  const same = (curve: GhostCurve): void => {
    const bytes = encodeCurve(curve);
    const back = decodeCurve(bytes);
    expect(encodeCurve(back)).toEqual(bytes);
    curve.distanceM.forEach((m, at) => expect(Math.abs(m - back.distanceM[at]!)).toBeLessThanOrEqual(0.0051));
    curve.movingMs.forEach((ms, at) => expect(Math.abs(ms - back.movingMs[at]!)).toBeLessThanOrEqual(0.51));
    curve.route?.xM.forEach((x, at) => expect(Math.abs(x - back.route!.xM[at]!)).toBeLessThanOrEqual(0.0051));
    expect(back.stops).toHaveLength(curve.stops.length);
  };

  it('bring it back, on a route and without one', () => {
    same(ghostCurveOf(runAlong(line, { pace: () => 3, stops: [{ atM: 800, durationS: 20 }] }).track, [])!);
    same(
      splitsCurve([
        { distanceM: 1_000, paceSPerKm: 300 },
        { distanceM: 500, paceSPerKm: 280 },
      ]),
    );
    expect(encodeCurve(ghostCurveOf(plain.track, [])!).length).toBeLessThan(6_000);
  });

  it('that are none are refused, never read wrongly without a word', () => {
    const bytes = encodeCurve(constantPaceCurve(5_000, 1_500_000));
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => decodeCurve(bytes.slice(0, length))).toThrow(RangeError);
    }
    expect(() => decodeCurve(Uint8Array.from([...bytes, 0]))).toThrow(RangeError);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (any) => {
        try {
          decodeCurve(any);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});

describe('a goal', () => {
  it('is run at its pace, split by split', () => {
    const curve = splitsCurve([
      { distanceM: 1_000, paceSPerKm: 300 },
      { distanceM: 2_000, paceSPerKm: 270 },
    ]);
    expect(movingMsAt(curve, 500)).toBeCloseTo(150_000, 6);
    expect(movingTimeOf(curve)).toBeCloseTo(840_000, 6);
    expect(movingTimeOf(constantPaceCurve(10_000, 2_400_000))).toBeCloseTo(2_400_000, 6);
    expect(() => splitsCurve([])).toThrow(RangeError);
    expect(() => constantPaceCurve(0, 1)).toThrow(RangeError);
  });

  it('over hills takes the whole time, longer uphill than down', () => {
    const distanceM = Float64Array.from({ length: 21 }, (_, at) => at * 50);
    const altitudeM = distanceM.map((m) => (m <= 500 ? m * 0.06 : 60 - m * 0.06));
    const curve = hillAwareCurve({ distanceM, altitudeM, route: null }, 300_000, (grade) =>
      costOfGrade(grade),
    );
    expect(movingTimeOf(curve)).toBeCloseTo(300_000, 6);
    expect(movingMsAt(curve, 500)).toBeGreaterThan(155_000);
    const flat = hillAwareCurve(
      { distanceM, altitudeM: distanceM.map(() => 5), route: null },
      300_000,
      () => 2,
    );
    expect(movingMsAt(flat, 500)).toBeCloseTo(150_000, 6);
    expect(() => hillAwareCurve({ distanceM, altitudeM, route: null }, 1_000, () => 0)).toThrow(RangeError);
  });
});

describe('the ghost of the best sections', () => {
  it('takes each from whoever was fastest there, and is never slower than its reference', () => {
    const reference = ghostCurveOf(plain.track, [])!;
    const runs = [
      { id: 'fast first', pace: (m: number): number => (m < 1_500 ? 3.8 : 2.9) },
      { id: 'fast later', pace: (m: number): number => (m < 1_500 ? 2.8 : 3.7) },
    ].map(({ id, pace }) => ({ id, track: runAlong(line, { pace }).track, pauses: [] }));
    const { curve, sections } = compositeGhost(reference, 'reference', runs, 500);
    const ids = sections.filter(({ toM }) => toM < 1_400).map(({ sourceId }) => sourceId);
    expect(new Set(ids)).toEqual(new Set(['fast first']));
    const later = sections.filter(({ fromM }) => fromM > 1_600).map(({ sourceId }) => sourceId);
    expect(new Set(later)).toEqual(new Set(['fast later']));
    expect(sections.every(({ gainMs }) => gainMs >= 0)).toBe(true);
    const gained = sections.reduce((sum, { gainMs }) => sum + gainMs, 0);
    expect(movingTimeOf(reference) - movingTimeOf(curve)).toBeCloseTo(gained, -2);
    expect(curve.route).toBe(reference.route);
  });

  it('counts what its reference stood: whoever ran through there was faster', () => {
    const walk = { speedMps: 3.4, stop: { atM: 700, forS: 60 } };
    const reference = ghostCurveOf(courseTrack(walk), [])!;
    expect(reference.stops).toHaveLength(1);
    const other = { id: 'through', track: courseTrack({ speedMps: 3 }), pauses: [] };
    const { curve, sections } = compositeGhost(reference, 'reference', [other], 500);
    expect(sections.map(({ sourceId }) => sourceId)).toEqual([
      'reference',
      'through',
      'reference',
      'reference',
    ]);
    expect(elapsedTimeOf(curve) / 1_000).toBeCloseTo(1_500 / 3.4 + 500 / 3, -1);
  });

  it('of parts of a run takes those, and of other roads nothing', () => {
    const reference = ghostCurveOf(plain.track, [])!;
    const half = { id: 'half', track: runAlong(line, { pace: () => 4, untilM: 2_000 }).track, pauses: [] };
    const elsewhere = {
      id: 'elsewhere',
      track: runAlong(LINES.city(random(9)), { pace: () => 5 }).track,
      pauses: [],
    };
    const { sections } = compositeGhost(reference, 'reference', [half, elsewhere], 500);
    const used = new Set(sections.map(({ sourceId }) => sourceId));
    expect(used).toEqual(new Set(['half', 'reference']));
    expect(() => compositeGhost(reference, 'reference', [], 10)).toThrow(RangeError);
  });
});

(data === undefined ? describe.skip : describe)('ghosts of real runs (shared/data/gpx)', () => {
  it('are as long as their device says, to two percent, and end at the line', () => {
    const pair = ['trackeR/2013-06-08-090442.TCX.gz', 'trackeR/2013-06-15-090638.TCX.gz'];
    for (const name of pair) {
      const track = data!.track(name);
      const curve = ghostCurveOf(track, data!.pauses(name))!;
      expect(Math.abs(lengthOf(curve) / track.deviceDistanceM!.at(-1)! - 1)).toBeLessThan(0.02);
    }
    const tail = data!.track(pair[0]!);
    // The first file goes on for some 54 s behind the line.
    expect(tail.tMs.at(-1)! - elapsedTimeOf(ghostCurveOf(tail, [])!)).toBeGreaterThan(45_000);
  });

  it('come of every file, or are none', () => {
    for (const name of data!.names) {
      const curve = ghostCurveOf(data!.track(name), data!.pauses(name));
      if (curve !== null)
        expect(decodeCurve(encodeCurve(curve)).distanceM).toHaveLength(curve.distanceM.length);
    }
  });
});
