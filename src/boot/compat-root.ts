import type { RequestHandler } from 'express';

/** The addresses of the dashboard's API; the native one is below /api/v1. */
const DASHBOARD = /^\/api\/(?:sessions|agents|metrics|sync)(?=[/?]|$)/;

/**
 * The dashboard's page asks its own server below /api and cannot be told otherwise: its requests go to the mount as if they had been sent there.
 * @param prefix of the mount
 */
export function compatRoot(prefix: string): RequestHandler {
  return (request, _response, next) => {
    if (DASHBOARD.test(request.url)) request.url = prefix + request.url;
    next();
  };
}
