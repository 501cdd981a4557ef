import { OBJECT_KINDS } from '../objects/object-kinds.js';
import type { SavedSearchDto } from './saved-searches.dto.js';
import type { SavedSearchRow } from './saved-searches.repository.js';

export function toSavedSearchDto({
  id,
  name,
  query,
  version,
  createdAt,
  updatedAt,
}: SavedSearchRow): SavedSearchDto {
  const { q, types, tags, session } = query;
  return {
    id,
    name,
    query: {
      ...(q !== undefined && { q }),
      ...(types !== undefined && { types: OBJECT_KINDS.filter((kind) => types.includes(kind)) }),
      ...(tags !== undefined && { tags: [...tags] }),
      ...(session !== undefined && { session }),
    },
    version,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
