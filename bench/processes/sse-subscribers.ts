import { connect, type Socket } from 'node:net';
import { answerRequests } from '../support/worker.js';

// Clients of streams as plain sockets: they count events by their text and note when the last one of a kind came. Parsing HTTP
// would cost this process more than the servers spend on sending.

export type SubscribersRequest =
  | { kind: 'open'; url: string; path: string; token: string; count: number }
  /** Waits until every client has read `marker` once more than the last time. */
  | { kind: 'await'; url: string; marker: string }
  | { kind: 'close'; url: string };

/** Wall-clock times in milliseconds. */
export interface Arrival {
  firstMs: number;
  lastMs: number;
  /** Bytes that all clients have read of it together. */
  bytes: number;
}

const WITHIN_MS = 20_000;
const AT_ONCE = 100;
const nowMs = (): number => performance.timeOrigin + performance.now();

class Client {
  text = '';
  /** When it last read something. */
  atMs = 0;
  onText: () => void = () => undefined;

  constructor(readonly socket: Socket) {
    socket.setEncoding('latin1').on('data', (text) => {
      this.text += String(text);
      this.atMs = nowMs();
      this.onText();
    });
    socket.on('error', () => undefined);
  }
}

const clients = new Map<string, Client[]>();

answerRequests(async (request: SubscribersRequest): Promise<Arrival | null> => {
  if (request.kind === 'open') {
    clients.set(request.url, await openAll(request));
    return null;
  }
  const own = clients.get(request.url) ?? [];
  if (request.kind === 'await') return arrival(own, request.marker);
  for (const { socket } of own) socket.destroy();
  clients.delete(request.url);
  return null;
});

async function openAll({
  url,
  path,
  token,
  count,
}: Extract<SubscribersRequest, { kind: 'open' }>): Promise<Client[]> {
  const { hostname, port } = new URL(url);
  const head = `GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  const opened: Client[] = [];
  while (opened.length < count) {
    const portion = Array.from({ length: Math.min(AT_ONCE, count - opened.length) }, () => {
      const client = new Client(connect(Number(port), hostname, () => client.socket.write(head)));
      return client;
    });
    await Promise.all(portion.map((client) => seen(client, (text) => text.includes('id: '))));
    opened.push(...portion);
  }
  for (const client of opened) {
    if (!client.text.startsWith('HTTP/1.1 200')) throw new Error(client.text.slice(0, 300));
    client.text = '';
  }
  return opened;
}

async function arrival(own: readonly Client[], marker: string): Promise<Arrival> {
  let [firstMs, lastMs, bytes] = [Infinity, 0, 0];
  await Promise.all(
    own.map(async (client) => {
      await seen(client, (text) => text.includes(marker) && text.endsWith('\n\n\r\n'));
      const { atMs } = client;
      firstMs = Math.min(firstMs, atMs);
      lastMs = Math.max(lastMs, atMs);
      bytes += client.text.length;
      if (client.text.split(marker).length !== 2) throw new Error(`A client read ${client.text}`);
      client.text = '';
    }),
  );
  return { firstMs, lastMs, bytes };
}

function seen(client: Client, has: (text: string) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`Not seen; read so far: ${client.text.slice(0, 300)}`)),
      WITHIN_MS,
    );
    client.onText = () => {
      if (!has(client.text)) return;
      clearTimeout(timer);
      client.onText = () => undefined;
      resolve();
    };
    client.onText();
  });
}
