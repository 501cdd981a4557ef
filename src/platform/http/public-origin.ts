import type { Request } from 'express';
import type { Env } from '../config/env.js';

/** Where this client reached this server. No trailing slash. */
export function requestOrigin(request: Request): string {
  return `${request.protocol}://${request.host}`;
}

/** Where clients reach this server: as configured, else as this one did. No trailing slash. */
export function publicOrigin(env: Pick<Env, 'publicUrl'>, request: Request): string {
  return env.publicUrl ?? requestOrigin(request);
}
