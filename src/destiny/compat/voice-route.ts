import type { StreamedRoute } from '../../platform/http/body-parsers.js';

/** Its body, a recording, is not read: there is no speech recognition yet. */
export const COMPAT_VOICE_ROUTE: StreamedRoute = {
  method: 'POST',
  path: '/compat/destiny/api/voice-to-text',
  types: ['multipart/form-data'],
};
