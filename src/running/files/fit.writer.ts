import { FitBaseType, FitEncoder, type FitEncoderField } from 'fit-file-parser/encoder';
import { EXPORT_PORTION, type ExportRun } from './export-run.js';
import { FIT_MESSAGE, fitChecksum } from './fit-messages.js';

// FIT by fit-file-parser's encoder, in the order in which devices write: file, timer, records, laps, session, activity. What comes back when it is
// read: times to the second (the format has no finer ones; of points of one second the first is written), places to 1e-7 degree, heights to a
// fifth of a metre, distances to the centimetre, cadence and heart rate whole, accuracy to the metre, laps and pauses to the second. Names
// and notes are not in it.

const FIT_EPOCH_MS = 631_065_600_000;
const SEMICIRCLES_PER_DEG = 2 ** 31 / 180;
const SPORTS = { run: 1, ride: 2, walk: 11, hike: 17, other: 0 } as const;
const TRIGGERS = { manual: 0, time: 1, distance: 2, other: 0 } as const;
const [TIMER, STARTED, STOPPED_ALL] = [0, 0, 4];
const [LAP_EVENT, SESSION_EVENT, ACTIVITY_EVENT, STOPPED] = [9, 8, 26, 1];
const HEADER_SIZE = 14;
const CHECKSUM_SIZE = 2;

type Width = 1 | 2 | 4;
const UNSIGNED: Readonly<Record<Width, { baseType: FitBaseType; nothing: number }>> = {
  1: { baseType: FitBaseType.Uint8, nothing: 0xff },
  2: { baseType: FitBaseType.Uint16, nothing: 0xffff },
  4: { baseType: FitBaseType.Uint32, nothing: 0xffffffff },
};

/** Pieces of the file's data; their sum is known at the end only, so {@link fitFileOf} puts the head before them. */
export function* fitPiecesOf(run: ExportRun): Generator<Uint8Array, void, undefined> {
  const { track } = run;
  const endMs = track.tMs.at(-1) ?? 0;
  yield dataOf((encoder) => {
    encoder.writeMessage(FIT_MESSAGE.fileId, [
      { number: 0, size: 1, baseType: FitBaseType.Enum, value: 4 },
      { number: 1, size: 2, baseType: FitBaseType.Uint16, value: 255 },
      unsigned(4, 4, secondsAt(run, 0)),
    ]);
    writeEvent(encoder, secondsAt(run, 0), TIMER, STARTED);
    for (const { fromMs, toMs } of run.pauses) {
      writeEvent(encoder, secondsAt(run, fromMs), TIMER, STOPPED_ALL);
      writeEvent(encoder, secondsAt(run, toMs), TIMER, STARTED);
    }
  });
  let writtenS = -1;
  for (let from = 0; from < track.length; from += EXPORT_PORTION)
    yield dataOf((encoder) => {
      for (let at = from; at < Math.min(track.length, from + EXPORT_PORTION); at += 1) {
        const seconds = secondsAt(run, track.tMs[at]!);
        if (seconds === writtenS) continue;
        writtenS = seconds;
        encoder.writeMessage(FIT_MESSAGE.record, recordOf(run, at, seconds));
      }
    });
  yield dataOf((encoder) => {
    writeEvent(encoder, secondsAt(run, endMs), TIMER, STOPPED_ALL);
    writeLaps(encoder, run);
    writeSums(encoder, run, endMs);
  });
}

/** The file, made at once. @param pieces all of {@link fitPiecesOf} */
export function fitFileOf(pieces: readonly Uint8Array[]): Uint8Array {
  const dataSize = pieces.reduce((sum, { length }) => sum + length, 0);
  const file = new Uint8Array(HEADER_SIZE + dataSize + CHECKSUM_SIZE);
  const view = new DataView(file.buffer);
  // The encoder's own head, with the size of all pieces.
  file.set(new FitEncoder().close().subarray(0, HEADER_SIZE));
  view.setUint32(4, dataSize, true);
  view.setUint16(12, fitChecksum(file.subarray(0, 12)), true);
  let at = HEADER_SIZE;
  for (const piece of pieces) {
    file.set(piece, at);
    at += piece.length;
  }
  view.setUint16(at, fitChecksum(file.subarray(0, at)), true);
  return file;
}

/** An encoder holds every byte as a number; one for each piece keeps that small. Definitions may be told again. */
function dataOf(write: (encoder: FitEncoder) => void): Uint8Array {
  const encoder = new FitEncoder();
  write(encoder);
  return encoder.close().slice(HEADER_SIZE, -CHECKSUM_SIZE);
}

function recordOf({ track }: ExportRun, at: number, seconds: number): FitEncoderField[] {
  const steps = (track.cadenceSpm?.[at] ?? Number.NaN) / 2;
  return [
    unsigned(253, 4, seconds),
    semicircles(0, track.latDeg[at]!),
    semicircles(1, track.lonDeg[at]!),
    unsigned(78, 4, ((track.altitudeM?.[at] ?? Number.NaN) + 500) * 5),
    unsigned(5, 4, (track.deviceDistanceM?.[at] ?? Number.NaN) * 100),
    unsigned(3, 1, track.heartRateBpm?.[at] ?? Number.NaN),
    unsigned(4, 1, Math.floor(steps)),
    unsigned(53, 1, (steps - Math.floor(steps)) * 128),
    unsigned(31, 1, track.accuracyM?.[at] ?? Number.NaN),
  ];
}

function writeLaps(encoder: FitEncoder, run: ExportRun): void {
  let startMs = 0;
  for (const { endMs, distanceM, trigger } of run.laps) {
    encoder.writeMessage(FIT_MESSAGE.lap, [
      unsigned(253, 4, secondsAt(run, endMs)),
      { number: 0, size: 1, baseType: FitBaseType.Enum, value: LAP_EVENT },
      { number: 1, size: 1, baseType: FitBaseType.Enum, value: STOPPED },
      unsigned(2, 4, secondsAt(run, startMs)),
      unsigned(7, 4, secondsBetween(run, startMs, endMs) * 1_000),
      unsigned(9, 4, (distanceM ?? Number.NaN) * 100),
      { number: 24, size: 1, baseType: FitBaseType.Enum, value: TRIGGERS[trigger] },
    ]);
    startMs = endMs;
  }
}

function writeSums(encoder: FitEncoder, run: ExportRun, endMs: number): void {
  const pausedMs = run.pauses.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  const runningMs = Math.max(0, endMs - pausedMs);
  const total = run.distanceM[run.track.length - 1] ?? Number.NaN;
  encoder.writeMessage(FIT_MESSAGE.session, [
    unsigned(253, 4, secondsAt(run, endMs)),
    { number: 0, size: 1, baseType: FitBaseType.Enum, value: SESSION_EVENT },
    { number: 1, size: 1, baseType: FitBaseType.Enum, value: STOPPED },
    unsigned(2, 4, secondsAt(run, 0)),
    { number: 5, size: 1, baseType: FitBaseType.Enum, value: SPORTS[run.sport] },
    unsigned(7, 4, endMs),
    unsigned(8, 4, runningMs),
    unsigned(9, 4, total * 100),
    unsigned(11, 2, run.caloriesKcal ?? Number.NaN),
  ]);
  encoder.writeMessage(FIT_MESSAGE.activity, [
    unsigned(253, 4, secondsAt(run, endMs)),
    unsigned(0, 4, runningMs),
    unsigned(1, 2, 1),
    { number: 2, size: 1, baseType: FitBaseType.Enum, value: 0 },
    { number: 3, size: 1, baseType: FitBaseType.Enum, value: ACTIVITY_EVENT },
    { number: 4, size: 1, baseType: FitBaseType.Enum, value: STOPPED },
  ]);
}

function writeEvent(encoder: FitEncoder, seconds: number, event: number, type: number): void {
  encoder.writeMessage(FIT_MESSAGE.event, [
    unsigned(253, 4, seconds),
    { number: 0, size: 1, baseType: FitBaseType.Enum, value: event },
    { number: 1, size: 1, baseType: FitBaseType.Enum, value: type },
  ]);
}

/** Since the format's epoch. Runs of before cannot be told. */
function secondsAt({ startedAtMs }: ExportRun, ms: number): number {
  return Math.max(0, Math.floor((startedAtMs + ms - FIT_EPOCH_MS) / 1_000));
}

function secondsBetween(run: ExportRun, fromMs: number, toMs: number): number {
  return secondsAt(run, toMs) - secondsAt(run, fromMs);
}

/** Rounded; nothing where it is no value or does not fit. */
function unsigned(number: number, size: Width, told: number): FitEncoderField {
  const { baseType, nothing } = UNSIGNED[size];
  const value = Math.round(told);
  return { number, size, baseType, value: value >= 0 && value < nothing ? value : nothing };
}

function semicircles(number: number, deg: number): FitEncoderField {
  const value = Math.round(deg * SEMICIRCLES_PER_DEG);
  // 180 degrees east are one more than the format holds, and the same place as 180 west.
  const held = value > 0x7fff_fffe ? -0x8000_0000 : value;
  return { number, size: 4, baseType: FitBaseType.Sint32, value: Number.isNaN(deg) ? 0x7fff_ffff : held };
}
