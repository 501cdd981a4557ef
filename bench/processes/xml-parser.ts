import { createReadStream } from 'node:fs';
import { SaxesParser } from 'saxes';
import { answerRequests } from '../support/worker.js';

// Reads a file with saxes and nothing else: no handlers, no namespaces, no positions, which is the fastest that it does.

export interface XmlParsed {
  seconds: number;
}

answerRequests(async ({ path }: { path: string }): Promise<XmlParsed> => {
  const startedMs = performance.now();
  const parser = new SaxesParser({ position: false });
  const decoder = new TextDecoder();
  for await (const piece of createReadStream(path) as AsyncIterable<Buffer>)
    parser.write(decoder.decode(piece, { stream: true }));
  parser.close();
  return { seconds: (performance.now() - startedMs) / 1_000 };
});
