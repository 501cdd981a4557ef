import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { answerRequests } from '../support/worker.js';

// The least that can answer: every message goes back as it came. Nothing is read from it, checked, reckoned or stored.

answerRequests(async (): Promise<{ url: string }> => {
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false, clientTracking: false });
  sockets.on('connection', (socket: WebSocket) => {
    socket.on('message', (bytes: Buffer) => socket.send(bytes, { binary: false }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
});
