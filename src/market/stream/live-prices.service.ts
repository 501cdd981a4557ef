import { Injectable } from '@nestjs/common';
import { frameText, textFrame } from '../../platform/realtime/frame-bytes.js';
import type { LiveSocket } from '../../platform/realtime/live-socket.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { tooManyWatches } from '../market.errors.js';
import type { BoardPrice, PriceBoard } from './price-board.js';
import { priceJson, pricePages } from './price-text.js';
import { PriceWatcher } from './price-watcher.service.js';

// Sockets that watch prices. The board of a server is shared with the stream of Server-Sent Events (PriceWatcher), and the frames of a change
// are made once for all who asked for the same items. A socket that does not read is not told of changes: when it has read up, it gets
// all that the board has since the version it was told last, however many changes that were.

const MOST_WATCHES = 20;

/** What a socket asks for. */
export interface WatchRequest {
  readonly game: string;
  readonly server: string;
  readonly items?: readonly number[] | undefined;
  readonly version?: number | undefined;
}

export interface Watching {
  readonly game: string;
  readonly server: string;
  readonly version: number;
}

interface Watch {
  readonly socket: LiveSocket;
  readonly items: ReadonlySet<number> | undefined;
  /** Which watches may share their frames. */
  readonly filter: string;
  /** Up to which the client has been told. */
  version: number;
}

interface WatchedServer {
  readonly game: string;
  readonly server: string;
  readonly board: PriceBoard;
  readonly watches: Map<LiveSocket, Watch>;
  stop(): void;
}

@Injectable()
export class LivePrices {
  private readonly servers = new Map<number, WatchedServer>();
  private readonly bySocket = new WeakMap<LiveSocket, Set<number>>();

  constructor(
    private readonly directory: CatalogDirectory,
    private readonly watcher: PriceWatcher,
  ) {}

  /** @throws DomainError unknown game or server, too many watches */
  async watch(socket: LiveSocket, request: WatchRequest): Promise<Watching> {
    const { id } = await this.directory.server(request.game, request.server);
    const own = this.bySocket.get(socket) ?? new Set();
    if (own.size >= MOST_WATCHES && !own.has(id)) throw tooManyWatches(MOST_WATCHES);
    const watched = await this.follow(id, request);
    const { game, server, board } = watched;
    if (!socket.isOpen) {
      this.stopEmpty(id);
      return { game, server, version: board.version };
    }
    // From here on nothing waits: what is told below and what is told later make one whole.
    const items = request.items && [...new Set(request.items)].sort((a, b) => a - b);
    const watch = {
      socket,
      items: items && new Set(items),
      filter: items?.join() ?? '*',
      version: request.version ?? board.version,
    };
    watched.watches.set(socket, watch);
    this.bySocket.set(socket, own.add(id));
    if (request.version !== undefined) socket.sendWhenRead(String(id), () => missed(watched, watch));
    return { game, server, version: board.version };
  }

  /** @throws DomainError unknown game or server */
  async unwatch(socket: LiveSocket, game: string, server: string): Promise<void> {
    const { id } = await this.directory.server(game, server);
    this.forget(socket, id);
    this.bySocket.get(socket)?.delete(id);
  }

  leave(socket: LiveSocket): void {
    for (const id of this.bySocket.get(socket) ?? []) this.forget(socket, id);
    this.bySocket.delete(socket);
  }

  /** One listener to the board of a server, however many sockets are behind it. */
  private async follow(id: number, { game, server }: WatchRequest): Promise<WatchedServer> {
    const known = this.servers.get(id);
    if (known) return known;
    const following = await this.watcher.follow(id, (version, changes) => {
      const watched = this.servers.get(id);
      if (watched) tell(watched, String(id), version, changes);
    });
    const made = this.servers.get(id);
    if (made) {
      following.stop(); // somebody else came at the same time
      return made;
    }
    const watched = {
      game,
      server,
      board: following.board,
      watches: new Map(),
      stop: () => following.stop(),
    };
    this.servers.set(id, watched);
    return watched;
  }

  private forget(socket: LiveSocket, id: number): void {
    this.servers.get(id)?.watches.delete(socket);
    this.stopEmpty(id);
  }

  private stopEmpty(id: number): void {
    const watched = this.servers.get(id);
    if (watched === undefined || watched.watches.size > 0) return;
    watched.stop();
    this.servers.delete(id);
  }
}

function tell(told: WatchedServer, key: string, version: number, changes: readonly BoardPrice[]): void {
  const texts = changes.map(priceJson);
  const made = new Map<string, Buffer[]>();
  for (const watch of told.watches.values()) {
    let frames = made.get(watch.filter);
    if (frames === undefined) {
      const { items } = watch;
      const wanted =
        items === undefined ? texts : texts.filter((_text, at) => items.has(changes[at]!.itemId));
      frames = wanted.length === 0 ? [] : framesOf('price', told, version, wanted);
      made.set(watch.filter, frames);
    }
    if (watch.socket.isSlow) watch.socket.sendWhenRead(key, () => missed(told, watch));
    else {
      watch.version = version;
      if (frames.length > 0) watch.socket.sendBytes(Buffer.concat(frames), frames.length);
    }
  }
}

/** What has changed since the client was told, or all where that cannot be said; it has been told then. */
function missed(told: WatchedServer, watch: Watch): Buffer[] {
  const { board } = told;
  const changes = board.changesAfter(watch.version, watch.items);
  watch.version = board.version;
  if (changes === undefined)
    return framesOf('snapshot', told, board.version, board.prices(watch.items).map(priceJson));
  return changes.length === 0 ? [] : framesOf('price', told, board.version, changes.map(priceJson));
}

function framesOf(
  event: 'price' | 'snapshot',
  { game, server }: WatchedServer,
  version: number,
  texts: readonly string[],
): Buffer[] {
  const place = `{"game":${JSON.stringify(game)},"server":${JSON.stringify(server)},`;
  return pricePages(version, texts).map((page) => textFrame(frameText(event, place + page.slice(1))));
}
