import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Wire } from './live-socket.js';

/** How long a client may take to read why it was closed. */
const LINGER_MS = 5_000;

/**
 * A connection of `ws`. Frames go straight to the socket below: `ws` frames every message anew and writes head and payload by two
 * calls, which with many sockets is most of what sending costs. Its own frames (ping, pong, close) go the same way, whole.
 */
export class WsWire implements Wire {
  constructor(
    private readonly client: WebSocket,
    private readonly socket: Duplex,
  ) {}

  get queuedBytes(): number {
    return this.socket.writableLength;
  }

  get isOpen(): boolean {
    return this.client.readyState === this.client.OPEN;
  }

  write(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  ping(): void {
    this.client.ping();
  }

  close(code: number, reason: string): void {
    this.client.close(code, reason);
    const timer = setTimeout(() => this.client.terminate(), LINGER_MS).unref();
    this.client.once('close', () => clearTimeout(timer));
  }

  terminate(): void {
    this.client.terminate();
  }

  onceDrained(listener: () => void): void {
    this.socket.once('drain', listener);
  }
}
