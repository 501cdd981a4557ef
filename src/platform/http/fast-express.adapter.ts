import { createServer, IncomingMessage, type Server, ServerResponse, STATUS_CODES } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { type NestApplicationOptions, StreamableFile } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { Application } from 'express';
import { NOT_MODIFIED } from './conditional.js';
import {
  REFUSAL,
  refuse,
  refuseSocket,
  SECURITY_HEADERS,
  TLS_SECURITY_HEADERS,
  writeBytes,
  writeJson,
  writeNotModified,
} from './reply.js';
import { ROUTE_VERBS, RouteIndex, type RouteVerb } from './route-index.js';

// Express behaves as ever and costs a fifth. Three things are taken off its path, none of which changes an answer:
// 1. Express gives every request and response its own prototype, and swapping the prototype of a live object throws it
//    off V8's inline caches, node:http's own accesses included. Here the server creates them with that prototype, so the
//    swap finds nothing to do. Invariant: Object.getPrototypeOf(req) === app.request before Express runs.
//    (A mounted express() application, unlike a Router, still swaps; it is slower there, never wrong.)
// 2. Routes are narrowed by a trie (RouteIndex) before Express tries them.
// 3. JSON is written directly (reply.ts).
// The one known difference to the plain adapter: OPTIONS on an existing path without a handler or CORS for it answers 200
// with Allow, as Express does, instead of Nest's 404.

/** Limits of one connection; what exceeds them is answered 408 or 431 and closed. */
export interface HttpServerLimits {
  /** For the whole request, body included. */
  requestTimeoutMs: number;
  /** For request line and headers, and for the handshake of TLS before them; at most `requestTimeoutMs`. */
  headersTimeoutMs: number;
  /** How long an idle connection stays open; longer than a proxy in front keeps its own. */
  keepAliveTimeoutMs: number;
  /** Request line and headers together. */
  maxHeaderBytes: number;
  /** Clients reach it by https, here or at the proxy in front, and shall never try without. */
  isTls?: boolean;
}

const CONNECTIONS_CHECKING_INTERVAL_MS = 1_000;
/** Pipelined requests on one connection are all under way at once; more than these would crowd out everybody else. */
const MAX_UNANSWERED = 32;
const ALLOWED_METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';

export class FastExpressAdapter extends ExpressAdapter {
  private index: RouteIndex | undefined;
  private isClosing = false;
  private refusesWhileClosing = false;
  private hangsUpOnClose = false;
  private readonly sockets = new Set<Socket>();

  constructor(private readonly limits: HttpServerLimits) {
    super();
    const app = this.getInstance<Application>();
    app.set('etag', false).set('query parser', 'simple').disable('x-powered-by');
  }

  /** Nest registers every route through these methods; a path without handlers is Express' `app.get(setting)`. */
  static {
    for (const verb of ROUTE_VERBS) {
      const indexed = function (this: FastExpressAdapter, path: unknown, ...handlers: unknown[]): unknown {
        const app = this.getInstance<Record<RouteVerb, (setting: unknown) => unknown>>();
        return handlers.length === 0 ? app[verb](path) : this.addRoute(verb, path, handlers);
      };
      Object.defineProperty(this.prototype, verb, { value: indexed, writable: true, configurable: true });
    }
  }

  override initHttpServer(options: NestApplicationOptions): void {
    this.refusesWhileClosing = options.return503OnClosing ?? false;
    this.hangsUpOnClose = options.forceCloseConnections ?? false;
    const app = this.getInstance<Application>();
    const headers = this.limits.isTls ? TLS_SECURITY_HEADERS : SECURITY_HEADERS;
    const serve = (request: IncomingMessage, response: ServerResponse): void => {
      response.setHeaders(headers as Map<string, string>);
      if (!this.isRefused(request, response)) app(request, response);
    };
    const shape = { ...shapedLike(app), ...serverOptions(this.limits) };
    this.httpServer = options.httpsOptions
      ? createTlsServer({ ...shape, ...handshakeOptions(this.limits), ...options.httpsOptions }, serve)
      : createServer(shape, serve);
    this.httpServer.on('clientError', refuseClient);
    this.httpServer.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) =>
      refuse(response, REFUSAL.expectation),
    );
    this.httpServer.on(options.httpsOptions ? 'secureConnection' : 'connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  /**
   * JSON objects and bytes are written here, a `NOT_MODIFIED` becomes a 304, and all else (texts, nothing, streams) goes
   * the usual way.
   */
  override reply(response: ServerResponse, body: unknown, statusCode?: number): unknown {
    if (body === NOT_MODIFIED) return writeNotModified(response);
    const status = statusCode ?? response.statusCode;
    const isWritable = typeof body === 'object' && body !== null && !(body instanceof StreamableFile);
    if (!isWritable || isBodiless(status) || response.hasHeader('Transfer-Encoding')) {
      return super.reply(response, body, statusCode);
    }
    response.statusCode = status;
    if (body instanceof Uint8Array) return writeBytes(response, body);
    // An error that was returned instead of thrown would give away its fields, such as the request of an HTTP client.
    const isLeak = body instanceof Error && status >= 400;
    return writeJson(
      response,
      isLeak ? { statusCode: status, message: STATUS_CODES[status] ?? 'Error' } : body,
    );
  }

  /** From here on every answer tells its client not to reuse the connection. */
  override beforeClose(): void {
    super.beforeClose();
    this.isClosing = true;
    for (const socket of this.sockets) announceClose(answerInFlight(socket));
  }

  /**
   * Resolves when the last answer in flight has left. node:http closes the idle connections but would wait for one on
   * which nothing was ever asked, and stops enforcing its timeouts; whoever shuts down bounds the wait with
   * `closeAllConnections()`. Sockets that were upgraded are closed here, so their gateway says goodbye before.
   */
  override close(): Promise<unknown> | undefined {
    this.beforeClose();
    const closed = super.close();
    for (const socket of this.sockets) closeWhenAnswered(socket);
    if (this.hangsUpOnClose) (this.httpServer as Server | undefined)?.closeAllConnections();
    return closed;
  }

  /** A use(), CORS or a raw route in between starts a new index, so that the global order stays as declared. */
  private addRoute(verb: RouteVerb, path: unknown, handlers: readonly unknown[]): Application {
    const app = this.getInstance<Application>();
    if (this.index === undefined || app.router.stack.at(-1)?.handle !== this.index.handle) {
      this.index = new RouteIndex(this.getRouteMatchingOptions());
      app.use(this.index.handle);
    }
    this.index.add(verb, path, handlers);
    return app;
  }

  private isRefused(request: IncomingMessage, response: ServerResponse): boolean {
    if (this.isClosing) announceClose(response);
    if (request.method === 'TRACE') {
      response.setHeader('Allow', ALLOWED_METHODS);
      refuse(response, REFUSAL.traceNotAllowed);
      return true;
    }
    if (request.headers.host === undefined && request.httpVersion === '1.1') {
      announceClose(response);
      refuse(response, REFUSAL.malformed);
      return true;
    }
    if (isOneTooMany(response)) {
      refuse(response, REFUSAL.tooManyUnanswered);
      return true;
    }
    if (this.isClosing && this.refusesWhileClosing) {
      refuse(response, REFUSAL.shuttingDown);
      return true;
    }
    return false;
  }
}

/** Classes whose instances already are what Express would make of them. */
function shapedLike(app: Application & { request?: object; response?: object }) {
  class ShapedRequest extends IncomingMessage {}
  takesWebSocketsOnly(ShapedRequest.prototype);
  class ShapedResponse extends ServerResponse {}
  Object.setPrototypeOf(ShapedRequest.prototype, app.request ?? null);
  Object.setPrototypeOf(ShapedResponse.prototype, app.response ?? null);
  app.request = ShapedRequest.prototype;
  app.response = ShapedResponse.prototype;
  return { IncomingMessage: ShapedRequest, ServerResponse: ShapedResponse };
}

const WISHES = Symbol('wishes');

/**
 * A server with a listener for upgrades is handed every request that wishes for one, whatever it wishes for, without its body. Clients
 * that would rather speak HTTP/2 (Java's, curl --http2) wish with each request; they are served as if they did not, which RFC 9110
 * (7.8) leaves to the server. node:http writes its parser's verdict to this property, and asks it before it hands a request over.
 */
function takesWebSocketsOnly(prototype: IncomingMessage & { [WISHES]?: boolean }): void {
  Object.defineProperty(prototype, 'upgrade', {
    configurable: true,
    get(this: IncomingMessage & { [WISHES]?: boolean }): boolean {
      if (this[WISHES] !== true) return false;
      return this.method === 'CONNECT' || this.headers.upgrade?.toLowerCase() === 'websocket';
    },
    set(this: IncomingMessage & { [WISHES]?: boolean }, isWished: boolean | null) {
      if (isWished !== null || this[WISHES] !== undefined) this[WISHES] = isWished === true;
    },
  });
}

function serverOptions(limits: HttpServerLimits) {
  return {
    requestTimeout: limits.requestTimeoutMs,
    headersTimeout: limits.headersTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    maxHeaderSize: limits.maxHeaderBytes,
    requireHostHeader: false, // isRefused() asks for it, and answers like everywhere
    connectionsCheckingInterval: CONNECTIONS_CHECKING_INTERVAL_MS,
  };
}

/** Before a handshake has ended there is no request whose time could run out. */
function handshakeOptions({ headersTimeoutMs }: HttpServerLimits) {
  return { handshakeTimeout: headersTimeoutMs };
}

function isBodiless(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

/** node:http keeps the answer being written on its socket; its own handler of client errors reads it there too. */
export function answerInFlight(socket: Socket): ServerResponse | undefined {
  return (socket as { _httpMessage?: ServerResponse | null })._httpMessage ?? undefined;
}

/** Pipelined requests that wait behind the answer in flight, by connection. */
const waitingOn = new WeakMap<Socket, number>();

function isOneTooMany(response: ServerResponse): boolean {
  const { socket } = response.req;
  if (answerInFlight(socket) === response) return false;
  const waiting = waitingOn.get(socket) ?? 0;
  if (waiting >= MAX_UNANSWERED) return true;
  waitingOn.set(socket, waiting + 1);
  response.once('close', () => waitingOn.set(socket, waitingOn.get(socket)! - 1));
  return false;
}

function announceClose(response: ServerResponse | undefined): void {
  if (response && !response.headersSent) response.setHeader('Connection', 'close');
}

/** An answer whose head is not out yet announces the close and node ends the connection; the others are ended here. */
function closeWhenAnswered(socket: Socket): void {
  const answer = answerInFlight(socket);
  if (!answer) socket.destroySoon();
  else if (answer.headersSent) answer.once('finish', () => socket.destroySoon());
}

/**
 * A connection on which no further request can be read. Requests that came before were good and are answered first, or their
 * client would take the refusal for their answer. After the head of an answer, ours would be taken for its body.
 */
function refuseClient(error: NodeJS.ErrnoException, socket: Socket): void {
  if (socket.writableEnded) return; // refused before, and still sending
  const answer = answerInFlight(socket);
  if (socket.writable && answer?.req.complete) answer.once('finish', () => refuseClient(error, socket));
  else if (!socket.writable || answer?.headersSent) socket.destroy();
  else if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') refuseSocket(socket, REFUSAL.tooSlow);
  else if (error.code === 'HPE_HEADER_OVERFLOW') refuseSocket(socket, REFUSAL.headersTooLarge);
  else refuseSocket(socket, REFUSAL.malformed);
}
