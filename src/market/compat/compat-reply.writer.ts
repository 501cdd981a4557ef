import type { Request, Response } from 'express';
import { sha256 } from '../../platform/crypto/digest.js';
import { conditional } from '../../platform/http/conditional.js';
import { JSON_POLICY } from '../../platform/http/reply.js';
import type { CompatReply } from './compat-resources.service.js';

const JSON_TYPE = 'application/json; charset=utf-8';
/** JSON's null. The adapter sends nothing at all for an answer that is null. */
const NULL = Buffer.from('null');

/** Sets the reply's status. @returns what a controller returns to have its body sent */
export function sendReply(response: Response, { status, body }: CompatReply): unknown {
  response.status(status);
  if (status === 204) return undefined;
  response.setHeader('Content-Type', JSON_TYPE);
  return body ?? NULL;
}

/**
 * The same for a read, with an ETag: a browser that has asked before gets a 304. The tag is the digest of the bytes. What an answer of
 * the original is made of (prices, names, icons, recipes, what people keep, the address of this server) has no version in common; the
 * figures in it are remembered by their own versions, so that an unchanged answer costs its digest and is not sent.
 */
export async function sendRead(request: Request, response: Response, reply: CompatReply): Promise<unknown> {
  if (reply.status !== 200) return sendReply(response, reply);
  const bytes = Buffer.from(JSON.stringify(reply.body ?? null));
  response.setHeader('Content-Type', JSON_TYPE);
  response.setHeader('Content-Security-Policy', JSON_POLICY);
  return conditional(request, response, `"${sha256(bytes).toString('base64url')}"`, () => bytes);
}
