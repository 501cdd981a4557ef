import { ColumnReader, ColumnWriter } from '../runs/packed-columns.js';

// How a race went, for replays: where the runner was when, and how far from the ghost. Packed like tracks are: a tenth of a second, a
// centimetre.

/** Columns of one length, in the order of time. */
export interface GapCurve {
  /** Seconds since the runner crossed the start line. */
  readonly timeS: Float64Array;
  /** Metres from the start line. */
  readonly alongM: Float64Array;
  /** Positive = behind. */
  readonly gapS: Float64Array;
  /** Standard deviation of it. */
  readonly sdS: Float64Array;
}

const STEPS = [
  ['timeS', 1_000],
  ['alongM', 100],
  ['gapS', 1_000],
  ['sdS', 100],
] as const satisfies readonly (readonly [keyof GapCurve, number])[];

export function encodeGapCurve(curve: GapCurve): Buffer {
  const writer = new ColumnWriter(curve.timeS.length * 8);
  writer.plain(curve.timeS.length);
  for (const [name, perUnit] of STEPS) writer.column(curve[name], perUnit);
  return writer.end();
}

/** @throws RangeError for other bytes */
export function decodeGapCurve(bytes: Uint8Array): GapCurve {
  const reader = new ColumnReader(bytes);
  const length = reader.plain();
  const [timeS, alongM, gapS, sdS] = STEPS.map(([, perUnit]) => reader.column(length, perUnit)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  reader.end();
  return { timeS, alongM, gapS, sdS };
}
