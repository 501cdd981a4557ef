import type { Response } from 'express';
import { etagOf } from './if-match.js';

/** Sends a thing with the tag of its version. */
export function tagged<T extends { version: number }>(response: Response, thing: T): T {
  response.setHeader('ETag', etagOf(thing.version));
  return thing;
}
