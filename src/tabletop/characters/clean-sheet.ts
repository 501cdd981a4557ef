// Sheets are what people and other programs make them: deep, large, full of HTML. What is stored of one has a bounded depth and size, and in its texts
// only harmless HTML.
import type { Json } from './merge-patch.js';

/** Levels of objects and lists. */
export const MOST_SHEET_DEPTH = 24;
/** Of its JSON. */
export const MOST_SHEET_CHARACTERS = 512 * 1024;

/** The same with every text cleaned. @param value not deeper than {@link MOST_SHEET_DEPTH} */
export function cleanTexts(value: Json, clean: (text: string) => string): Json {
  if (typeof value === 'string') return clean(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((inner: Json) => cleanTexts(inner, clean));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cleanTexts(inner, clean)]));
}
