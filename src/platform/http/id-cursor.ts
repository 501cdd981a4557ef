import { isUuid } from '../database/uuid.js';
import { DomainError } from './domain-error.js';
import { decodeCursor } from './keyset.js';
import { HTTP_ERROR } from './problem.js';

/** The id that a list of ids goes on behind; null = from the beginning. @throws DomainError for what no such list has made */
export function readIdCursor(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const [id] = decodeCursor(cursor, ['string'] as const);
  if (!isUuid(id))
    throw new DomainError('malformed', HTTP_ERROR.malformed, 'The cursor was not made by this list.');
  return id;
}
