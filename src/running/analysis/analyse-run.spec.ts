import { describe, expect, it } from '@jest/globals';
import { gpxData } from '../../../test/support/gpx-data.js';
import { makeTrack, steadyTrack } from '../../../test/support/tracks.js';
import { finished } from '../geo/portions.js';
import type { Pause, Track } from '../geo/track.js';
import { analyseRun, type RunAnalysis } from './analyse-run.js';

const real = gpxData();
const withReal = real === undefined ? it.skip : it;
const analysisOf = (track: Track, pauses: readonly Pause[]): RunAnalysis =>
  finished(analyseRun(track, pauses));

describe('a run’s analysis', () => {
  it('of nothing is empty, and of a run without places or sensors says nothing of them', () => {
    const nothing = {
      distanceBasis: 'none',
      splits: { km: [], mi: [] },
      bestEfforts: [],
      gradeAdjustedPaceSPerKm: null,
      normalisedSpeedMps: null,
      heartRate: null,
      steadyState: null,
      decouplingPct: null,
      strideLengthM: null,
    };
    expect(analysisOf(makeTrack([]), [])).toMatchObject({ ...nothing, activeTimeS: 0 });
    const treadmill = steadyTrack(1800, 3);
    treadmill.latDeg.fill(Number.NaN);
    expect(analysisOf(treadmill, [{ fromMs: 0, toMs: 300_000 }])).toMatchObject({
      ...nothing,
      activeTimeS: 1500,
    });
  });

  it('of an even run on level ground is that pace by every measure', () => {
    const analysis = analysisOf(
      steadyTrack(1800, 3, () => ({ altitudeM: 300, heartRateBpm: 150, cadenceSpm: 180 })),
      [],
    );
    expect(analysis.gradeAdjustedPaceSPerKm).toBeCloseTo(1000 / 3, 0);
    expect(analysis.energyAdjustedPaceSPerKm).toBeCloseTo(1000 / 3, 0);
    expect(analysis.normalisedSpeedMps).toBeCloseTo(3, 2);
    expect(analysis.steadyState?.speedMps).toBeCloseTo(3, 2);
    expect(analysis.decouplingPct).toBeCloseTo(0, 1);
    expect(analysis.strideLengthM).toBeCloseTo(1, 2);
    expect(analysis.bestEfforts.map(({ distanceM }) => distanceM)).toEqual([400, 800, 1000, 1609.344, 5000]);
  });

  withReal('of every real run is whole: no NaN anywhere (shared/data/gpx)', () => {
    for (const name of [
      'trackeR/2013-06-19-175630.TCX.gz',
      'sports-lib/src_specs_fixtures_runs_tcx_6860622783.tcx.gz',
    ]) {
      const analysis = analysisOf(real!.track(name), []);
      expect(
        JSON.stringify(analysis, (_, value: unknown) => (Number.isNaN(value) ? 'NaN' : value)),
      ).not.toContain('NaN');
      expect(analysis.splits.km.length).toBeGreaterThan(1);
    }
  });
});
