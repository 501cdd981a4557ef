import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Track } from '../geo/track.js';
import { ColumnReader, ColumnWriter, toStep } from './packed-columns.js';
import { asStored, decodeTrack, encodeTrack } from './track-codec.js';

/** A figure, or none. */
const told = (min: number, max: number): fc.Arbitrary<number> =>
  fc.oneof({ weight: 5, arbitrary: fc.double({ min, max, noNaN: true }) }, fc.constant(Number.NaN));

const column = (length: number, values: fc.Arbitrary<number>): fc.Arbitrary<Float64Array> =>
  fc.array(values, { minLength: length, maxLength: length }).map((list) => Float64Array.from(list));

const tracks: fc.Arbitrary<Track> = fc.nat({ max: 60 }).chain((length) => {
  const maybe = (values: fc.Arbitrary<number>): fc.Arbitrary<Float64Array | null> =>
    fc.option(column(length, values));
  return fc.record({
    length: fc.constant(length),
    tMs: fc
      .uniqueArray(fc.integer({ min: -1e6, max: 1e12 }), { minLength: length, maxLength: length })
      .map((times) => Float64Array.from(times).sort()),
    latDeg: column(length, told(-90, 90)),
    lonDeg: column(length, told(-180, 180)),
    altitudeM: maybe(told(-500, 9_000)),
    accuracyM: maybe(told(0, 1e5)),
    heartRateBpm: maybe(told(20, 260)),
    cadenceSpm: maybe(told(0, 300)),
    deviceDistanceM: maybe(told(0, 1e7)),
  });
});

describe('the codec of tracks', () => {
  it('brings a track back to 1e-7 degree, a millisecond, a decimetre and a beat, and that exactly', () => {
    fc.assert(
      fc.property(tracks, (track) => {
        const back = decodeTrack(encodeTrack(track));
        expect(back).toEqual(asStored(track));
        expect(decodeTrack(encodeTrack(back))).toEqual(back);
        expect(back.tMs).toEqual(track.tMs);
        for (let index = 0; index < track.length; index += 1) {
          if (Number.isNaN(track.latDeg[index]!)) expect(back.latDeg[index]).toBeNaN();
          else expect(Math.abs(back.latDeg[index]! - track.latDeg[index]!)).toBeLessThanOrEqual(0.500001e-7);
          const beat = back.heartRateBpm?.[index] ?? 0;
          if (!Number.isNaN(beat))
            expect(Math.abs(beat - (track.heartRateBpm?.[index] ?? 0))).toBeLessThanOrEqual(0.5);
        }
      }),
    );
  });

  it('takes about nine bytes for a second of running', () => {
    const length = 3_600;
    const second = (of: (index: number) => number): Float64Array =>
      Float64Array.from({ length }, (_v, i) => of(i));
    const track: Track = {
      length,
      tMs: second((i) => i * 1_000),
      latDeg: second((i) => 48.1 + i * 2.7e-5 + Math.sin(i) * 1e-5),
      lonDeg: second((i) => 11.5 + Math.sin(i / 50) * 1e-3),
      altitudeM: second((i) => 520 + Math.sin(i / 30) * 20),
      accuracyM: second((i) => 4 + (i % 3)),
      heartRateBpm: second((i) => 140 + Math.round(Math.sin(i / 100) * 20)),
      cadenceSpm: second(() => 172),
      deviceDistanceM: null,
    };
    expect(encodeTrack(track).length / length).toBeLessThan(11);
  });

  it('refuses bytes that are none, without taking memory for what they promise', () => {
    const bytes = encodeTrack({ ...decodeTrack(Buffer.from([0, 0])), length: 0 });
    expect(() => decodeTrack(bytes.subarray(0, 1))).toThrow(RangeError);
    expect(() => decodeTrack(Buffer.concat([bytes, Buffer.from([1])]))).toThrow(RangeError);
    expect(() => decodeTrack(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0]))).toThrow(RangeError);
    expect(() => decodeTrack(Buffer.alloc(20, 0xff))).toThrow(RangeError);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (noise) => {
        try {
          expect(decodeTrack(noise).length).toBeLessThanOrEqual(40);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });

  it.each([
    ['infinity', [Number.POSITIVE_INFINITY], [0]],
    ['times that stand still', [1, 2], [5, 5]],
    ['parts of milliseconds', [1], [0.5]],
  ])('writes no %s', (_what, lats, times) => {
    const column = Float64Array.from(lats);
    const track = {
      ...decodeTrack(Buffer.from([0, 0])),
      length: lats.length,
      latDeg: column,
      lonDeg: column,
    };
    expect(() => encodeTrack({ ...track, tMs: Float64Array.from(times) })).toThrow(RangeError);
  });
});

describe('a packed column', () => {
  it('holds numbers of any size up to 2^50 steps', () => {
    const values = fc.array(fc.oneof(fc.integer(), fc.integer({ min: -(2 ** 50), max: 2 ** 50 })));
    fc.assert(
      fc.property(values, (list) => {
        const writer = new ColumnWriter(0);
        writer.column(list, 1);
        const reader = new ColumnReader(writer.end());
        expect([...reader.column(list.length, 1)]).toEqual(list.map((value) => toStep(value, 1)));
        reader.end();
      }),
    );
  });
});
