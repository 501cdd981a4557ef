import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LINES, noiseOf, runAlong, withNoise } from '../../../test/factories/generated-tracks.js';
import { SeededRandom } from '../../market/simulation/random.js';
import type { Track } from '../geo/track.js';
import { ghostCurveOf } from '../ghosts/ghost-curve.js';
import { GhostRace } from './ghost-race.js';
import { tellsDirection } from './motion.js';
import { officialResult } from './official-result.js';
import { PaceModes } from './pace-modes.js';
import type { RaceUpdate } from './race-update.js';

const random = (seed: number): SeededRandom => new SeededRandom(seed, 8, 41);
const pace = (): number => 3.3;

function race(curve: NonNullable<ReturnType<typeof ghostCurveOf>>, track: Track): RaceUpdate[] {
  const live = GhostRace.start({ ghosts: [{ id: 'ghost', curve }], clock: 'elapsed' });
  return Array.from({ length: track.length }, (_, index) =>
    live.take({
      tMs: track.tMs[index]!,
      latDeg: track.latDeg[index]!,
      lonDeg: track.lonDeg[index]!,
      accuracyM: null,
      speedMps: null,
    }),
  ).filter((update) => update !== null);
}

describe('standing', () => {
  it('costs what it lasts, and nothing of what was known', () => {
    const line = LINES.road(random(1));
    const curve = ghostCurveOf(runAlong(line, { pace }).track, [])!;
    for (const durationS of [15, 40, 90]) {
      const stops = [{ atM: 1_000, durationS }];
      const { track } = runAlong(line, { pace, stops, untilM: 1_500 });
      const updates = race(curve, withNoise(track, noiseOf(3, random(2)), random(durationS)));
      const gapAt = (tS: number): number => updates.find(({ tMs }) => tMs >= tS * 1_000)!.gaps[0]!.gapS!;
      const arrivalS = 1_000 / 3.3;
      const lost = gapAt(arrivalS + durationS + 30) - gapAt(arrivalS - 5);
      expect(Math.abs(lost - durationS)).toBeLessThan(2);
      const stood = updates.filter(({ tMs }) => tMs > (arrivalS + 12) * 1_000).slice(0, durationS - 12);
      const [from, to] = [stood[0]!.gaps[0]!.alongM!, stood.at(-1)!.gaps[0]!.alongM!];
      expect(to - from).toBeLessThan(3);
    }
  });

  it('about the start line is no part of the race: the clock starts when they set off', () => {
    const line = LINES.road(random(3));
    const curve = ghostCurveOf(runAlong(line, { pace }).track, [])!;
    // Some steps over the line, a wait, then the run.
    const strolled = (alongM: number, tS: number): number => (alongM < 6 && tS < 30 ? 0.3 : 3.3);
    const { track } = runAlong(line, { pace: strolled, untilM: 1_000 });
    const setOffS = 20;
    for (const sdM of [0.5, 3]) {
      const noisy = withNoise(track, noiseOf(sdM, random(4)), random(5));
      const { tMs, clockMs } = race(curve, noisy).at(-1)!;
      expect(Math.abs((tMs - clockMs!) / 1_000 - setOffS)).toBeLessThan(4);
      const { startedAtMs } = officialResult(noisy, [], curve, { clock: 'elapsed' });
      expect(Math.abs(startedAtMs! / 1_000 - setOffS)).toBeLessThan(4);
    }
  });

  it('is told from having turned: nobody is lost on switchbacks a dozen metres apart', () => {
    const { track } = runAlong(LINES.hairpins(), { pace: () => 1.2 });
    const curve = ghostCurveOf(track, [])!;
    for (let seed = 0; seed < 3; seed += 1) {
      const updates = race(curve, withNoise(track, noiseOf(5, random(seed)), random(seed + 60)));
      const states = updates.flatMap(({ changes }) => changes.map(({ to }) => to));
      expect(states).not.toContain('wrong_way');
      // One leg there and back is 220 s long.
      for (const {
        gaps: [gap],
      } of updates)
        expect(Math.abs(gap!.gapS ?? 0)).toBeLessThan(60);
    }
  });

  it('is one of the ways to move of which there are all in all one', () => {
    const shares = [...PaceModes.usual];
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(Math.min(...shares)).toBeGreaterThan(0);
  });
});

describe('a direction', () => {
  it('is told by a long way, and never by one that the receiver may have made up', () => {
    const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    fc.assert(
      fc.property(number(0.1, 10), number(1, 60), number(0.5, 20), (speedMps, lastsS, sdM) => {
        const motion = (mps: number) => ({ eastMps: mps, northMps: 0, speedMps: mps, lastsS });
        const noise = { sdM, correlationS: 30, whiteM: 0.5, asideM: 1 };
        const tells = tellsDirection(motion(speedMps), noise);
        if (tells) expect(tellsDirection(motion(2 * speedMps), noise)).toBe(true);
        if (tells) expect(tellsDirection(motion(speedMps), { ...noise, sdM: sdM / 2 })).toBe(true);
        if (speedMps * lastsS < sdM * Math.sqrt(1 - Math.exp(-lastsS / 30))) expect(tells).toBe(false);
      }),
    );
  });
});
