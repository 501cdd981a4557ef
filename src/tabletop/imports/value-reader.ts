import { anyToText } from './html-text.js';
import { escaped, type MappingNotes } from './mapping-report.js';

// Reads one value after the other out of JSON of strangers. Nothing throws: what is missing is left at its fallback, what is of another
// kind is noted as odd. Every place that was looked at is known to the notes, so that what is left over can be told.

export const MOST_NAME = 200;
export const MOST_LINE = 500;
export const MOST_TEXT = 50_000;

export interface NumberBounds {
  readonly least: number;
  readonly most: number;
  readonly isInteger?: boolean;
}

/** A place in the file, which may not be there. */
export class Place {
  constructor(
    readonly value: unknown,
    readonly pointer: string,
    private readonly notes: MappingNotes,
  ) {}

  get isThere(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  at(...keys: string[]): Place {
    let { value, pointer }: { value: unknown; pointer: string } = this;
    for (const key of keys) {
      value = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
      pointer += `/${escaped(key)}`;
    }
    return new Place(value, pointer, this.notes);
  }

  /** The elements of a list; of anything else none, which is odd unless nothing is there. */
  items(most: number): Place[] {
    if (!this.isThere) return [];
    if (!Array.isArray(this.value)) {
      this.odd('is no list');
      return [];
    }
    if (this.value.length > most) this.odd(`has ${this.value.length} elements; the first ${most} are taken`);
    return this.value
      .slice(0, most)
      .map((one, index) => new Place(one, `${this.pointer}/${index}`, this.notes));
  }

  /** The fields of an object, in its order. */
  fields(): [key: string, place: Place][] {
    return isRecord(this.value) ? Object.keys(this.value).map((key) => [key, this.at(key)]) : [];
  }

  /** @returns null where there is none @param to where it goes */
  number(to: string, { least, most, isInteger = false }: NumberBounds): number | null {
    if (!this.isThere || this.value === '') return null;
    const isNumeric = typeof this.value === 'string' && /^\s*-?\d{1,15}(?:\.\d{1,10})?\s*$/.test(this.value);
    const number = isNumeric ? Number(this.value) : this.value;
    if (typeof number !== 'number' || !Number.isFinite(number)) {
      this.odd('is no number; left out');
      return null;
    }
    const whole = isInteger ? Math.round(number) : number;
    const bounded = Math.max(least, Math.min(most, whole)) + 0; // never -0, which JSON does not know
    if (bounded !== number)
      this.odd(`is not between ${least} and ${most}, or not whole; ${bounded} is taken`);
    this.notes.map(this.pointer, to);
    return bounded;
  }

  /** A name or a line, HTML taken off. */
  line(to: string, most = MOST_LINE): string {
    return this.text(to, most).replaceAll(/\s+/g, ' ').trim();
  }

  /** A text of any length up to the most, HTML taken off. */
  text(to: string, most = MOST_TEXT): string {
    if (!this.isThere) return '';
    if (typeof this.value === 'number') return this.mapped(to, String(this.value));
    if (typeof this.value !== 'string') {
      this.odd('is no text; left out');
      return '';
    }
    const text = anyToText(this.value);
    if (text === '') return '';
    if (text.length > most) this.odd(`is longer than ${most} characters; the beginning is taken`);
    return this.mapped(to, text.slice(0, most).toWellFormed().trim());
  }

  flag(to: string): boolean {
    if (!this.isThere) return false;
    if (typeof this.value === 'boolean') return this.mapped(to, this.value);
    if (this.value === 0 || this.value === 1) return this.mapped(to, this.value === 1);
    this.odd('is neither true nor false; taken as false');
    return false;
  }

  /** Marks as understood without a value of its own. */
  mapped<T>(to: string, value: T): T {
    this.notes.map(this.pointer, to);
    return value;
  }

  odd(reason: string): void {
    this.notes.note(this.pointer, reason);
  }

  ignore(reason: string): void {
    if (this.isThere) this.notes.ignore(this.pointer, reason);
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
