import { seenVersion } from '../platform/http/seen-version.js';
import { invalidRunningIfMatch } from './running.errors.js';

/** The version that the client has seen, by its If-Match; undefined for any. @throws DomainError */
export const SeenRunningVersion = seenVersion(invalidRunningIfMatch);
