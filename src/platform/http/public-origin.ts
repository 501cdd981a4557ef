import type { Request } from 'express';
import type { Env } from '../config/env.js';

/** Where clients reach this server: as configured, else as this one did. No trailing slash. */
export function publicOrigin(env: Pick<Env, 'publicUrl'>, request: Request): string {
  return env.publicUrl ?? `${request.protocol}://${request.host}`;
}
