import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

// What every stand-in needs, whatever it plays.

export interface LoopbackServer {
  /** Without a slash at the end. */
  readonly url: string;
  /** Ends open connections too. */
  close(): Promise<void>;
}

/** @param port undefined or 0 takes a free one @param serve a connection whose answer fails is cut */
export async function openLoopbackServer(
  port: number | undefined,
  serve: (request: IncomingMessage, response: ServerResponse) => Promise<unknown>,
): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port ?? 0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const HUGE_CHUNK = Buffer.alloc(65_536, 0x20);
/** More than any client reads, less than fills a disk. */
const HUGE_BYTES = 64 * 1_024 * 1_024;

/** A 200 that goes on for as long as somebody reads. */
export function writeHuge(response: ServerResponse, headers: Record<string, string>): void {
  response.writeHead(200, headers);
  let left = HUGE_BYTES;
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= HUGE_CHUNK.length;
      if (!response.write(HUGE_CHUNK)) {
        response.once('drain', more);
        return;
      }
    }
    if (!response.destroyed) response.end();
  };
  more();
}
