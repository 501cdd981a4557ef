import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

// A TCP proxy that misbehaves on command, to stand before PostgreSQL. Its states are those of a network, not of a test
// double: what passes through is never changed, only held, cut or swallowed.

export type ProxyState =
  /** Forwards. */
  | 'passing'
  /** Nothing listens; open connections were reset. */
  | 'refusing'
  /** Connections are accepted and stay open, and no byte passes: a machine behind a broken router, a stopped server. */
  | 'halfOpen'
  /** The same, but what was sent is kept and passes on when the proxy is healed: a very slow network. */
  | 'holding';

interface Pair {
  client: Socket;
  upstream: Socket;
  /** Bytes kept back, in order, with where they go. */
  held: { to: Socket; bytes: Buffer }[];
  /** Lost for good: bytes were swallowed on it. */
  isDead: boolean;
}

export class FlakyProxy {
  private state: ProxyState = 'passing';
  private server: Server | undefined;
  private port = 0;
  private readonly pairs = new Set<Pair>();
  /** Bytes that clients have sent since the last change of state. */
  bytesFromClients = 0;
  /** Connections that clients have opened since the last change of state. */
  connectionCount = 0;

  private constructor(private readonly target: { host: string; port: number }) {}

  static async before(url: string): Promise<FlakyProxy> {
    const { hostname, port } = new URL(url);
    const proxy = new FlakyProxy({ host: hostname, port: Number(port) });
    await proxy.listen();
    return proxy;
  }

  /** The given URL with this proxy in place of the server. */
  urlOf(url: string): string {
    const changed = new URL(url);
    changed.hostname = '127.0.0.1';
    changed.port = String(this.port);
    return changed.href;
  }

  /** Changes how the network is from now on; `passing` heals it. */
  async become(state: ProxyState): Promise<void> {
    const before = this.state;
    this.state = state;
    this.bytesFromClients = 0;
    this.connectionCount = 0;
    if (state === 'refusing') {
      await this.stopListening();
      this.cut();
    } else if (before === 'refusing') {
      await this.listen();
    }
    if (state === 'passing') this.release();
  }

  /** Every open connection swallows all from now on and is never closed, as when a router forgets them. New ones work. */
  loseConnections(): void {
    for (const pair of this.pairs) pair.isDead = true;
  }

  /** Resets every open connection; new ones work as the state says. */
  cut(): void {
    for (const pair of this.pairs) {
      pair.client.resetAndDestroy();
      pair.upstream.destroy();
    }
    this.pairs.clear();
  }

  async close(): Promise<void> {
    await this.stopListening();
    this.cut();
  }

  private listen(): Promise<void> {
    const server = createServer((client) => this.accept(client));
    this.server = server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', () => {
        this.port = (server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  private stopListening(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return Promise.resolve();
    return new Promise((resolve) => {
      server.close(() => resolve());
      this.cut();
    });
  }

  private accept(client: Socket): void {
    this.connectionCount += 1;
    const pair: Pair = { client, upstream: connect(this.target), held: [], isDead: false };
    this.pairs.add(pair);
    for (const socket of [client, pair.upstream]) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      // A network that swallows everything swallows the goodbyes too.
      socket.on('close', () => {
        if (this.state === 'halfOpen' || pair.isDead) return;
        pair.client.destroy();
        pair.upstream.destroy();
        this.pairs.delete(pair);
      });
    }
    client.on('data', (bytes: Buffer) => {
      this.bytesFromClients += bytes.length;
      this.pass(pair, pair.upstream, bytes);
    });
    pair.upstream.on('data', (bytes: Buffer) => this.pass(pair, client, bytes));
  }

  private pass(pair: Pair, to: Socket, bytes: Buffer): void {
    if (this.state === 'halfOpen') pair.isDead = true;
    if (pair.isDead) return;
    if (this.state === 'holding') pair.held.push({ to, bytes });
    else to.write(bytes);
  }

  private release(): void {
    for (const pair of this.pairs) for (const { to, bytes } of pair.held.splice(0)) to.write(bytes);
  }
}
