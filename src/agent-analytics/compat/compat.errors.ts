import { CompatError } from '../../platform/http/compat-error.js';
import type { CompatFault } from './compat-query.js';

// Failures in the original's shapes, which are FastAPI's.

export const sessionNotFound = (): CompatError => new CompatError(404, { detail: 'Session not found' });
export const agentNotFound = (): CompatError => new CompatError(404, { detail: 'Agent not found' });
export const unprocessable = (faults: readonly CompatFault[]): CompatError =>
  new CompatError(422, { detail: faults });
export const methodNotAllowed = (allowed: string): CompatError =>
  new CompatError(405, { detail: 'Method Not Allowed' }, { Allow: allowed });
