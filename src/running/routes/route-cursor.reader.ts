import { isUuid } from '../../platform/database/uuid.js';
import { DomainError } from '../../platform/http/domain-error.js';
import { decodeCursor } from '../../platform/http/keyset.js';
import { HTTP_ERROR } from '../../platform/http/problem.js';
import type { InstantKey } from './routes.service.js';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Where a list that is sorted by an instant and an id goes on; null = from the beginning. @throws DomainError for what no such list has made */
export function readInstantCursor(cursor: string | undefined): InstantKey | null {
  if (cursor === undefined) return null;
  const [at, id] = decodeCursor(cursor, ['string', 'string'] as const);
  if (!INSTANT.test(at) || Number.isNaN(Date.parse(at)) || !isUuid(id))
    throw new DomainError('malformed', HTTP_ERROR.malformed, 'The cursor was not made by this list.');
  return [at, id];
}
