import { CompatError } from '../../platform/http/compat-error.js';
import { DomainError } from '../../platform/http/domain-error.js';
import { MAX_BATCH } from '../ingest/observation.js';
import type { BatchFaults } from './compat-observation.js';

// Failures in the original's shapes. Its clients look at the status alone; `error` is the original's text where it has one.

export const invalidResource = (): CompatError =>
  new CompatError(400, { error: 'Missing or invalid resource parameter' });
export const invalidMode = (): CompatError => new CompatError(400, { error: 'Invalid mode parameter' });
export const missingServer = (): CompatError =>
  new CompatError(400, { error: 'missing_server', message: 'Missing required parameter: server' });
export const missingParams = (names: string): CompatError =>
  new CompatError(400, { error: 'missing_params', message: `Missing required parameters: ${names}` });
export const invalidDate = (): CompatError =>
  new CompatError(400, { error: 'invalid_date', message: 'The dates cannot be read.' });
export const invalidType = (): CompatError =>
  new CompatError(400, { error: 'invalid_type', message: 'Unknown type of market data.' });
export const missingItemName = (): CompatError => new CompatError(400, { error: 'Missing item_name' });
export const missingGidOrFile = (): CompatError =>
  new CompatError(400, { error: 'Missing gid or file', message: 'The form needs gid, a number, and file.' });
export const iconRefused = (): CompatError =>
  new CompatError(400, {
    error: 'invalid_file',
    message: 'An icon is a PNG, JPEG or WebP picture of at most 256 KiB.',
  });
export const iconBusy = (): CompatError =>
  new CompatError(
    503,
    { error: 'busy', message: 'The icon cannot be stored now; send it again.' },
    { 'Retry-After': '1' },
  );
export const badItemId = (fault: 'missing' | 'invalid'): CompatError =>
  new CompatError(400, { error: fault === 'missing' ? 'Missing item id' : 'Invalid item id' });
export const invalidKnownItem = (): CompatError =>
  new CompatError(400, { error: 'Invalid body', message: 'The body needs gid, a number, and name.' });
export const serverRequired = (): CompatError => new CompatError(400, { error: 'server_required' });
export const itemNotFound = (): CompatError => new CompatError(404, { error: 'Item not found' });

export const invalidBatch = (details: BatchFaults): CompatError =>
  new CompatError(400, { error: 'validation_error', message: 'The observations are not valid.', details });
/** Of a write of one thing. */
export const invalidBody = (details: BatchFaults): CompatError =>
  new CompatError(400, { error: 'validation_error', message: 'The body is not valid.', details });
/** A fault of the batch as a whole, such as a server that cannot be added. */
export const refusedBatch = (reason: string): CompatError =>
  invalidBatch({ formErrors: [reason], fieldErrors: {} });
export const batchTooLarge = (): CompatError =>
  new CompatError(413, {
    error: 'payload_too_large',
    message: `A batch has at most ${MAX_BATCH} observations.`,
  });
export const notConfigured = (): CompatError =>
  new CompatError(500, {
    error: 'backend_not_configured',
    message: 'The operator has not set INGEST_API_TOKEN.',
  });

export const methodNotAllowed = (allowed: string, message: string): CompatError =>
  new CompatError(405, { error: 'method_not_allowed', message }, { Allow: allowed });

/** `invalid_mode` of harvest and toolbox; items say it in other words. */
export const unknownMode = (): CompatError => new CompatError(400, { error: 'invalid_mode' });
export const resourceIdsRequired = (): CompatError =>
  new CompatError(400, { error: 'resource_ids_required' });
export const boundsRequired = (): CompatError =>
  new CompatError(400, { error: 'bounds_required', message: 'minX, maxX, minY, maxY are required' });
export const gridTooLarge = (): CompatError =>
  new CompatError(400, { error: 'grid_too_large', message: 'Grid cannot exceed 50x50' });
export const routeIdRequired = (): CompatError => new CompatError(400, { error: 'route_id_required' });
export const routeFieldsMissing = (): CompatError =>
  new CompatError(400, {
    error: 'missing_fields',
    message: 'name, target_job_ids, target_resource_ids, and route_data are required',
  });
export const routeRefused = (message: string): CompatError =>
  new CompatError(400, { error: 'invalid_body', message });
export const routeNotFound = (): CompatError =>
  new CompatError(404, { error: 'not_found', message: 'Route not found or not owned by you' });
export const invalidInput = (message: string): CompatError =>
  new CompatError(400, { error: 'invalid_input', message });
export const profileConflict = (): CompatError =>
  new CompatError(409, { error: 'conflict', message: 'Profile name already exists' });
export const messageNotFound = (): CompatError =>
  new CompatError(404, { error: 'not_found', message: 'Message not found' });
export const notYourMessage = (what: 'edit' | 'delete'): CompatError =>
  new CompatError(403, { error: 'forbidden', message: `You can only ${what} your own messages` });
export const bankUnauthorized = (message: string): CompatError =>
  new CompatError(401, { error: 'unauthorized', message });

/** For `catch`: what the original says instead of our refusal of that code. */
export function insteadOf(code: string, make: () => CompatError): (error: unknown) => never {
  return (error) => {
    throw error instanceof DomainError && error.code === code ? make() : error;
  };
}

/** For `catch`: where the original says of what is not there that it is gone, or that there is none. */
export function passOver(code: string): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof DomainError && error.code === code)) throw error;
    return undefined;
  };
}
export const missingLeveling = (): CompatError =>
  new CompatError(400, { error: 'Missing parameters for leveling mode' });
export const levelsBackwards = (): CompatError =>
  new CompatError(400, { error: 'from_level must be less than to_level' });
export const noRecipesFound = (): CompatError =>
  new CompatError(404, { error: 'No recipes found for this job' });
export const invalidRecipe = (
  message = 'A recipe needs a result and ingredients of the game.',
): CompatError => new CompatError(400, { error: 'invalid_body', message });
