import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bestEffortByVdot, predictRace, RACE_DISTANCES_M } from './race-predictions.js';
import { riegelTimeS } from './riegel.js';
import {
  oxygenCost,
  raceTimeS,
  speedForOxygen,
  sustainableShare,
  thresholdSpeedMps,
  vdotOf,
} from './vdot.js';

function seconds(text: string): number {
  return text.split(':').reduce((total, part) => total * 60 + Number(part), 0);
}

const distances = fc.double({ min: 800, max: 60_000, noNaN: true });
const vdots = fc.double({ min: 20, max: 90, noNaN: true });

describe('VDOT', () => {
  it('comes to the table of Daniels’ Running Formula', () => {
    const table: [number, Record<number, string>][] = [
      [30, { 5000: '30:40', 10_000: '63:46', 21_097.5: '2:21:04', 42_195: '4:49:17' }],
      [40, { 5000: '24:08', 10_000: '50:03', 21_097.5: '1:50:59', 42_195: '3:49:45' }],
      [50, { 5000: '19:57', 10_000: '41:21', 21_097.5: '1:31:35', 42_195: '3:10:49' }],
      [60, { 5000: '17:03', 10_000: '35:22', 21_097.5: '1:18:09', 42_195: '2:43:25' }],
    ];
    for (const [vdot, times] of table) {
      for (const [distanceM, text] of Object.entries(times)) {
        const timeS = raceTimeS(Number(distanceM), vdot);
        expect(Math.abs(timeS - seconds(text)) / timeS).toBeLessThan(0.002);
        expect(vdotOf(Number(distanceM), seconds(text))).toBeCloseTo(vdot, 0);
      }
    }
  });

  it('comes to what a calculator of runworks.com printed for 15 km in 67:48', () => {
    expect(vdotOf(15_000, seconds('67:48'))).toBeCloseTo(46.4, 1);
    const vdot = vdotOf(15_000, seconds('67:48'));
    const printed: [number, string][] = [
      [1500, '5:46.1'],
      [1609.344, '6:14.0'],
      [3000, '12:19.9'],
      [5000, '21:15.1'],
      [10_000, '44:03.9'],
      [21_097.5, '1:37:36.7'],
      [42_195, '3:22:58.7'],
    ];
    for (const [distanceM, text] of printed) {
      expect(Math.abs(raceTimeS(distanceM, vdot) - seconds(text)) / seconds(text)).toBeLessThan(0.001);
    }
  });

  it('and race time are each other’s inverse, and both are monotone', () => {
    fc.assert(
      fc.property(distances, vdots, (distanceM, vdot) => {
        const timeS = raceTimeS(distanceM, vdot);
        expect(vdotOf(distanceM, timeS)).toBeCloseTo(vdot, 4);
        expect(raceTimeS(distanceM, vdot + 1)).toBeLessThan(timeS);
        expect(raceTimeS(distanceM * 1.01, vdot)).toBeGreaterThan(timeS);
      }),
    );
  });

  it('rests on curves that go the way they should', () => {
    fc.assert(
      fc.property(fc.double({ min: 60, max: 400, noNaN: true }), (speed) => {
        expect(speedForOxygen(oxygenCost(speed))).toBeCloseTo(speed, 6);
      }),
    );
    expect(sustainableShare(11)).toBeCloseTo(1, 1);
    expect(sustainableShare(60)).toBeCloseTo(0.888, 2);
    expect(sustainableShare(1e4)).toBeCloseTo(0.8, 6);
    // Daniels' table: threshold pace of VDOT 50 is 4:15 per kilometre, of VDOT 60 3:40.
    expect(1000 / thresholdSpeedMps(50)).toBeCloseTo(255, -0.7);
    expect(1000 / thresholdSpeedMps(60)).toBeCloseTo(220, -0.7);
  });
});

describe('predictions', () => {
  it('by Riegel double a distance at 2^1.06 times', () => {
    expect(riegelTimeS(5000, 1200, 10_000)).toBeCloseTo(1200 * 2.0849, 0);
    expect(riegelTimeS(10_000, 2400, 10_000)).toBe(2400);
  });

  it('are ranges that hold the formulas and widen with the step', () => {
    fc.assert(
      fc.property(fc.constantFrom(...RACE_DISTANCES_M), vdots, distances, (knownM, vdot, distanceM) => {
        const effort = { distanceM: knownM, elapsedTimeS: raceTimeS(knownM, vdot) };
        const prediction = predictRace(effort, distanceM);
        for (const time of [prediction.likelyS, prediction.vdotS, prediction.riegelS]) {
          expect(time).toBeGreaterThan(prediction.fastestS);
          expect(time).toBeLessThan(prediction.slowestS);
        }
      }),
    );
    const effort = { distanceM: 5000, elapsedTimeS: 1200 };
    const widths = [5000, 10_000, 21_097.5].map((distanceM) => {
      const { fastestS, slowestS, likelyS } = predictRace(effort, distanceM);
      return (slowestS - fastestS) / likelyS;
    });
    expect(widths).toEqual([...widths].sort((a, b) => a - b));
    expect(predictRace(effort, 5000).likelyS).toBeCloseTo(1200, 4);
  });

  it('say where they guess', () => {
    const effort = { distanceM: 5000, elapsedTimeS: 1200 };
    expect(predictRace(effort, 42_195).isFarOff).toBe(true);
    expect(predictRace(effort, 10_000).isFarOff).toBe(false);
    expect(predictRace(effort, 800).isFarOff).toBe(true);
    expect(predictRace({ distanceM: 21_097.5, elapsedTimeS: 9000 }, 42_195).isFarOff).toBe(true);
  });

  it('stand on the best effort that the formulas cover', () => {
    const efforts = [
      { distanceM: 400, elapsedTimeS: 60 },
      { distanceM: 5000, elapsedTimeS: 1300 },
      { distanceM: 10_000, elapsedTimeS: 2600 },
      { distanceM: 60_000, elapsedTimeS: 15_000 },
    ];
    expect(bestEffortByVdot(efforts)?.effort.distanceM).toBe(10_000);
    expect(bestEffortByVdot(efforts.slice(0, 1))).toBeNull();
  });
});
