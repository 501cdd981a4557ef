import type { ServerResponse } from 'node:http';

/** Where the events of one client go; the answer to its request is one. */
export interface EventSink {
  /** Sends the head: from here on there is no other answer. */
  begin(): void;
  write(bytes: Uint8Array): unknown;
  end(bytes: Uint8Array): unknown;
  /** Answers that nothing will come (204), in place of a stream: the client stays away. */
  endEmpty(): void;
  destroy(): unknown;
  /** Told once, however the connection ends. */
  onClose(listener: () => void): void;
  /** The connection is gone already; whoever listens for its end now hears nothing. */
  readonly isClosed: boolean;
  /** Bytes that wait for the client to read. */
  readonly queuedBytes: number;
}

const HEAD = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
};

/** Answers a request with Server-Sent Events; the handler itself returns nothing. */
export function eventSink(response: ServerResponse): EventSink {
  return {
    begin: () => {
      response.writeHead(200, HEAD);
      response.flushHeaders();
    },
    write: (bytes) => response.write(bytes),
    end: (bytes) => response.end(bytes),
    endEmpty: () => void response.writeHead(204, { 'Cache-Control': 'no-store' }).end(),
    destroy: () => response.destroy(),
    onClose: (listener) => void response.once('close', listener),
    get isClosed() {
      return response.destroyed;
    },
    get queuedBytes() {
      return response.writableLength;
    },
  };
}
