import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { currentContext } from '../profiling/span.js';
import { serverTiming } from '../profiling/span-tree.js';

const MOST_OPERATIONS = 5;

type WriteHead = (
  this: ServerResponse,
  ...args: [
    number,
    (string | OutgoingHttpHeaders | OutgoingHttpHeader[])?,
    (OutgoingHttpHeaders | OutgoingHttpHeader[])?,
  ]
) => ServerResponse;

/**
 * Development only: every answer says where its time went (`Server-Timing`, shown by the browser's network panel). Every way of
 * answering ends in writeHead, so the header is added there.
 * @param prototype of the application's responses
 */
export function announceTimings(prototype: ServerResponse): void {
  const { writeHead } = prototype as unknown as { writeHead: WriteHead };
  const timed: WriteHead = function (this: ServerResponse, ...args) {
    const context = currentContext();
    if (context !== undefined && !this.headersSent)
      this.setHeader('Server-Timing', serverTiming(context.elapsedMs(), context.spans, MOST_OPERATIONS));
    return writeHead.apply(this, args);
  };
  Object.assign(prototype, { writeHead: timed });
}
