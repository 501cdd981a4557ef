import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FileRefusedError } from './storage.errors.js';

/** What arrived. */
export interface ReceivedFile {
  readonly sizeBytes: number;
  readonly sha256: Buffer;
}

/**
 * Writes a stream to a new file, a portion at a time. @param path must not exist @param maxBytes more ends it at once
 * @throws FileRefusedError too-large, empty, interrupted, disk-full
 */
export async function receiveFile(source: Readable, path: string, maxBytes: number): Promise<ReceivedFile> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length;
      if (sizeBytes > maxBytes) return done(new FileRefusedError('too-large'));
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    const target = createWriteStream(path, { flags: 'wx', mode: 0o600 });
    // Not the stream itself: a failing pipeline would destroy it, and with a request its connection, before the answer is sent.
    const chunks = source.iterator({ destroyOnReturn: false });
    await pipeline(chunks, meter, target);
  } catch (error) {
    source.resume(); // the rest is let go, so that the sender reads the answer
    throw asRefusal(error);
  }
  if (sizeBytes === 0) throw new FileRefusedError('empty');
  return { sizeBytes, sha256: hash.digest() };
}

/** The same of a file that lies there. */
export async function measureFile(path: string): Promise<ReceivedFile> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    hash.update(chunk);
  }
  return { sizeBytes, sha256: hash.digest() };
}

function asRefusal(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new FileRefusedError('disk-full', { cause: error });
  const isCut = code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ABORT_ERR';
  return isCut ? new FileRefusedError('interrupted', { cause: error }) : error;
}
