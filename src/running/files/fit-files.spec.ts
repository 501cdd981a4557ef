import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import FitParser from 'fit-file-parser';
import { FitBaseType, FitEncoder } from 'fit-file-parser/encoder';
import { gpxData } from '../../../test/support/gpx-data.js';
import { finished } from '../geo/portions.js';
import { readActivities } from './activity-file.reader.js';
import { FIT_MESSAGE, type FitMessage, fitChecksum, readFitMessages, TIMESTAMP } from './fit-messages.js';
import { ImportRefusal, type RefusalCode } from './import-refusal.js';
import { READ_LIMITS } from './read-limits.js';

const EPOCH_S = 631_065_600;
const START_S = 1_714_521_600 - EPOCH_S;

/** A file around records that are written by hand. */
function framed(records: readonly number[], headerSize: 12 | 14 = 14): Uint8Array {
  const bytes = new Uint8Array(headerSize + records.length + 2);
  const view = new DataView(bytes.buffer);
  bytes.set([headerSize, 0x20, 0, 8]);
  view.setUint32(4, records.length, true);
  bytes.set(Buffer.from('.FIT'), 8);
  if (headerSize === 14) view.setUint16(12, fitChecksum(bytes.subarray(0, 12)), true);
  bytes.set(records, headerSize);
  view.setUint16(bytes.length - 2, fitChecksum(bytes.subarray(0, -2)), true);
  return bytes;
}

const u32 = (value: number): number[] => [
  value & 255,
  (value >> 8) & 255,
  (value >> 16) & 255,
  (value >>> 24) & 255,
];

/** Session (when told), then a record a second with a place and a distance. */
function activity(
  seconds: number,
  session?: { sport: number; fromS: number; toS: number }[],
  file = 4,
): Uint8Array {
  const encoder = new FitEncoder();
  encoder.writeMessage(0, [{ number: 0, size: 1, baseType: FitBaseType.Enum, value: file }]);
  for (let second = 0; second < seconds; second += 1)
    encoder.writeMessage(20, [
      { number: 253, size: 4, baseType: FitBaseType.Uint32, value: START_S + second },
      { number: 0, size: 4, baseType: FitBaseType.Sint32, value: 500_000_000 + second * 300 },
      { number: 1, size: 4, baseType: FitBaseType.Sint32, value: -190_000_000 },
      { number: 5, size: 4, baseType: FitBaseType.Uint32, value: second * 300 },
      { number: 3, size: 1, baseType: FitBaseType.Uint8, value: 120 },
    ]);
  for (const { sport, fromS, toS } of session ?? [])
    encoder.writeMessage(18, [
      { number: 253, size: 4, baseType: FitBaseType.Uint32, value: START_S + toS },
      { number: 2, size: 4, baseType: FitBaseType.Uint32, value: START_S + fromS },
      { number: 7, size: 4, baseType: FitBaseType.Uint32, value: (toS - fromS) * 1_000 },
      { number: 5, size: 1, baseType: FitBaseType.Enum, value: sport },
    ]);
  return encoder.close();
}

function codeOf(bytes: Uint8Array): RefusalCode {
  try {
    readActivities(bytes);
  } catch (error) {
    if (error instanceof ImportRefusal) return error.code;
    throw error;
  }
  throw new Error('It was taken');
}

/** Definitions of messages: laps of their end alone, sessions of their start, events with what they are of and their kind. */
const LAP = [0x40, 0, 0, 19, 0, 1, 253, 4, 0x86];
const SESSION = [0x40, 0, 0, 18, 0, 1, 2, 4, 0x86];
const EVENT = [0x40, 0, 0, 21, 0, 3, 253, 4, 0x86, 0, 1, 0, 1, 1, 0];

const repeated = (bytes: readonly number[], times: number): number[] =>
  Array.from({ length: times }, () => bytes).flat();

describe('FIT', () => {
  it('reads an activity with its session', () => {
    const [parsed] = readActivities(activity(20, [{ sport: 1, fromS: 0, toS: 19 }])).activities;
    expect(parsed).toMatchObject({ sport: 'run', startedAtMs: 1_714_521_600_000, pauses: [] });
    expect(parsed!.track.length).toBe(20);
    expect(parsed!.track.latDeg[1]).toBeCloseTo((500_000_300 * 180) / 2 ** 31, 9);
    expect([...parsed!.track.deviceDistanceM!].slice(0, 3)).toEqual([0, 3, 6]);
  });

  it('takes the sessions of a file, and files that are chained, for an activity each', () => {
    const triathlon = activity(60, [
      { sport: 2, fromS: 0, toS: 29 },
      { sport: 1, fromS: 30, toS: 59 },
    ]);
    const chained = Buffer.concat([triathlon, activity(10), Buffer.alloc(7)]);
    const { activities } = readActivities(chained);
    expect(activities.map(({ sport, track }) => [sport, track.length])).toEqual([
      ['ride', 30],
      ['run', 30],
      ['run', 10],
    ]);
    // The second leg counts from where it began.
    expect(activities[1]!.track.deviceDistanceM![0]).toBe(0);
  });

  it('reads times of compressed headers, and steps over what developers added', () => {
    const records = [
      // 20: timestamp, distance; three bytes of a developer
      ...[0x60, 0, 0, 20, 0, 2, 253, 4, 0x86, 5, 4, 0x86, 1, 0, 3, 0],
      ...[0x00, ...u32(START_S + 30), ...u32(0), 9, 9, 9],
      ...[0x80 | 31, ...u32(300), 9, 9, 9],
      ...[0x80 | ((START_S + 33) & 31), ...u32(900), 9, 9, 9],
    ];
    const base = (START_S + 30) & 31;
    const [parsed] = readActivities(framed(records, 12)).activities;
    const first = (31 - base + 32) % 32;
    expect([...parsed!.track.tMs]).toEqual([
      0,
      first * 1_000,
      (first + ((((START_S + 33) & 31) - 31) & 31)) * 1_000,
    ]);
    expect([...parsed!.track.deviceDistanceM!]).toEqual([0, 3, 9]);
  });

  it('takes pauses from the events of the timer', () => {
    const event = (second: number, type: number): number[] => [1, ...u32(START_S + second), 0, type];
    const record = (second: number): number[] => [0, ...u32(START_S + second), ...u32(second * 300)];
    const records = [
      ...[0x40, 0, 0, 20, 0, 2, 253, 4, 0x86, 5, 4, 0x86],
      ...[0x41, 0, 0, 21, 0, 3, 253, 4, 0x86, 0, 1, 0, 1, 1, 0],
      ...[
        ...record(0),
        ...event(0, 0),
        ...record(5),
        ...event(6, 4),
        ...event(7, 9),
        ...event(40, 0),
        ...record(41),
      ],
      ...[...event(42, 4)],
    ];
    expect(readActivities(framed(records)).activities[0]!.pauses).toEqual([{ fromMs: 6_000, toMs: 40_000 }]);
  });

  it('does not let a file name properties: one that changes Array.prototype in fit-file-parser is an activity without any', () => {
    const text = (value: string, size: number): number[] => [...Buffer.from(value.padEnd(size, '\0'))];
    const records = [
      ...[0x40, 0, 0, 206, 0, 4, 0, 1, 2, 1, 1, 2, 2, 1, 2, 3, 24, 7],
      ...[0, 0, 0, 7, ...text('developer_data_index', 24)],
      ...[0, 0, 1, 7, ...text('field_definition_number', 24)],
      ...[0x61, 0, 0, 206, 0, 1, 2, 1, 2, 2, 0, 10, 0, 1, 9, 0],
      ...[1, 7, ...text('__proto__', 10), ...text('polluted', 9)],
    ];
    expect(codeOf(framed(records))).toBe('no-track');
    expect('polluted' in []).toBe(false);
  });

  it.each<[string, Uint8Array, RefusalCode]>([
    ['a course', activity(5, [], 6), 'not-an-activity'],
    ['settings without an activity', framed([0x40, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2]), 'not-an-activity'],
    ['nothing but a header', framed([]), 'no-track'],
    ['a record without a definition', framed([3, 1, 2]), 'not-readable'],
    ['a record without an end', framed([0x40, 0, 0, 20, 0, 1, 253, 4, 0x86, 0, 1, 2]), 'not-readable'],
    ['a definition without an end', framed([0x40, 0, 0, 20, 0, 9, 253]), 'not-readable'],
    [
      'laps without end',
      framed([...LAP, ...repeated([0, 1, 2, 3, 4], READ_LIMITS.laps + 1)]),
      'too-many-laps',
    ],
    ['sessions without end', framed([...SESSION, ...repeated([0, 1, 2, 3, 4], 501)]), 'too-many-activities'],
    [
      'stops without end',
      framed([...EVENT, ...repeated([0, 1, 2, 3, 4, 0, 4, 0, 1, 2, 3, 4, 0, 0], READ_LIMITS.laps + 1)]),
      'too-many-laps',
    ],
  ])('refuses %s', (_what, bytes, code) => {
    expect(codeOf(bytes)).toBe(code);
  });

  it('counts records that say nothing', () => {
    const bytes = framed([0x40, 0, 0, 20, 0, 0, ...repeated([0], 6)]);
    expect(() => readActivities(bytes, { ...READ_LIMITS, points: 5 })).toThrow(
      new ImportRefusal('too-many-points'),
    );
  });

  it('refuses a file that is cut anywhere, and one with any bit changed', () => {
    const whole = activity(6, [{ sport: 1, fromS: 0, toS: 5 }]);
    for (let length = 14; length < whole.length; length += 1)
      expect(codeOf(whole.slice(0, length))).toBe('truncated');
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(7), (at, bit) => {
        const bytes = whole.slice();
        bytes[at]! ^= 1 << bit;
        expect(() => readActivities(bytes)).toThrow(ImportRefusal);
      }),
    );
  });

  it('throws nothing but refusals at records of any bytes', () => {
    const part = fc.oneof(
      fc.uint8Array({ maxLength: 20 }).map((bytes) => [...bytes]),
      fc.constantFrom(
        [0x40, 0, 0, 20, 0, 3, 253, 4, 0x86, 0, 4, 0x85, 1, 4, 0x85],
        [0x41, 0, 1, 0, 18, 2, 253, 4, 0x86, 2, 4, 0x86],
        [0x60, 0, 0, 20, 0, 1, 253, 8, 0x89, 1, 0, 3, 0],
        [0x42, 0, 0, 34, 0, 2, 253, 4, 0x86, 5, 4, 0x86],
      ),
      fc.array(fc.nat(255), { minLength: 13, maxLength: 13 }).map((bytes) => [0, ...bytes.slice(1)]),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        try {
          for (const { track } of readActivities(framed(parts.flat())).activities)
            for (let at = 1; at < track.length; at += 1) {
              expect(Number.isSafeInteger(track.tMs[at])).toBe(true);
              expect(track.tMs[at]!).toBeGreaterThan(track.tMs[at - 1]!);
            }
        } catch (error) {
          expect(error).toBeInstanceOf(ImportRefusal);
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** Theirs is multiplied in another order. */
const nanoDeg = (deg: number): number => Math.round(deg * 1e9);

const real = gpxData();
const FILES = [
  'fit/fitparse_activity-small-fenix2-run.fit',
  'fit/fitparse_compressed-speed-distance.fit',
  'fit/fitparse_developer-types-sample.fit',
  'fit/sdk_Activity.fit',
  'fit/sdk_activity_lowbattery.fit',
  'fit/sportslib_2067489619.fit',
  'fit/sportslib_6909950168.fit',
];

(real ? describe : describe.skip)('the FIT files of shared/data/gpx, read by fit-file-parser as well', () => {
  it.each(FILES)('%s: the same records, laps and sessions', async (name) => {
    const bytes = real!.bytes(name);
    const theirs = await new FitParser({ force: false }).parseAsync(bytes as Buffer<ArrayBuffer>);
    const ours: Record<number, Record<string, number>[]> = {};
    const take = (message: FitMessage): void => {
      const value = (field: number): number => message.value(field);
      (ours[message.number] ??= []).push({
        timestamp: (value(TIMESTAMP) + EPOCH_S) * 1_000,
        lat: nanoDeg((value(0) * 180) / 2 ** 31),
        heart: value(3),
        cadence: value(4),
        distance: value(message.number === FIT_MESSAGE.record ? 5 : 9) / 100,
        elapsed: value(7) / 1_000,
      });
    };
    const begin = function* (): Generator<void, void> {};
    expect(finished(readFitMessages(bytes, begin, take))).toBe(1);
    const their = (message: Record<string, unknown>, key: string): number =>
      (message[key] as number | undefined) ?? Number.NaN;
    // Devices' own fields named "Distance" do not collide: theirs are keyed by lower-case names.
    expect(
      ours[FIT_MESSAGE.record]!.map(({ timestamp, lat, heart, cadence, distance }) => [
        timestamp,
        lat,
        heart,
        cadence,
        distance,
      ]),
    ).toEqual(
      theirs.records!.map((record) => {
        const message = record as unknown as Record<string, unknown>;
        return [
          (message['timestamp'] as Date).getTime(),
          nanoDeg(their(message, 'position_lat')),
          their(message, 'heart_rate'),
          their(message, 'cadence'),
          their(message, 'distance'),
        ];
      }),
    );
    for (const [number, list] of [
      [FIT_MESSAGE.lap, theirs.laps!],
      [FIT_MESSAGE.session, theirs.sessions!],
    ] as const)
      expect(ours[number]!.map(({ distance, elapsed }) => [distance, elapsed])).toEqual(
        list.map((message) => [
          their(message as unknown as Record<string, unknown>, 'total_distance'),
          their(message as unknown as Record<string, unknown>, 'total_elapsed_time'),
        ]),
      );
  });
});
