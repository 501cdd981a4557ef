import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gapToRival, LiveRival } from './live-rival.js';

const runner = (speedMps: number, fromS: number, untilS: number): LiveRival => {
  const rival = new LiveRival();
  for (let tS = fromS; tS <= untilS; tS += 1) rival.advance(tS * 1000, (tS - fromS) * speedMps);
  return rival;
};

describe('a rival who is still running', () => {
  it('is as far ahead as their time at my place, and behind as mine at theirs', () => {
    const [ahead, behind] = [runner(4, 0, 100), runner(4, 10, 100)];
    expect(gapToRival(behind, ahead, 100_000).gapS).toBeCloseTo(10, 1);
    expect(gapToRival(ahead, behind, 100_000).gapS).toBeCloseTo(-10, 1);
    expect(gapToRival(behind, ahead, 100_000).gapM).toBeCloseTo(40, 6);
  });

  it('sees the gap that is seen of them, with the other sign', () => {
    const speeds = fc.array(fc.double({ min: 0, max: 6, noNaN: true }), { minLength: 30, maxLength: 60 });
    fc.assert(
      fc.property(speeds, speeds, (mine, theirs) => {
        const [a, b] = [mine, theirs].map((each) => {
          const rival = new LiveRival();
          each.reduce((alongM, speed, second) => {
            rival.advance(second * 1000, alongM + speed);
            return alongM + speed;
          }, 0);
          return rival;
        });
        const [there, back] = [gapToRival(a!, b!, 29_000), gapToRival(b!, a!, 29_000)];
        expect(there.gapS! + back.gapS!).toBeCloseTo(0, 9);
        expect(there.gapM! + back.gapM!).toBeCloseTo(0, 9);
        if (Math.abs(there.gapM!) > 1e-9)
          expect(Math.sign(there.gapS!) * Math.sign(there.gapM!)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('runs on for a moment when nothing is heard, and then is stale', () => {
    const [mine, silent] = [runner(3, 0, 60), runner(3, 0, 40)];
    expect(silent.alongAt(45_000)).toBeCloseTo(135, 0);
    expect(silent.alongAt(60_000)).toBeCloseTo(150, 0);
    expect(gapToRival(mine, silent, 50_000).isStale).toBe(false);
    expect(gapToRival(mine, silent, 60_000).isStale).toBe(true);
    expect(gapToRival(mine, new LiveRival(), 60_000)).toEqual({ gapS: null, gapM: null, isStale: true });
  });

  it('comes back from a snapshot, and takes no word from the past', () => {
    const rival = runner(3.2, 0, 500);
    const restored = LiveRival.restore(JSON.parse(JSON.stringify(rival.snapshot())));
    for (const clockMs of [0, 12_345, 400_000, 503_000])
      expect(restored.alongAt(clockMs)).toBe(rival.alongAt(clockMs));
    rival.advance(100_000, 9_999);
    expect(rival.alongAt(500_000)).toBeCloseTo(1_600, 6);
  });
});
