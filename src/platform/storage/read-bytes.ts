import type { Readable } from 'node:stream';
import { FileRefusedError } from './storage.errors.js';

/** All that a stream brings. @param most bytes; more ends it at once @throws FileRefusedError too-large, empty, interrupted */
export async function readBytes(source: Readable, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    // Not to be destroyed on the way out: the connection goes with a request, before the answer is sent.
    for await (const chunk of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length;
      if (sizeBytes > most) throw new FileRefusedError('too-large');
      chunks.push(chunk);
    }
  } catch (error) {
    source.resume(); // the rest is let go, so that the sender reads the answer
    throw error instanceof FileRefusedError ? error : new FileRefusedError('interrupted', { cause: error });
  }
  if (sizeBytes === 0) throw new FileRefusedError('empty');
  return Buffer.concat(chunks, sizeBytes);
}
