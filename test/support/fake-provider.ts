import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';

/** What a scripted third party does with one request. */
export type Step =
  | { status?: number; headers?: Record<string, string>; body?: string | Buffer }
  | 'reset'
  | 'half-body'
  | 'hang'
  | 'slow-loris'
  | ((response: ServerResponse) => void);

export interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
  atMs: number;
}

/** A third party that does as it is told: each request takes the next step, and the last step stays. */
export interface FakeProvider {
  readonly url: string;
  readonly port: number;
  readonly seen: SeenRequest[];
  /** Most requests that were under way at the same time. */
  mostParallel: number;
  /** Connections that anybody has opened. */
  connections: number;
  script(...steps: Step[]): void;
  close(): Promise<void>;
}

export async function openFakeProvider(): Promise<FakeProvider> {
  let steps: Step[] = [{}];
  let parallel = 0;
  const seen: SeenRequest[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const server = createServer((request, response) => {
    parallel += 1;
    provider.mostParallel = Math.max(provider.mostParallel, parallel);
    response.once('close', () => (parallel -= 1));
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      seen.push({ method, url, headers, body: Buffer.concat(chunks).toString(), atMs: performance.now() });
      const step = steps.length > 1 ? steps.shift()! : steps[0]!;
      play(step, response, timers);
    });
  });
  server.on('connection', () => (provider.connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const provider: FakeProvider = {
    url: `http://127.0.0.1:${port}`,
    port,
    seen,
    mostParallel: 0,
    connections: 0,
    script: (...given) => {
      steps = given;
      seen.length = 0;
      provider.mostParallel = 0;
    },
    close: async () => {
      for (const timer of timers) clearInterval(timer);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return provider;
}

function play(step: Step, response: ServerResponse, timers: Set<NodeJS.Timeout>): void {
  if (typeof step === 'function') return step(response);
  if (step === 'hang') return;
  if (step === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  if (step === 'half-body') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"half":', () => response.socket?.destroy());
    return;
  }
  if (step === 'slow-loris') {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => void response.write(' '), 20);
    timers.add(timer);
    response.once('close', () => clearInterval(timer));
    return;
  }
  response.writeHead(step.status ?? 200, { 'content-type': 'application/json', ...step.headers });
  response.end(step.body ?? '{"ok":true}');
}

/** A listener that counts who knocks, for tests of what must not be called. */
export async function openTripwire(): Promise<{ port: number; count(): number; close(): Promise<void> }> {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    count: () => connections,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
