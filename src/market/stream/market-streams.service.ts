import { Injectable } from '@nestjs/common';
import { AuthError } from '../../platform/auth/auth.errors.js';
import type { Principal } from '../../platform/auth/principal.js';
import type { EventSink } from '../../platform/http/event-sink.js';
import { type EventStream, EventStreams } from '../../platform/http/event-streams.service.js';
import { eventBytes, placeBytes } from '../../platform/http/event-text.js';
import { NotificationFeed } from '../../platform/notifications/notification-feed.service.js';
import type { NotificationRow } from '../../platform/notifications/notifications.repository.js';
import type { AlertNews } from '../alerts/alert-news.js';
import { ALERT_TOPIC } from '../alerts/evaluate-alerts.service.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { alertsNeedAccount } from '../market.errors.js';
import type { PriceBoard } from './price-board.js';
import { missedBytes, PriceFanout } from './price-fanout.service.js';
import { PriceWatcher } from './price-watcher.service.js';
import { placeText, readPlace, type StreamPlace, type StreamQuery } from './stream-query.js';

/** The listeners of a server and the board that they listen to. */
interface Room {
  readonly fanout: PriceFanout;
  readonly board: PriceBoard;
  stop(): void;
}

/** What one client listens to. */
interface Listening {
  readonly stream: EventStream;
  readonly serverId: number;
  readonly query: StreamQuery;
  /** Where the client is. */
  version: number;
  seq: number | undefined;
  readonly stops: (() => void)[];
}

/** Tells clients of a server's prices, and of the alerts of their account there, as they happen. */
@Injectable()
export class MarketStreams {
  private readonly rooms = new Map<number, Room>();

  constructor(
    private readonly directory: CatalogDirectory,
    private readonly watcher: PriceWatcher,
    private readonly feed: NotificationFeed,
    private readonly streams: EventStreams,
  ) {}

  /**
   * @param lastEventId where the client is: it gets what it has missed, or everything anew where that cannot be said
   * @throws DomainError unknown game or server, too many streams, alerts of whoever is no account; AuthError for those of whoever may have none
   */
  async open(
    caller: Principal,
    place: { game: string; server: string },
    query: StreamQuery,
    lastEventId: string | undefined,
    sink: EventSink,
  ): Promise<void> {
    const hasAlerts = query.events.has('alert');
    if (hasAlerts && !caller.permissions.has('market:own')) throw new AuthError('forbidden');
    if (hasAlerts && caller.kind !== 'account') throw alertsNeedAccount();
    const server = await this.directory.server(place.game, place.server);
    this.streams.assertRoom(caller);
    const at = readPlace(lastEventId);
    const seq = hasAlerts ? await this.feed.placeOf(caller.id, at?.seq) : undefined;
    const room = query.events.has('price') ? await this.roomOf(server.id) : undefined;
    const stops: (() => void)[] = [];
    // From here on nothing waits: what is told below and what is told later make one whole.
    const stream = this.begin(caller, sink, server.id, stops);
    const listening = { stream, serverId: server.id, query, version: room?.board.version ?? 0, seq, stops };
    if (room) this.joinPrices(room, listening, at);
    stream.send(placeBytes(placeText(listening)));
    if (seq !== undefined)
      stops.push(this.feed.follow(caller.id, seq, (news) => tellAlerts(listening, news)));
  }

  private begin(caller: Principal, sink: EventSink, serverId: number, stops: readonly (() => void)[]) {
    try {
      return this.streams.open(caller, sink, () => {
        for (const stop of stops) stop();
        this.closeEmpty(serverId);
      });
    } catch (error) {
      this.closeEmpty(serverId);
      throw error;
    }
  }

  private joinPrices({ board, fanout }: Room, listening: Listening, at: StreamPlace | undefined): void {
    const { stream, query, seq, stops } = listening;
    const items = query.items && new Set(query.items);
    if (at === undefined) {
      stream.send(eventBytes('ready', undefined, JSON.stringify({ version: board.version })));
    } else {
      const missed = board.changesAfter(at.version, items);
      if (missed === undefined) stream.send(fanout.snapshotOf(board, items));
      else if (missed.length > 0) stream.send(missedBytes(board.version, missed));
    }
    const placeAt = (version: number): string => {
      listening.version = version;
      return placeText(listening);
    };
    const member = {
      send: (bytes: Uint8Array) => stream.send(bytes),
      ...(seq === undefined ? {} : { placeAt }),
    };
    stops.push(fanout.add(query.items, member));
  }

  /** One listener to the board of a server, however many clients are behind it. */
  private async roomOf(serverId: number): Promise<Room> {
    const known = this.rooms.get(serverId);
    if (known) return known;
    const fanout = new PriceFanout();
    const follow = await this.watcher.follow(serverId, (version, changes) => fanout.tell(version, changes));
    const made = this.rooms.get(serverId);
    if (made) {
      follow.stop(); // somebody else came at the same time
      return made;
    }
    const room = { fanout, board: follow.board, stop: () => follow.stop() };
    this.rooms.set(serverId, room);
    return room;
  }

  private closeEmpty(serverId: number): void {
    const room = this.rooms.get(serverId);
    if (!room?.fanout.isEmpty) return;
    room.stop();
    this.rooms.delete(serverId);
  }
}

function tellAlerts(listening: Listening, news: readonly NotificationRow[]): void {
  for (const { seq, topic, payload, createdAt, title, body } of news) {
    listening.seq = seq;
    if (topic !== ALERT_TOPIC) continue;
    const alert = payload as AlertNews['payload'];
    if (alert.serverId !== listening.serverId) continue;
    const items = listening.query.items;
    if (items !== undefined && !alert.items.some(({ itemId }) => items.includes(itemId))) continue;
    const json = JSON.stringify({ ...alert, title, body, firedAt: createdAt.toISOString() });
    listening.stream.send(eventBytes('alert', placeText(listening), json));
  }
}
