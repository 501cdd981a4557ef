import type { IncomingMessage, ServerResponse } from 'node:http';
import { sha256 } from '../crypto/digest.js';
import { conditional, type NOT_MODIFIED } from './conditional.js';

const SVG_TYPE = 'image/svg+xml; charset=utf-8';
/** Opened as a page it loads and runs nothing; fonts and sizes stand in attributes. */
const SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

/** What the document says of such an answer. */
export const SVG = { schema: { type: 'string' } } as const;

export interface Picture {
  bytes: Buffer;
  etag: string;
}

export function pictureOf(svg: string): Picture {
  const bytes = Buffer.from(svg);
  return { bytes, etag: `"${sha256(bytes).toString('hex')}"` };
}

/** Answers 304 while the picture is the same. */
export function answerSvg(
  request: IncomingMessage,
  response: ServerResponse,
  { bytes, etag }: Picture,
): Promise<Buffer | typeof NOT_MODIFIED> {
  response.setHeader('Content-Type', SVG_TYPE);
  response.setHeader('Content-Security-Policy', SVG_POLICY);
  return conditional(request, response, etag, () => bytes);
}
