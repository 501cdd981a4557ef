import type { Request } from 'express';
import type { Device } from './open-sessions.service.js';

/** The device that signs in, as its request tells. @param name as its user calls it */
export function deviceOf(request: Request, name: string | undefined): Device {
  return { name: name ?? null, userAgent: request.headers['user-agent'] ?? null, ip: request.ip };
}
