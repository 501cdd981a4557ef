import type { Request } from 'express';
import { ImportRefusal } from './import-refusal.js';
import { VAULT_LIMITS } from './obsidian-vault.reader.js';

/** Its body is a file, which no parser shall touch unless it is small and JSON or CSV. */
export const CAMPAIGN_IMPORT_ROUTE = {
  method: 'POST',
  path: /^\/api\/v1\/tabletop\/campaigns\/[^/]+\/imports\/[a-z]+$/,
  types: ['application/octet-stream', 'application/zip'],
} as const;

/**
 * The bytes of a file, whether a parser has read them or not. JSON that was parsed is written again: the same values.
 * @throws ImportRefusal too-large, empty
 */
export async function bytesOfBody(request: Request): Promise<Buffer> {
  const body = request.body as unknown;
  if (request.readableEnded || body !== undefined) return parsedBytes(body);
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > VAULT_LIMITS.archiveBytes)
      throw new ImportRefusal('too-large', `at most ${VAULT_LIMITS.archiveBytes} bytes`);
    pieces.push(piece);
  }
  if (size === 0) throw new ImportRefusal('empty');
  return Buffer.concat(pieces);
}

function parsedBytes(body: unknown): Buffer {
  if (body === undefined || body === '') throw new ImportRefusal('empty');
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}
