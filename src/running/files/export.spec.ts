import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import FitParser from 'fit-file-parser';
import { gpxData } from '../../../test/support/gpx-data.js';
import { distanceCurveOf } from '../analysis/distance-curve.js';
import type { LapMark, Pause, Track } from '../geo/track.js';
import { asStored } from '../runs/track-codec.js';
import { readActivities } from './activity-file.reader.js';
import { cleanTrack } from './clean-track.js';
import { type ExportFormat, type ExportRun, escapeXml, segmentsOf } from './export-run.js';
import { fitFileOf, fitPiecesOf } from './fit.writer.js';
import { gpxOf } from './gpx-export.js';
import type { ParsedActivity } from './parsed-activity.js';
import { tcxOf } from './tcx-export.js';

function bytesOf(run: ExportRun, format: ExportFormat): Uint8Array {
  if (format === 'fit') return fitFileOf([...fitPiecesOf(run)]);
  return Buffer.from([...(format === 'gpx' ? gpxOf(run) : tcxOf(run))].join(''));
}

function back(run: ExportRun, format: ExportFormat): ParsedActivity {
  const { activities } = readActivities(bytesOf(run, format));
  expect(activities).toHaveLength(1);
  return activities[0]!;
}

function exportOf(
  track: Track,
  pauses: readonly Pause[],
  laps: readonly LapMark[],
  more: Partial<ExportRun> = {},
): ExportRun {
  const { distanceM } = distanceCurveOf(track, pauses);
  return {
    startedAtMs: 1_714_543_200_000,
    sport: 'run',
    name: null,
    notes: null,
    track,
    pauses,
    laps,
    distanceM,
    caloriesKcal: null,
    ...more,
  };
}

/** Every value of one column beside that of the other, where either has one. */
function expectClose(ours: Float64Array | null, theirs: Float64Array | null, within: number): void {
  const told = (column: Float64Array | null): boolean =>
    column?.some((value) => !Number.isNaN(value)) ?? false;
  expect(told(theirs)).toBe(told(ours));
  if (!told(ours)) return;
  expect(theirs).toHaveLength(ours!.length);
  for (let at = 0; at < ours!.length; at += 1) {
    if (Number.isNaN(ours![at]!)) expect(theirs![at]).toBeNaN();
    else expect(Math.abs(theirs![at]! - ours![at]!)).toBeLessThanOrEqual(within);
  }
}

/** A run whose pauses go from point to point, as imported ones do, and whose laps end at points. */
const runs: fc.Arbitrary<ExportRun> = fc
  .record({
    steps: fc.array(
      fc.record({
        seconds: fc.integer({ min: 1, max: 9 }),
        lat: fc.integer({ min: -40, max: 40 }),
        lon: fc.integer({ min: -40, max: 40 }),
        heart: fc.integer({ min: 40, max: 200 }),
        steps: fc.integer({ min: 0, max: 110 }),
        isPause: fc.nat(9),
        isLap: fc.nat(9),
      }),
      { minLength: 4, maxLength: 60 },
    ),
    latDeg: fc.integer({ min: -89, max: 89 }),
    lonDeg: fc.integer({ min: -180, max: 179 }),
    name: fc.constantFrom(null, 'Lap & "more" <tags>', 'Über 🏃 alles'),
    notes: fc.constantFrom(null, 'a\nb ]]> c'),
    hasDistance: fc.boolean(),
  })
  .map(({ steps, latDeg, lonDeg, name, notes, hasDistance }) => {
    const at = (of: (step: (typeof steps)[number], index: number) => number): Float64Array =>
      Float64Array.from(steps, of);
    let ms = 0;
    const tMs = at(({ seconds }, index) => (ms += index === 0 ? 0 : seconds * 1_000));
    let metres = 0;
    const track = asStored({
      length: steps.length,
      tMs,
      latDeg: at(
        (_step, index) => latDeg + steps.slice(0, index + 1).reduce((sum, { lat }) => sum + lat * 1e-6, 0),
      ),
      lonDeg: at(
        (_step, index) =>
          lonDeg + 0.5 + steps.slice(0, index + 1).reduce((sum, { lon }) => sum + lon * 1e-6, 0),
      ),
      altitudeM: at(({ lat }) => 200 + lat),
      accuracyM: null,
      heartRateBpm: at(({ heart }) => heart),
      cadenceSpm: at((step) => step.steps * 2),
      deviceDistanceM: hasDistance ? at(({ seconds }) => (metres += seconds * 3)) : null,
    });
    const pauses = steps.flatMap(({ isPause, seconds }, index) =>
      index > 0 && isPause === 0 && seconds >= 2 ? [{ fromMs: tMs[index - 1]!, toMs: tMs[index]! }] : [],
    );
    const laps = steps.flatMap(({ isLap }, index): LapMark[] =>
      index > 0 && isLap === 0 ? [{ endMs: tMs[index]!, distanceM: 100, trigger: 'distance' }] : [],
    );
    return exportOf(track, joined(pauses), laps, { name, notes });
  });

/** As readers put pauses that touch together. */
function joined(pauses: readonly Pause[]): Pause[] {
  const all: Pause[] = [];
  for (const pause of pauses) {
    if (all.at(-1)?.toMs === pause.fromMs)
      all[all.length - 1] = { fromMs: all.at(-1)!.fromMs, toMs: pause.toMs };
    else all.push(pause);
  }
  return all;
}

/** Of points that lie within pauses nothing is told by segments: a run without such. */
const withoutInner = runs.map((run): ExportRun => {
  const inner = (ms: number): boolean => run.pauses.some(({ fromMs, toMs }) => fromMs < ms && ms < toMs);
  const keep = [...run.track.tMs.keys()].filter((at) => !inner(run.track.tMs[at]!));
  const pick = (column: Float64Array): Float64Array => Float64Array.from(keep, (at) => column[at]!);
  const maybe = (column: Float64Array | null): Float64Array | null => column && pick(column);
  const { track } = run;
  return {
    ...run,
    distanceM: pick(Float64Array.from(run.distanceM)),
    laps: run.laps.filter(({ endMs }) => !inner(endMs)),
    track: {
      length: keep.length,
      tMs: pick(track.tMs),
      latDeg: pick(track.latDeg),
      lonDeg: pick(track.lonDeg),
      altitudeM: maybe(track.altitudeM),
      accuracyM: null,
      heartRateBpm: maybe(track.heartRateBpm),
      cadenceSpm: maybe(track.cadenceSpm),
      deviceDistanceM: maybe(track.deviceDistanceM),
    },
  };
});

describe('a run that was written and is read again', () => {
  it.each<[ExportFormat, number]>([
    ['gpx', 1e-9],
    ['tcx', 1e-9],
    ['fit', 1e-7],
  ])('as %s is the same run', (format, degrees) => {
    fc.assert(
      fc.property(withoutInner, (run) => {
        const read = back(run, format);
        expect(read.startedAtMs).toBe(run.startedAtMs);
        expect(read.sport).toBe('run');
        expect([...read.track.tMs]).toEqual([...run.track.tMs]);
        expectClose(run.track.latDeg, read.track.latDeg, degrees);
        expectClose(run.track.lonDeg, read.track.lonDeg, degrees);
        expectClose(run.track.altitudeM, read.track.altitudeM, 0.101);
        expectClose(run.track.heartRateBpm, read.track.heartRateBpm, 0);
        expectClose(run.track.cadenceSpm, read.track.cadenceSpm, 0);
        expectClose(run.track.deviceDistanceM, read.track.deviceDistanceM, 0.051);
        expect(read.pauses).toEqual(run.pauses);
        if (format === 'gpx') expect([read.name, read.notes]).toEqual([run.name, run.notes]);
        if (format === 'tcx') expect(read.notes).toBe(run.notes);
        if (format !== 'gpx') expect(read.laps.slice(0, run.laps.length)).toEqual(run.laps);
      }),
      { numRuns: 150 },
    );
  });

  it('keeps points without a place in TCX and FIT, and points within pauses in FIT', () => {
    const column = (of: (at: number) => number): Float64Array =>
      Float64Array.from({ length: 6 }, (_, at) => of(at));
    const track: Track = {
      ...{
        length: 6,
        tMs: column((at) => at * 10_000),
        latDeg: column((at) => (at === 1 ? Number.NaN : 48 + at * 1e-4)),
      },
      ...{
        lonDeg: column((at) => (at === 1 ? Number.NaN : 16)),
        altitudeM: null,
        accuracyM: column(() => 5),
      },
      ...{ heartRateBpm: column((at) => 100 + at), cadenceSpm: column(() => 171), deviceDistanceM: null },
    };
    const run = exportOf(track, [{ fromMs: 25_000, toMs: 35_000 }], []);
    expect(back(run, 'gpx').track.length).toBe(4);
    expect([...back(run, 'tcx').track.heartRateBpm!]).toEqual([100, 101, 102, 104, 105]);
    const fit = back(run, 'fit');
    expect([...fit.track.heartRateBpm!]).toEqual([100, 101, 102, 103, 104, 105]);
    expect(fit.pauses).toEqual([{ fromMs: 25_000, toMs: 35_000 }]);
    expect(fit.track.cadenceSpm![0]).toBe(171);
    expect(fit.track.accuracyM![0]).toBe(5);
  });

  it('is read by fit-file-parser as well', async () => {
    const run = exportOf(
      {
        ...{
          length: 3,
          tMs: Float64Array.of(0, 1_000, 2_000),
          latDeg: Float64Array.of(48, 48.0001, 48.0002),
        },
        ...{
          lonDeg: Float64Array.of(16, 16, 16),
          altitudeM: null,
          accuracyM: null,
          heartRateBpm: null,
          cadenceSpm: null,
          deviceDistanceM: null,
        },
      },
      [],
      [],
    );
    const parsed = await new FitParser({ force: false }).parseAsync(Buffer.from(bytesOf(run, 'fit')));
    expect(parsed.records).toHaveLength(3);
    expect(parsed.sessions![0]).toMatchObject({ sport: 'running', total_elapsed_time: 2 });
  });
});

describe('segments', () => {
  it('hold every point outside of pauses once, in order, and never reach over a pause', () => {
    const pause = fc
      .tuple(fc.nat(100), fc.nat(30))
      .map(([from, lasts]): Pause => ({ fromMs: from, toMs: from + lasts }));
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(100), { minLength: 1 }),
        fc.array(pause, { maxLength: 5 }),
        (times, all) => {
          const pauses = all.reduce<Pause[]>(
            (kept, one) =>
              kept.some((other) => one.fromMs <= other.toMs && other.fromMs <= one.toMs)
                ? kept
                : [...kept, one],
            [],
          );
          const tMs = Float64Array.from(times).sort();
          const track = { tMs, length: tMs.length } as Track;
          const segments = segmentsOf(track, pauses);
          const held = segments.flatMap(([first, last]) => [...tMs.subarray(first, last + 1)]);
          const within = (ms: number): boolean => pauses.some(({ fromMs, toMs }) => fromMs < ms && ms < toMs);
          expect(held).toEqual([...tMs].filter((ms) => !within(ms)));
          for (const [first, last] of segments)
            for (const { fromMs, toMs } of pauses.filter((one) => one.toMs > one.fromMs))
              expect(toMs <= tMs[first]! || fromMs >= tMs[last]!).toBe(true);
        },
      ),
    );
  });
});

it('text of any kind stays well-formed XML', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (name) => {
      const run = exportOf(
        {
          ...{
            length: 2,
            tMs: Float64Array.of(0, 1_000),
            latDeg: Float64Array.of(1, 1),
            lonDeg: Float64Array.of(1, 1),
          },
          ...{
            altitudeM: null,
            accuracyM: null,
            heartRateBpm: null,
            cadenceSpm: null,
            deviceDistanceM: null,
          },
        },
        [],
        [],
        { name, notes: name },
      );
      expect(back(run, 'gpx').track.length).toBe(2);
      expect(escapeXml(name)).not.toMatch(/[<>"\0]/);
    }),
  );
});

const real = gpxData();
(real ? it.each : it.skip.each)(['gpx', 'tcx', 'fit'] as const)(
  'real runs come back from %s with their sums',
  (format) => {
    for (const name of [
      'trackeR/2013-06-19-175630.TCX.gz',
      'trackeR/2013-06-24-151957.TCX.gz',
      'fit/sportslib_2067489619.fit',
    ]) {
      const activity = readActivities(real!.bytes(name)).activities[0]!;
      const clean = cleanTrack(activity);
      const run = exportOf(asStored(clean.track), clean.pauses, activity.laps, {
        startedAtMs: activity.startedAtMs,
      });
      const read = back(run, format);
      expect(read.pauses).toEqual(clean.pauses);
      // The last point of the FIT file has no place, which GPX cannot hold.
      const ratio =
        distanceCurveOf(read.track, read.pauses).totalM / distanceCurveOf(run.track, run.pauses).totalM;
      expect(Math.abs(ratio - 1)).toBeLessThan(0.003);
      if (format !== 'gpx') expect(read.laps.length).toBe(activity.laps.length);
    }
  },
);
