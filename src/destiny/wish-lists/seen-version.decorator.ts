import { seenVersion } from '../../platform/http/seen-version.js';
import { invalidDestinyIfMatch } from '../destiny.errors.js';

/** The version that the client has seen, by its If-Match. @throws DomainError */
export const SeenListVersion = seenVersion(invalidDestinyIfMatch);
