import { CompatError } from '../../platform/http/compat-error.js';

// Failures in the original's shapes, which are FastAPI's.

export const emptyMessages = (): CompatError => new CompatError(400, { detail: 'No messages provided' });
export const blankTitle = (): CompatError => new CompatError(400, { detail: 'Title cannot be empty' });
export const noProfile = (): CompatError => new CompatError(404, { detail: 'Profile not found' });
export const noSpeech = (): CompatError =>
  new CompatError(503, { detail: 'There is no speech recognition on this server.' });
/** The permission of Bungie's has lapsed: what refreshes is no longer there. */
export const nothingToRefresh = (): CompatError => {
  const message = 'The connection to Bungie.net has to be made again.';
  return new CompatError(401, { error: 'invalid_refresh_token', message, detail: message });
};
export const callbackFailed = (): CompatError =>
  new CompatError(400, { detail: 'The code does not work; begin again.' });
