import { toCompared } from '../names/name-likeness.js';
import type { LearntNameRow } from './learnt-names.repository.js';
import type { FoundObjectDto, LearntNameDto } from './search.dto.js';
import type { FoundObjectRow } from './search.repository.js';

export function toFoundObjectDto(
  row: Pick<FoundObjectRow, 'id' | 'kind' | 'name' | 'summary' | 'tags'>,
): FoundObjectDto {
  return { id: row.id, kind: row.kind, name: row.name, summary: row.summary, tags: row.tags };
}

export function toLearntNameDto(row: LearntNameRow): LearntNameDto {
  return {
    id: row.id,
    objectId: row.objectId,
    heard: row.heard,
    isForMasters: row.isForMasters,
    createdAt: row.createdAt.toISOString(),
  };
}

const NO_WORDS = { find: () => undefined };

/** @returns which of an object's names was found by these letters; undefined = none that it bears */
export function nameOfLetters(
  row: Pick<FoundObjectRow, 'name' | 'aliases'>,
  letters: Uint16Array,
): string | undefined {
  return [row.name, ...row.aliases].find((name) => {
    const own = toCompared(name, NO_WORDS).letters;
    return own.length === letters.length && own.every((code, at) => code === letters[at]);
  });
}
