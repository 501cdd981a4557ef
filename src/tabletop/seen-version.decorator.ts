import { seenVersion } from '../platform/http/seen-version.js';
import { invalidTabletopIfMatch } from './tabletop.errors.js';

/** The version that the client has seen, by its If-Match; undefined for any. @throws DomainError */
export const SeenTabletopVersion = seenVersion(invalidTabletopIfMatch);
