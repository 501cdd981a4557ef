/** Of the JSON of one tool's answer, bytes: a model reads all of it, and pays for it. */
export const MOST_FACT_BYTES = 4_000;
export const PAGE = 20;

export interface BoundedPage<T> {
  /** How many there are, those that are not here included. */
  readonly total: number;
  readonly items: readonly T[];
}

/** The first of all items that a page takes and that fit. @param bytesBesides of what stands around them */
export function boundedPage<T>(
  all: readonly T[],
  limit: number,
  total = all.length,
  bytesBesides = 300,
): BoundedPage<T> {
  const items: T[] = [];
  let bytes = bytesBesides;
  for (const item of all.slice(0, Math.min(limit, PAGE))) {
    bytes += bytesOf(JSON.stringify(item)) + 1;
    if (bytes > MOST_FACT_BYTES) break;
    items.push(item);
  }
  return { total, items };
}

/** Words of others: no control characters, no endless text. */
export function plainText(text: string, most = 200): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]+/gu, ' ').trim();
  return plain.length > most ? `${plain.slice(0, most - 1)}…` : plain;
}

/** Of UTF-8, without making them. */
export function bytesOf(text: string): number {
  let bytes = 0;
  for (const sign of text) {
    const code = sign.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** The same facts, whose texts hold nothing that cannot be seen or stored. @param clean does more to each text */
export function plainFacts<T>(value: T, clean: (text: string) => string): T {
  const plain = (inner: unknown): unknown => {
    if (typeof inner === 'string') return clean(plainText(inner, MOST_TEXT));
    if (Array.isArray(inner)) return inner.map(plain);
    if (typeof inner !== 'object' || inner === null) return inner;
    const entries = Object.entries(inner).map(([key, part]) => [
      clean(plainText(key, MOST_KEY)),
      plain(part),
    ]);
    return Object.fromEntries(entries) as unknown;
  };
  return plain(value) as T;
}

const MOST_TEXT = 400;
const MOST_KEY = 100;
