import { connect, type Socket } from 'node:net';

/** One answer as it came over the wire. */
export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** A connection on which a test writes what no HTTP client would. */
export class RawConnection {
  received = '';
  isClosed = false;
  /** Milliseconds from connecting to the close. */
  closedAfterMs = Number.NaN;
  readonly closed: Promise<void>;
  private readonly socket: Socket;

  constructor(base: string) {
    const { hostname, port } = new URL(base);
    const startedMs = performance.now();
    this.socket = connect({ host: hostname, port: Number(port) });
    this.socket.on('data', (chunk: Buffer) => (this.received += chunk.toString('latin1')));
    this.socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      this.socket.once('close', () => {
        this.isClosed = true;
        this.closedAfterMs = performance.now() - startedMs;
        resolve();
      });
    });
  }

  /** Resolves when the bytes have left, or at once when the other side has closed. */
  write(bytes: string | Uint8Array): Promise<void> {
    if (this.isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      void this.closed.then(resolve);
      this.socket.write(bytes, () => resolve());
    });
  }

  /** Reads no more of what the server sends. */
  pause(): void {
    this.socket.pause();
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** The answers that have come so far, in order. */
  answers(): RawAnswer[] {
    const found: RawAnswer[] = [];
    let rest = Buffer.from(this.received, 'latin1');
    for (;;) {
      const end = rest.indexOf('\r\n\r\n');
      if (end < 0) return found;
      const [statusLine = '', ...lines] = rest.subarray(0, end).toString('latin1').split('\r\n');
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1]);
      if (Number.isNaN(status)) throw new Error(`Not an answer: ${statusLine.slice(0, 200)}`);
      const headers = Object.fromEntries(
        lines.map((line) => {
          const colon = line.indexOf(':');
          return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
        }),
      );
      const length = Number(headers['content-length'] ?? 0);
      const body = rest.subarray(end + 4, end + 4 + length);
      if (body.length < length) return found;
      found.push({ status, headers, body: body.toString('utf8') });
      rest = rest.subarray(end + 4 + length);
    }
  }
}

/** Writes `bytes` on a connection of its own and takes what comes until the server closes it. */
export async function exchange(base: string, bytes: string | Uint8Array): Promise<RawAnswer[]> {
  const connection = new RawConnection(base);
  await connection.write(bytes);
  await connection.closed;
  return connection.answers();
}
