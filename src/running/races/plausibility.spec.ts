import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '../../market/simulation/random.js';
import { LINES, noiseOf, runAlong, withNoise } from '../../../test/factories/generated-tracks.js';
import { gpxData } from '../../../test/support/gpx-data.js';
import type { Pause, Track } from '../geo/track.js';
import { type Finding, judgePlausibility } from './plausibility.js';

const random = (seed: number): SeededRandom => new SeededRandom(seed, 8, 4);
const line = LINES.road(random(1));
const data = gpxData();
const judge = (track: Track, pauses: readonly Pause[] = []): Finding[] => judgePlausibility(track, pauses);
const noisy = (track: Track): Track => withNoise(track, noiseOf(3, random(2)), random(3));
const run = (pace: (m: number, tS: number) => number): Track => noisy(runAlong(line, { pace }).track);
const codes = (findings: readonly Finding[]): string[] => [...new Set(findings.map(({ code }) => code))];

describe('a run', () => {
  it('as people run is nothing to talk about', () => {
    for (const mps of [1.3, 2.5, 3.5, 5.2]) expect(judge(run((m) => mps + Math.sin(m / 80) / 5))).toEqual([]);
    expect(judge({ ...run(() => 3), length: 0 })).toEqual([]);
  });

  it('that jumps is told where and how far; one jump is a fault of the receiver', () => {
    const track = run(() => 3);
    const moved = track.latDeg.map((lat, at) => (at >= 300 ? lat + 0.003 : lat));
    const [finding] = judge({ ...track, latDeg: moved });
    expect(finding).toMatchObject({ code: 'teleport', weight: 'note', fromMs: 299_000, toMs: 300_000 });
    expect(finding!.text).toMatch(/jumps by 33\d m in 1 s/);
    const far = track.latDeg.map((lat, at) => (at >= 300 ? lat + 0.1 : lat));
    expect(judge({ ...track, latDeg: far })[0]).toMatchObject({ code: 'teleport', weight: 'impossible' });
  });

  it('that takes the bus for a while is told so', () => {
    const findings = judge(run((m) => (m > 1_000 && m < 3_000 ? 13 : 3)));
    expect(findings[0]).toMatchObject({ code: 'vehicle', weight: 'impossible' });
    expect(findings[0]!.text).toContain('the speed of a vehicle');
  });

  it('that takes it for a short while is told so, too, and not only of the minutes about it', () => {
    const findings = judge(run((m) => (m > 1_000 && m < 2_300 ? 13 : 3)));
    expect(findings[0]).toMatchObject({ code: 'vehicle', weight: 'impossible' });
    expect(codes(findings)).toContain('faster_than_records');
  });

  it('in a pause of the watch may take the bus', () => {
    const slow = runAlong(line, { pace: () => 3 });
    const from = slow.alongM.findIndex((m) => m >= 1_000);
    const latDeg = slow.track.latDeg.map((lat, at) => (at >= from ? lat + 0.05 : lat));
    const at = slow.track.tMs[from]!;
    expect(judge(noisy({ ...slow.track, latDeg }), [{ fromMs: at - 1_000, toMs: at }])).toEqual([]);
  });

  it('faster than anybody over minutes is doubted', () => {
    expect(codes(judge(run(() => 7.6)))).toEqual(['faster_than_records']);
    expect(codes(judge(run(() => 6)))).toEqual([]);
  });

  it('whose steps would be too long is doubted', () => {
    const track = run(() => 5);
    const cadenceSpm = track.tMs.map(() => 90);
    expect(codes(judge({ ...track, cadenceSpm }))).toEqual(['step_length']);
    expect(judge({ ...track, cadenceSpm: cadenceSpm.map(() => 180) })).toEqual([]);
  });

  it('that was drawn is doubted', () => {
    const straight = { name: 'straight', xM: line.xM.map((_, at) => at), yM: line.yM.map(() => 0) };
    const drawn = runAlong(straight, { pace: () => 3 });
    expect(codes(judge(drawn.track))).toEqual(['too_regular']);
    expect(judge(noisy(drawn.track))).toEqual([]);
  });
});

(data === undefined ? describe.skip : describe)('real runs (shared/data/gpx)', () => {
  it('of a runner with a good watch are nothing impossible', () => {
    for (const name of data!.names.filter((file) => file.startsWith('trackeR/'))) {
      const findings = judge(data!.track(name), data!.pauses(name));
      // One of them lost its receiver for minutes and says so in its jumps.
      const weights = new Set(findings.map(({ weight }) => weight));
      if (!name.includes('2013-06-19-175630'))
        expect([name, weights.has('impossible')]).toEqual([name, false]);
    }
  });
});
