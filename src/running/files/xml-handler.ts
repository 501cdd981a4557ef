import type { FileReading } from './activity-collector.js';

/** What a reader of one vocabulary does with the tags of a document. Names have no prefix. */
export interface XmlHandler {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close(name: string): void;
  /** Between two tags, possibly in pieces. */
  text(text: string): void;
  /** At the end of the document. @throws ImportRefusal where nothing can be taken */
  finish(): FileReading;
}

/** An xsd:decimal; NaN where it is none. */
export function decimal(text: string): number {
  const value = Number(text);
  // Blanks alone would be 0.
  return value === 0 && text.trim() === '' ? Number.NaN : value;
}

/** The same, or null. */
export function decimalOrNull(text: string): number | null {
  const value = decimal(text);
  return Number.isFinite(value) ? value : null;
}
