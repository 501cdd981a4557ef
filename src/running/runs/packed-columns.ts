// Columns of numbers as bytes. Neighbours in a run differ little, so each value is the difference to the one before, in steps of the
// column's own unit, zigzagged so that small differences of either sign are small, in groups of seven bits (protobuf's varint). 0 stands for
// "not told". A second of running takes nine bytes instead of the sixty of its columns as doubles.
//
// What is written is exact to the step: a value comes back as the step's nearest multiple, and that one comes back as itself.

/** Beyond this differences would not be exact any more. */
const MOST_STEPS = 2 ** 50;

/** Rounds to a multiple of 1 / `perUnit`, to what a column of that step gives back. */
export function toStep(value: number, perUnit: number): number {
  return unsigned(Math.round(value * perUnit)) / perUnit;
}

/** -0 is no value of its own. */
function unsigned(value: number): number {
  return value === 0 ? 0 : value;
}

export class ColumnWriter {
  private bytes: Buffer;
  private at = 0;

  constructor(expectedBytes: number) {
    this.bytes = Buffer.allocUnsafe(Math.max(expectedBytes, 64));
  }

  /** A count or a set of bits. */
  plain(value: number): void {
    this.reserve(1);
    this.varint(value);
  }

  /**
   * @param perUnit steps of one unit: 1e7 for degrees to seven decimals
   * @throws RangeError for infinity and what is too large to be a figure of a run
   */
  column(values: ArrayLike<number>, perUnit: number): void {
    this.reserve(values.length);
    let last = 0;
    for (let index = 0; index < values.length; index += 1) {
      const value = values[index]!;
      if (Number.isNaN(value)) {
        this.varint(0);
        continue;
      }
      const steps = Math.round(value * perUnit);
      if (!(Math.abs(steps) <= MOST_STEPS)) throw new RangeError('Not a figure of a run');
      const difference = steps - last;
      this.varint(difference < 0 ? -2 * difference : 2 * difference + 1);
      last = steps;
    }
  }

  end(): Buffer {
    return Buffer.from(this.bytes.subarray(0, this.at));
  }

  /** Eight bytes hold any value that is written. */
  private reserve(values: number): void {
    const needed = this.at + values * 8;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
  }

  private varint(value: number): void {
    let rest = value;
    for (; rest >= 0x8000_0000; rest = Math.floor(rest / 128)) this.bytes[this.at++] = (rest % 128) | 0x80;
    for (; rest >= 0x80; rest >>>= 7) this.bytes[this.at++] = (rest & 0x7f) | 0x80;
    this.bytes[this.at++] = rest;
  }
}

export class ColumnReader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** @throws RangeError like all of this class for bytes that no {@link ColumnWriter} has written */
  plain(): number {
    return this.varint();
  }

  column(length: number, perUnit: number): Float64Array {
    if (length > this.bytes.length - this.at) throw new RangeError('The bytes end too early');
    const values = new Float64Array(length);
    let steps = 0;
    for (let index = 0; index < length; index += 1) {
      const code = this.varint();
      if (code === 0) {
        values[index] = Number.NaN;
        continue;
      }
      steps += code % 2 === 0 ? -code / 2 : (code - 1) / 2;
      values[index] = steps / perUnit;
    }
    return values;
  }

  /** Nothing may be left. */
  end(): void {
    if (this.at !== this.bytes.length) throw new RangeError('There are bytes left over');
  }

  private varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new RangeError('The bytes end too early');
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      if (factor > 2 ** 49) throw new RangeError('A number has no end');
    }
  }
}
