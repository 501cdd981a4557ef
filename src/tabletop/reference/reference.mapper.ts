import type { ReferenceEntryDto, ReferenceTermDto } from './reference.dto.js';
import { REFERENCE_EDITIONS, type ReferenceEntry } from './reference-entry.js';

const MOST_SUMMARY = 120;

export function toReferenceTermDto({ slug, term, category, cards }: ReferenceEntry): ReferenceTermDto {
  const newest = cards.at(-1)!;
  return {
    slug,
    term,
    category,
    editions: REFERENCE_EDITIONS.filter((edition) => cards.some((card) => card.edition === edition)),
    summary: oneLine(newest.facts[0] ?? newest.text),
  };
}

export function toReferenceEntryDto(
  { slug, term, category, cards }: ReferenceEntry,
  attribution: string,
): ReferenceEntryDto {
  return {
    slug,
    term,
    category,
    cards: cards.map(({ edition, of, facts, text }) => ({ edition, of, facts: [...facts], text })),
    attribution,
  };
}

function oneLine(text: string): string {
  return text.length <= MOST_SUMMARY ? text : `${text.slice(0, MOST_SUMMARY - 1).toWellFormed()}…`;
}
