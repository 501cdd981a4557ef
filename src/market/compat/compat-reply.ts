import type { Response } from 'express';
import type { CompatReply } from './compat-resources.service.js';

/** JSON's null. The adapter sends nothing at all for an answer that is null. */
const NULL = Buffer.from('null');

/** Sets the reply's status. @returns what a controller returns to have its body sent */
export function sendReply(response: Response, { status, body }: CompatReply): unknown {
  response.status(status);
  if (status === 204) return undefined;
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  return body ?? NULL;
}
