import type { StreamedRoute } from '../../platform/http/body-parsers.js';
import { RUNNER_PICTURE } from '../profiles/runner-picture.js';

/** What the form of a picture may hold; it is kept in memory until it is whole. */
export const AVATAR_LIMITS = {
  fileSize: RUNNER_PICTURE.maxBytes,
  files: 1,
  fields: 4,
  fieldSize: 256,
  fieldNameSize: 100,
  parts: 6,
};

/** Its body is a form, read by the route. */
export const COMPAT_AVATAR_ROUTE: StreamedRoute = {
  method: 'POST',
  path: '/compat/wisp/api/v1/users/profile/upload-avatar',
  types: ['multipart/form-data'],
};
