import { describe, expect, it } from '@jest/globals';
import { gpxData } from '../../../test/support/gpx-data.js';
import type { FileReading } from './activity-collector.js';
import { readActivities } from './activity-file.reader.js';
import { type CleanActivity, cleanTrack } from './clean-track.js';
import { ImportRefusal } from './import-refusal.js';
import type { ParsedActivity } from './parsed-activity.js';
import { stretchFigures } from './stretch-figures.js';

// Every file of shared/data/gpx by name, and what comes out of it: the sport, points of different moments, time from start to end, metres by the
// places that are believed (pauses left out) and by the device, pauses that the file or its silences tell, laps.
const OUTCOMES: Readonly<Record<string, readonly string[]>> = {
  'trackeR/2013-06-01-183220.TCX.gz': ['run, 3867 points, 3931 s, 14128 m (device 14134), 1 pauses, 15 laps'],
  'trackeR/2013-06-02-072348.TCX.gz': ['run, 2668 points, 2754 s, 9478 m (device 9456), 4 pauses, 10 laps'],
  'trackeR/2013-06-03-184846.TCX.gz': ['run, 2341 points, 2395 s, 9458 m (device 9426), 1 pauses, 10 laps'],
  'trackeR/2013-06-04-174137.TCX.gz': ['run, 4765 points, 4764 s, 19696 m (device 19203), 0 pauses, 20 laps'],
  'trackeR/2013-06-05-062419.TCX.gz': ['run, 2324 points, 2325 s, 8394 m (device 8373), 1 pauses, 9 laps'],
  'trackeR/2013-06-06-124422.TCX.gz': ['run, 3496 points, 3688 s, 14046 m (device 14008), 2 pauses, 14 laps'],
  'trackeR/2013-06-08-090442.TCX.gz': ['run, 1186 points, 1185 s, 5031 m (device 5048), 0 pauses, 6 laps'],
  'trackeR/2013-06-09-165756.TCX.gz': ['run, 5668 points, 5674 s, 21753 m (device 21547), 1 pauses, 22 laps'],
  'trackeR/2013-06-11-181035.TCX.gz': ['run, 2392 points, 2391 s, 9342 m (device 9319), 0 pauses, 10 laps'],
  'trackeR/2013-06-12-182257.TCX.gz': ['run, 3647 points, 3646 s, 14078 m (device 14011), 0 pauses, 14 laps'],
  'trackeR/2013-06-14-095723.TCX.gz': ['run, 589 points, 588 s, 2202 m (device 2206), 0 pauses, 3 laps'],
  'trackeR/2013-06-14-100911.TCX.gz': ['run, 2426 points, 2425 s, 10021 m (device 10014), 0 pauses, 10 laps'],
  'trackeR/2013-06-14-105252.TCX.gz': ['run, 318 points, 317 s, 912 m (device 908), 0 pauses, 1 laps'],
  'trackeR/2013-06-15-084005.TCX.gz': ['run, 645 points, 644 s, 2497 m (device 2507), 0 pauses, 3 laps'],
  'trackeR/2013-06-15-090638.TCX.gz': ['run, 1126 points, 1125 s, 5003 m (device 5014), 0 pauses, 5 laps'],
  'trackeR/2013-06-16-124414.TCX.gz': ['run, 4564 points, 4563 s, 18792 m (device 18697), 0 pauses, 19 laps'],
  'trackeR/2013-06-19-174449.TCX.gz': ['run, 632 points, 684 s, 1803 m (device 1797), 1 pauses, 2 laps'],
  'trackeR/2013-06-19-175630.TCX.gz': ['run, 327 points, 1821 s, 1959 m (device 2012), 9 pauses, 2 laps'],
  'trackeR/2013-06-19-183041.TCX.gz': ['run, 197 points, 196 s, 928 m (device 933), 0 pauses, 1 laps'],
  'trackeR/2013-06-20-180628.TCX.gz': ['run, 2040 points, 2039 s, 8562 m (device 8550), 0 pauses, 9 laps'],
  'trackeR/2013-06-21-174510.TCX.gz': ['run, 1444 points, 1443 s, 5806 m (device 5772), 0 pauses, 6 laps'],
  'trackeR/2013-06-22-150811.TCX.gz': ['run, 1452 points, 1451 s, 6037 m (device 6022), 0 pauses, 6 laps'],
  'trackeR/2013-06-23-080959.TCX.gz': ['run, 713 points, 712 s, 2797 m (device 2796), 0 pauses, 3 laps'],
  'trackeR/2013-06-24-151957.TCX.gz': ['run, 2990 points, 3069 s, 11237 m (device 11202), 2 pauses, 12 laps'],
  'trackeR/20170708-154835-Run.gpx.gz': ['run, 5104 points, 5234 s, 14765 m (device 0), 3 pauses, 0 laps'],
  'sports-lib/samples_gpx_movescount.gpx.gz': [
    'run, 1592 points, 6548 s, 12009 m (device 12052), 11 pauses, 0 laps',
  ],
  'sports-lib/samples_gpx_sports-tracker.gpx.gz': [
    'run, 1602 points, 6582 s, 12030 m (device 0), 12 pauses, 0 laps',
  ],
  'sports-lib/samples_tcx_garmin.tcx.gz': [
    'run, 5059 points, 5183 s, 11603 m (device 11087), 2 pauses, 12 laps',
  ],
  'sports-lib/samples_tcx_unknown_example.tcx.gz': [
    'run, 745 points, 1730 s, 4983 m (device 0), 4 pauses, 27 laps',
  ],
  'sports-lib/src_specs_fixtures_runs_gpx_1681613317.gpx.gz': [
    'run, 1038 points, 1958 s, 4589 m (device 0), 0 pauses, 0 laps',
  ],
  'sports-lib/src_specs_fixtures_runs_gpx_2067489619.gpx.gz': [
    'run, 502 points, 2818 s, 4375 m (device 0), 4 pauses, 0 laps',
  ],
  'sports-lib/src_specs_fixtures_runs_gpx_6037744996.gpx.gz': [
    'run, 4040 points, 4039 s, 5103 m (device 0), 0 pauses, 0 laps',
  ],
  'sports-lib/src_specs_fixtures_runs_tcx_1604524853.tcx.gz': [
    'run, 1495 points, 4070 s, 6009 m (device 6107), 13 pauses, 1 laps',
  ],
  'sports-lib/src_specs_fixtures_runs_tcx_6860622783.tcx.gz': [
    'run, 3101 points, 3763 s, 0 m (device 10630), 3 pauses, 1 laps',
  ],
  'fit/fitparse_activity-small-fenix2-run.fit': [
    'run, 2809 points, 2833 s, 8938 m (device 9007), 0 pauses, 4 laps',
  ],
  'fit/fitparse_activity-unexpected-eof.fit': ['refused: truncated'],
  'fit/fitparse_compressed-speed-distance.fit': [
    'run, 755 points, 3880 s, 0 m (device 10249), 1 pauses, 11 laps',
  ],
  'fit/fitparse_developer-types-sample.fit': [
    'run, 3424 points, 3423 s, 6780 m (device 6754), 0 pauses, 1 laps',
  ],
  'fit/fitparse_garmin-fenix-5-run.fit': ['run, 21 points, 57 s, 161 m (device 158), 0 pauses, 1 laps'],
  'fit/sdk_Activity.fit': ['other, 3601 points, 3600 s, 3596 m (device 3600), 0 pauses, 1 laps'],
  'fit/sdk_activity_lowbattery.fit': ['ride, 3976 points, 3975 s, 0 m (device 28157), 0 pauses, 4 laps'],
  'fit/sdk_activity_truncated.fit': ['walk, 14 points, 13 s, 0 m (device 6), 0 pauses, 0 laps'],
  'fit/sportslib_2067489619.fit': ['run, 503 points, 2825 s, 4369 m (device 4489), 5 pauses, 3 laps'],
  'fit/sportslib_6909950168-no-pause-records.fit': [
    'run, 2163 points, 2196 s, 6476 m (device 6458), 2 pauses, 7 laps',
  ],
  'fit/sportslib_6909950168.fit': ['run, 2197 points, 2196 s, 6476 m (device 6458), 2 pauses, 7 laps'],
  'gpxpy/cerknicko-jezero.gpx': [
    'walk, 173 points, 2469 s, 1816 m (device 0), 10 pauses, 0 laps',
    'ride, 52 points, 155 s, 858 m (device 0), 1 pauses, 0 laps',
    'walk, 2 points, 21 s, 30 m (device 0), 0 pauses, 0 laps',
    'run, 44 points, 288 s, 638 m (device 0), 2 pauses, 0 laps',
    'run, 2 points, 201 s, 32 m (device 0), 0 pauses, 0 laps',
    'run, 2 points, 13 s, 29 m (device 0), 0 pauses, 0 laps',
    'walk, 21 points, 1092 s, 255 m (device 0), 4 pauses, 0 laps',
  ],
  'gpxpy/first_and_last_elevation.gpx': ['run, 9 points, 7200 s, 25554 m (device 0), 0 pauses, 0 laps'],
  'gpxpy/gpx1.0_with_all_fields.gpx': ['refused: too-few-points'],
  'gpxpy/gpx1.1_with_all_fields.gpx': ['refused: too-few-points'],
  'gpxpy/korita-zbevnica.gpx': [
    'walk, 176 points, 4552 s, 2021 m (device 0), 13 pauses, 0 laps',
    'walk, 337 points, 8541 s, 3788 m (device 0), 20 pauses, 0 laps',
    'refused: no-times',
  ],
  'gpxpy/track-with-empty-segment.gpx': ['run, 9 points, 76 s, 86 m (device 0), 0 pauses, 0 laps'],
  'gpxpy/track-with-extremes.gpx': ['refused: no-times'],
  'gpxpy/track-with-less-sec-time.gpx': ['run, 2 points, 1 s, 2 m (device 0), 0 pauses, 0 laps'],
  'gpxpy/unicode_with_bom.gpx': ['refused: no-track'],
  'firefly/broken1.gpx.gz': ['run, 3497 points, 13743 s, 26914 m (device 0), 18 pauses, 0 laps'],
  'firefly/broken3.gpx.gz': ['run, 3675 points, 12170 s, 33527 m (device 0), 3 pauses, 0 laps'],
  'firefly/dead_end.tcx': ['refused: times-repeated'],
  'firefly/walking_activity_1.tcx.gz': ['walk, 660 points, 4495 s, 3918 m (device 3989), 8 pauses, 4 laps'],
};

const real = gpxData();
const describeReal = real ? describe : describe.skip;

const readings = new Map<string, FileReading>();

/** Each file is read once. */
function read(name: string): FileReading {
  const reading = readings.get(name) ?? readActivities(real!.bytes(name));
  readings.set(name, reading);
  return reading;
}

function outcomesOf(name: string): string[] {
  try {
    const { activities, refused } = read(name);
    const told = activities.map((activity) => tellOf(activity, cleanTrack(activity)));
    return [...told, ...refused.map(({ refusal }) => `refused: ${refusal.code}`)];
  } catch (error) {
    if (error instanceof ImportRefusal) return [`refused: ${error.code}`];
    throw error;
  }
}

function tellOf({ sport, laps }: ParsedActivity, { track, pauses }: CleanActivity): string {
  const device = track.deviceDistanceM?.findLast((value) => !Number.isNaN(value)) ?? 0;
  const seconds = Math.round(track.tMs.at(-1)! / 1_000);
  const metres = `${Math.round(runM({ track, pauses }))} m (device ${Math.round(device)})`;
  return `${sport}, ${track.length} points, ${seconds} s, ${metres}, ${pauses.length} pauses, ${laps.length} laps`;
}

function runM({ track, pauses }: Pick<CleanActivity, 'track' | 'pauses'>): number {
  const isStop = (before: number, after: number): boolean =>
    pauses.some(({ fromMs, toMs }) => fromMs < track.tMs[after]! && toMs > track.tMs[before]!);
  return stretchFigures(track, 0, track.length - 1, undefined, isStop).distanceM;
}

function one(name: string): ParsedActivity {
  return read(name).activities[0]!;
}

describeReal('the files of shared/data/gpx', () => {
  it.each(Object.entries(OUTCOMES))('%s', (name, expected) => {
    expect(outcomesOf(name)).toEqual(expected);
  });

  it('lists all of them', () => {
    expect([...real!.names, ...real!.fitNames].sort()).toEqual(Object.keys(OUTCOMES).sort());
  });
});

describeReal('what is known of real runs', () => {
  it('2013-06-19-175630: 3.66 km between its points become the 2.01 km of the device, by the stops that its tracks tell', () => {
    const activity = one('trackeR/2013-06-19-175630.TCX.gz');
    const everything = stretchFigures(activity.track, 0, activity.track.length - 1).distanceM;
    expect(everything).toBeGreaterThan(3_600);
    const clean = cleanTrack(activity);
    expect(clean.pauses).toHaveLength(9);
    expect(Math.abs(runM(clean) - activity.deviceTotals.distanceM!)).toBeLessThan(60);
  });

  it.each(Object.keys(OUTCOMES).filter((name) => name.startsWith('trackeR/2013')))(
    '%s: time outside of pauses is what the watch measured, and no step is faster than a runner',
    (name) => {
      const activity = one(name);
      const { track, pauses } = cleanTrack(activity);
      const paused = pauses.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
      expect(Math.abs((track.tMs.at(-1)! - paused) / 1_000 - activity.deviceTotals.timerTimeS!)).toBeLessThan(
        3,
      );
      expect(stretchFigures(track, 0, track.length - 1).maxSpeedMps).toBeLessThanOrEqual(9.01);
      // The device's own distance is of a foot pod, the places are of the receiver: they differ by what is usual for such.
      const ratio = runM({ track, pauses }) / activity.deviceTotals.distanceM!;
      expect(Math.abs(ratio - 1)).toBeLessThan(0.03);
    },
  );

  it('two recordings of one run come to the same: fixes that Sports Tracker wrote late stand at their own times', () => {
    const suunto = cleanTrack(one('sports-lib/samples_gpx_movescount.gpx.gz'));
    const phone = cleanTrack(one('sports-lib/samples_gpx_sports-tracker.gpx.gz'));
    expect(runM(suunto) / runM(phone)).toBeCloseTo(1, 2);
    expect(Math.abs(suunto.pauses.length - phone.pauses.length)).toBeLessThanOrEqual(1);
  });

  it('the same activity as FIT and as GPX is the same run', () => {
    const fit = one('fit/sportslib_2067489619.fit');
    const gpx = one('sports-lib/src_specs_fixtures_runs_gpx_2067489619.gpx.gz');
    expect(fit.startedAtMs).toBe(gpx.startedAtMs);
    expect([...fit.track.heartRateBpm!.subarray(0, 500)]).toEqual([
      ...gpx.track.heartRateBpm!.subarray(0, 500),
    ]);
    for (let at = 0; at < 500; at += 1)
      expect(Math.abs(fit.track.latDeg[at]! - gpx.track.latDeg[at]!)).toBeLessThan(1e-7);
  });

  it('a clock that was never set takes the date that the watch tells at the end', () => {
    const activity = one('fit/fitparse_compressed-speed-distance.fit');
    expect(new Date(activity.startedAtMs).toISOString().slice(0, 10)).toBe('2012-02-13');
    expect(activity.track.deviceDistanceM!.at(-1)).toBeCloseTo(activity.deviceTotals.distanceM!, 0);
  });

  it('a file with an unbound prefix is read by the names behind it', () => {
    const activity = one('sports-lib/src_specs_fixtures_runs_gpx_6037744996.gpx.gz');
    expect(activity.track.cadenceSpm![0]).toBe(86);
    expect(activity.name).toBe('Stage O Vercors : Pose proba');
  });
});
