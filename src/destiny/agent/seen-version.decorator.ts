import { seenVersion } from '../../platform/http/seen-version.js';
import { invalidIfMatch } from '../destiny.errors.js';

/** The version that the client has seen, by its If-Match. @throws DomainError */
export const SeenVersion = seenVersion(invalidIfMatch);
