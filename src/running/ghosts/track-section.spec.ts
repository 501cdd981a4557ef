import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Track } from '../geo/track.js';
import { sectionOf } from './track-section.js';

const trackOf = (tMs: number[]): Track => ({
  length: tMs.length,
  tMs: Float64Array.from(tMs),
  latDeg: Float64Array.from(tMs, (ms) => ms / 1e6),
  lonDeg: Float64Array.from(tMs, (ms) => -ms / 1e6),
  altitudeM: null,
  accuracyM: null,
  heartRateBpm: Float64Array.from(tMs, (ms) => 60 + (ms % 100)),
  cadenceSpm: null,
  deviceDistanceM: Float64Array.from(tMs, (ms) => ms / 300),
});
const times = fc
  .uniqueArray(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 40 })
  .map((all) => [0, ...all.filter((ms) => ms > 0)].sort((a, b) => a - b));
const moment = fc.integer({ min: -10, max: 110_000 });

describe('a section of a track', () => {
  it('is the whole from the beginning to no end', () => {
    fc.assert(
      fc.property(times, (tMs) => {
        const track = trackOf(tMs);
        expect(sectionOf(track, [{ fromMs: 1, toMs: 5 }], 0, null).track).toEqual(track);
      }),
    );
  });

  it('covers what was asked for as tightly as its points allow, and keeps every point in it', () => {
    fc.assert(
      fc.property(times, moment, moment, (tMs, one, other) => {
        const [fromMs, toMs] = [Math.min(one, other), Math.max(one, other)];
        const track = trackOf(tMs);
        const { track: cut, startMs } = sectionOf(track, [], fromMs, toMs);
        const kept = [...cut.tMs].map((ms) => ms + startMs);
        const inside = tMs.filter((ms) => ms >= fromMs && ms <= toMs);
        expect(kept).toEqual(expect.arrayContaining(inside));
        expect(kept.filter((ms) => ms < fromMs && ms !== 0).length).toBeLessThanOrEqual(1);
        expect(kept.filter((ms) => ms > toMs).length).toBeLessThanOrEqual(1);
        expect(cut.tMs[0] ?? 0).toBe(0);
        expect(cut.deviceDistanceM![0] ?? 0).toBe(0);
        kept.forEach((ms, index) => expect(cut.latDeg[index]).toBe(ms / 1e6));
      }),
    );
  });

  it('keeps the part of pauses that lies in it', () => {
    const { pauses, startMs } = sectionOf(
      trackOf([0, 1_000, 2_000, 3_000, 4_000]),
      [
        { fromMs: 0, toMs: 500 },
        { fromMs: 500, toMs: 1_500 },
        { fromMs: 2_500, toMs: 9_000 },
      ],
      1_000,
      3_000,
    );
    expect(startMs).toBe(1_000);
    expect(pauses).toEqual([
      { fromMs: 0, toMs: 500 },
      { fromMs: 1_500, toMs: 2_000 },
    ]);
  });
});
