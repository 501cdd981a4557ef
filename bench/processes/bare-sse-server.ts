import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerRequests } from '../support/worker.js';

// The least that can tell many clients the same: node:http, a set of answers, one Buffer written to each. No guard, no database,
// no filter, no bound on what waits for whom.

answerRequests(async (): Promise<{ url: string }> => {
  const listening = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      response.writeHead(200, {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store, no-transform',
      });
      response.write('id: 0\n\n');
      listening.add(response);
      response.once('close', () => listening.delete(response));
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.writeHead(201).end();
      const event = Buffer.concat(chunks);
      // As with the other, the answer leaves first.
      setImmediate(() => {
        for (const one of listening) one.write(event);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
});
