import type { Env } from '../config/env.js';

/** Origins of pages: those of a list, those that match, or all. */
export type Origins = string[] | RegExp | '*';

const THIS_MACHINE = /^https?:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/;

/** CORS_ORIGINS, `*` for any; in development without it, pages served from this machine. Undefined: none. */
export function allowedOrigins(env: Pick<Env, 'corsOrigins' | 'nodeEnv'>): Origins | undefined {
  const origins = listedOrigins(env.corsOrigins);
  if (origins !== undefined) return origins;
  return env.nodeEnv === 'development' ? THIS_MACHINE : undefined;
}

/** Undefined: none. */
export function listedOrigins(origins: readonly string[]): Origins | undefined {
  if (origins.includes('*')) return '*';
  return origins.length > 0 ? [...origins] : undefined;
}

export function isAllowedOrigin(origin: string, allowed: Origins | undefined): boolean {
  if (allowed === undefined) return false;
  if (allowed === '*') return true;
  return allowed instanceof RegExp ? allowed.test(origin) : allowed.includes(origin);
}
