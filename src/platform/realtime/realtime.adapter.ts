import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { INestApplicationContext } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { randomText } from '../crypto/random-text.js';
import { answerInFlight } from '../http/fast-express.adapter.js';
import { toProblem } from '../http/problem.js';
import { refuseSocket } from '../http/reply.js';
import { Dispatcher } from './dispatcher.service.js';
import { type Gateway, type GatewayOptions, Gateways } from './gateways.service.js';
import { LiveSocket } from './live-socket.js';
import { LiveSockets } from './live-sockets.service.js';
import { isoOrNull } from './platform-frames.service.js';
import { badHandshake, noGateway } from './realtime.errors.js';
import { CLOSE } from './close-codes.js';
import { PROTOCOL, UpgradeDoor } from './upgrade-door.service.js';
import { WsWire } from './ws-wire.js';

// Nest's gateways on `ws`, below the server that serves everything else. Nest finds and makes them; the handshake, which Nest lets
// everybody through, and the way of a message, which it makes long, are ours.

const SESSION_CHARACTERS = 16;

export class RealtimeAdapter extends WsAdapter {
  private readonly gateways: Gateways;
  private readonly door: UpgradeDoor;
  private readonly sockets: LiveSockets;
  private readonly dispatcher: Dispatcher;
  private readonly servers = new Map<string, WebSocketServer>();

  /** @param payloadBytes the longest message that is taken */
  constructor(
    app: INestApplicationContext,
    private readonly payloadBytes: number,
  ) {
    super(app);
    this.gateways = app.get(Gateways);
    this.door = app.get(UpgradeDoor);
    this.sockets = app.get(LiveSockets);
    this.dispatcher = app.get(Dispatcher);
  }

  override create(port: number, options: Partial<GatewayOptions> = {}): WebSocketServer {
    const { path } = options;
    if (port !== 0 || path === undefined)
      throw new Error('A gateway has a path of the one server: @WebSocketGateway({ path, frames })');
    this.ensureHttpServerExists(port, this.httpServer as Server);
    const server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false, // some 300 kB per socket for frames that are small anyway
      maxPayload: this.payloadBytes,
      handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
    });
    this.servers.set(path, server);
    return server;
  }

  /** Nest's way of connections and messages; ours is `welcome`. */
  override bindClientConnect(): void {}
  override bindMessageHandlers(): void {}

  /** Sockets have been told goodbye before (LiveSockets); what is left goes with the HTTP server. */
  override close(server: WebSocketServer): Promise<void> {
    return new Promise((resolve) => server.close(() => resolve()));
  }

  protected override ensureHttpServerExists(port: number, server?: Server): Server | undefined {
    if (this.httpServersRegistry.has(port) || server === undefined) return undefined;
    this.httpServersRegistry.set(port, server);
    server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      // Requests before it on the connection are not answered yet; whatever is written now would be taken for their answer.
      if (answerInFlight(socket)) socket.destroy();
      else void this.upgrade(request, socket, head);
    });
    return server;
  }

  private async upgrade(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    const ignore = (): void => undefined;
    socket.on('error', ignore); // a client that leaves while we look it up
    try {
      const [path = ''] = (request.url ?? '').split('?', 1);
      const server = this.servers.get(path);
      const gateway = this.gateways.at(path);
      if (server === undefined || gateway === undefined) throw noGateway();
      assertHandshake(request);
      const principal = await this.door.admit(request, gateway.frames);
      this.sockets.assertRoom(principal);
      if (socket.destroyed) return;
      server.handleUpgrade(request, socket, head, (client) => {
        socket.off('error', ignore);
        this.welcome(client, socket, gateway, principal);
      });
    } catch (error) {
      const problem = toProblem(error);
      this.sockets.figures.noteRefusedUpgrade(problem.status);
      refuseSocket(socket, problem);
    }
  }

  private welcome(
    client: WebSocket,
    below: Socket,
    gateway: Gateway,
    principal: LiveSocket['principal'],
  ): void {
    const { figures } = this.sockets;
    const socket = new LiveSocket(
      randomText(SESSION_CHARACTERS),
      principal,
      gateway.frames.path,
      new WsWire(client, below),
      figures,
    );
    this.sockets.add(socket);
    client.on('error', () => undefined); // `ws` closes with the code that fits
    client.on('close', (code: number) => {
      figures.noteClose(code);
      socket.noteGone();
      gateway.disconnected?.(socket);
    });
    client.on('pong', () => (socket.seenAtMs = performance.now()));
    socket.send('welcome', {
      session: socket.id,
      serverMs: Date.now(),
      expiresAt: isoOrNull(principal.expiresAtMs),
      ...this.dispatcher.terms(gateway.frames),
    });
    const conversation = this.dispatcher.converse(socket, gateway, client, this.connect(socket, gateway));
    client.on('message', (bytes: Buffer, isBinary: boolean) => conversation.take(bytes, isBinary));
  }

  /** @returns a promise only where the gateway has something to wait for */
  private connect(socket: LiveSocket, { connected }: Gateway): Promise<void> | undefined {
    const refuse = (error: unknown): void => {
      const problem = toProblem(error);
      socket.send('error', problem);
      const isForbidden = problem.status === 403 || problem.status === 404;
      socket.close(isForbidden ? CLOSE.forbidden : CLOSE.internal, problem.title);
    };
    try {
      return connected?.(socket)?.catch(refuse);
    } catch (error) {
      refuse(error);
      return undefined;
    }
  }
}

/** What `ws` would refuse too, but only after the caller's ticket was spent. @throws DomainError */
function assertHandshake({ method, headers }: IncomingMessage): void {
  const isMeant =
    method === 'GET' &&
    ['13', '8'].includes(headers['sec-websocket-version'] ?? '') &&
    /^[+/0-9A-Za-z]{22}==$/.test(headers['sec-websocket-key'] ?? '');
  if (!isMeant) throw badHandshake('This is no handshake of RFC 6455.');
}
