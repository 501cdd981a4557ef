import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';

const HOP_BY_HOP = new Set(['upgrade', 'connection', 'http2-settings']);

/**
 * Once a server takes upgrades, node:http hands it every request that asks for one, whatever it asks for; clients that would rather
 * speak HTTP/2 (Java's, curl --http2) ask with each request, and are served HTTP/1.1 as they are without. The request is given
 * back to the server as it came, but for the wish.
 */
export function withoutUpgrade(
  server: Server,
  { method, url, httpVersion, rawHeaders }: IncomingMessage,
  socket: Socket,
  head: Buffer,
): void {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (!HOP_BY_HOP.has(name.toLowerCase())) lines.push(`${name}: ${rawHeaders[index + 1]!}`);
  }
  if (head.length > 0) socket.unshift(head);
  socket.unshift(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'));
  server.emit(server instanceof TlsServer ? 'secureConnection' : 'connection', socket);
}
