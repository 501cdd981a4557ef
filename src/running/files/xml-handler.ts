/** What a reader of one vocabulary does with the tags of a document. Names have no prefix. */
export interface XmlHandler {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close(name: string): void;
  /** Between two tags, possibly in pieces. */
  text(text: string): void;
}

/** An xsd:decimal; NaN where it is none. */
export function decimal(text: string): number {
  const trimmed = text.trim();
  return trimmed === '' ? Number.NaN : Number(trimmed);
}

/** The same, or null. */
export function decimalOrNull(text: string): number | null {
  const value = decimal(text);
  return Number.isFinite(value) ? value : null;
}
