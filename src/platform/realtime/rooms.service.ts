import { randomBytes } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { leaveContext } from '../profiling/span.js';
import { Fanout } from './fanout.service.js';
import { assertPlain } from './fanout-lines.js';
import type { Reply } from './gateways.service.js';
import type { LiveSocket } from './live-socket.js';
import { tooManyRooms } from './realtime.errors.js';
import { Room, type RoomListener } from './room.js';

// What is told to many. A room has a name `<kind>:<id>`, the sockets of this process that are in it, and a place (`<epoch>:<number>`)
// that every frame carries as its `id`. A client that comes back says the last one it saw and gets what it missed, or a snapshot where
// that cannot be said: because the room was empty for too long, too much has happened, or it is another process. Frames go to all
// processes with members (Fanout), each of which numbers them for itself.

/** States are told together, so that many of them cost one write per client; that is how late they may be. */
const FLUSH_MS = 50;
/** How late others hear how many members a room has. */
const COUNT_MS = 200;
/** An empty room is kept for so long, for those whose connection broke. */
const LINGER_MS = 60_000;
const HOUSEKEEPING_MS = 10_000;
const MOST_ROOMS_OF_SOCKET = 100;
/** Snapshots that are made at once when many members have lost frames. */
const MOST_RENEWED_AT_ONCE = 4;

/** What a kind of rooms is about. */
export interface RoomKind {
  /**
   * What somebody who joins has to know, as of now. Whoever may not is refused before `join`. What is told later may be in it
   * already.
   * @param id the part of the name behind the colon
   */
  snapshot(id: string, socket: LiveSocket): Promise<Reply> | Reply;
  /** Members are told how many they are, over all processes (frame `presence`). */
  readonly hasPresence?: boolean;
}

@Injectable()
export class Rooms implements OnModuleInit {
  private readonly kinds = new Map<string, RoomKind>();
  private readonly rooms = new Map<string, Room>();
  private readonly joined = new WeakMap<LiveSocket, Set<Room>>();
  /** Rooms with states to tell. */
  private readonly stirred = new Set<Room>();
  /** Rooms with more or fewer members than others have heard of. */
  private readonly recounted = new Set<Room>();
  private readonly process = randomBytes(5).toString('hex');
  private opened = 0;
  private flushing: NodeJS.Timeout | undefined;
  private counting: NodeJS.Timeout | undefined;
  private housekeeping: NodeJS.Timeout | undefined;

  constructor(private readonly fanout: Fanout) {}

  onModuleInit(): void {
    this.fanout.listen({
      onEvent: (name, event, json) => this.rooms.get(name)?.publish(event, json),
      onStates: (name, states) => this.rooms.get(name)?.tellStates(states),
      onMembers: (name) => this.noteOthers(name),
      onLost: (name) => void this.renew(name === undefined ? [...this.rooms.values()] : this.known(name)),
      ownRooms: () =>
        [...this.rooms.values()].filter((room) => room.isWanted).map(({ name, size }) => [name, size]),
    });
  }

  /** A service registers its kind in `onModuleInit`. */
  provide(kind: string, about: RoomKind): void {
    if (!/^[a-z][a-z0-9-]*$/.test(kind) || this.kinds.has(kind))
      throw new Error(`Rooms cannot be of the kind ${kind}, or are already.`);
    this.kinds.set(kind, about);
  }

  /**
   * From here on the socket is told what is published there; before that, what it has missed after `from`, or a snapshot.
   * @param name `<kind>:<id>`
   * @param from the `id` of the last frame of the room that the client has seen
   * @returns which of the two it was
   * @throws DomainError for too many rooms; whatever the snapshot throws
   */
  async join(socket: LiveSocket, name: string, from?: string): Promise<'replayed' | 'snapshot'> {
    const kind = this.kinds.get(split(name)[0]);
    if (kind === undefined) throw new Error(`Nobody provides the room ${name}`);
    const room = this.open(name);
    this.note(socket, room);
    const missed = from === undefined ? undefined : room.missedSince(from);
    if (missed !== undefined) {
      room.add(socket);
      if (missed.length > 0) socket.sendBytes(Buffer.concat(missed), missed.length);
      this.recount(room);
      return 'replayed';
    }
    const member = room.addWaiting(socket);
    this.recount(room);
    try {
      await this.want(room);
      const { event, data } = await kind.snapshot(split(name)[1], socket);
      room.welcome(member, event, data);
    } catch (error) {
      this.leave(socket, name);
      throw error;
    }
    return 'snapshot';
  }

  /**
   * Hears what members of a room are told, in this process and in others, without a socket; neither snapshot nor past.
   * @returns what ends it
   */
  listen(name: string, listener: RoomListener): () => void {
    const room = this.open(name);
    const end = room.listen(listener);
    void this.want(room);
    return end;
  }

  leave(socket: LiveSocket, name: string): void {
    const room = this.rooms.get(name);
    if (room === undefined) return;
    this.joined.get(socket)?.delete(room);
    room.remove(socket);
    this.recount(room);
  }

  /** Told to everybody in the room, now and once; kept for those who come back. */
  publish(name: string, event: string, data: unknown): void {
    const room = this.rooms.get(name);
    if (room === undefined) return;
    this.flushRoom(room); // in the order in which it was said
    const json = JSON.stringify(data);
    room.publish(event, json);
    if (this.fanout.isWanted(name)) this.fanout.event(name, event, json);
  }

  /**
   * A state: only the newest of each key matters, and it may be told a moment later. `data` must not change afterwards.
   * @param key what the state is of, such as a runner
   */
  publishLatest(name: string, key: string, event: string, data: unknown): void {
    const room = this.rooms.get(name);
    if (room === undefined) return;
    room.stage(key, event, data);
    this.stirred.add(room);
    leaveContext(() => (this.flushing ??= setTimeout(() => this.flush(), FLUSH_MS)));
  }

  /** Sockets in a room, over all processes, as far as this one has heard. */
  viewers(name: string): number {
    return (this.rooms.get(name)?.size ?? 0) + this.fanout.membersElsewhere(name);
  }

  /** Resolves when other processes tell it what happens there. */
  private want(room: Room): Promise<void> | undefined {
    if (!room.isWanted) {
      room.isWanted = true;
      room.heard = this.fanout.want(room.name);
    }
    return room.heard;
  }

  private flush(): void {
    this.flushing = undefined;
    for (const room of this.stirred) this.flushRoom(room);
  }

  private flushRoom(room: Room): void {
    if (!this.stirred.delete(room)) return;
    const states = room.flush();
    if (this.fanout.isWanted(room.name))
      for (const { key, event, json } of states) this.fanout.state(room.name, key, event, json);
  }

  private open(name: string): Room {
    const known = this.rooms.get(name);
    if (known) return known;
    assertPlain(name);
    this.opened += 1;
    const room = new Room(name, `${this.process}.${this.opened.toString(36)}`);
    this.rooms.set(name, room);
    const keep = (): void => this.closeEmpty(performance.now());
    leaveContext(() => (this.housekeeping ??= setInterval(keep, HOUSEKEEPING_MS).unref()));
    return room;
  }

  /** @throws DomainError */
  private note(socket: LiveSocket, room: Room): void {
    let rooms = this.joined.get(socket);
    if (rooms === undefined) {
      rooms = new Set();
      this.joined.set(socket, rooms);
      socket.onClose(() => {
        for (const { name } of this.joined.get(socket) ?? []) this.leave(socket, name);
      });
    }
    if (rooms.size >= MOST_ROOMS_OF_SOCKET && !rooms.has(room)) throw tooManyRooms(MOST_ROOMS_OF_SOCKET);
    rooms.add(room);
  }

  private known(name: string): Room[] {
    const room = this.rooms.get(name);
    return room ? [room] : [];
  }

  /** A room that only others have members in is there to be published to. */
  private noteOthers(name: string): void {
    if (this.fanout.isWanted(name)) this.open(name);
    this.tellPresence(name);
  }

  private recount(room: Room): void {
    this.recounted.add(room);
    const tell = (): void => {
      this.counting = undefined;
      for (const { name, size, isWanted } of this.recounted) {
        if (isWanted) this.fanout.tellMembers(name, size);
        this.tellPresence(name);
      }
      this.recounted.clear();
    };
    leaveContext(() => (this.counting ??= setTimeout(tell, COUNT_MS).unref()));
  }

  private tellPresence(name: string): void {
    const room = this.rooms.get(name);
    if (room === undefined || this.kinds.get(split(name)[0])?.hasPresence !== true) return;
    const json = JSON.stringify({ room: name, viewers: this.viewers(name) });
    room.tellStates([{ key: 'presence', event: 'presence', json }]);
  }

  /** Their members have missed frames, and nobody knows which: all is told anew. */
  private async renew(rooms: readonly Room[]): Promise<void> {
    const waiting = rooms.flatMap((room) => room.loseThePast().map((socket) => ({ room, socket })));
    const renewSome = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const { room, socket } = next;
        const [kind, id] = split(room.name);
        const member = room.addWaiting(socket);
        try {
          const { event, data } = await this.kinds.get(kind)!.snapshot(id, socket);
          room.welcome(member, event, data);
        } catch {
          room.add(socket); // with a gap, until it comes back
        }
      }
    };
    await Promise.all(Array.from({ length: MOST_RENEWED_AT_ONCE }, renewSome));
  }

  private closeEmpty(nowMs: number): void {
    for (const [name, room] of this.rooms) {
      if (!room.isEmptySince(nowMs - LINGER_MS)) continue;
      if (room.isWanted) this.fanout.leave(name);
      room.isWanted = false;
      room.loseThePast();
      if (this.fanout.isWanted(name)) continue;
      this.fanout.forget(name);
      this.rooms.delete(name);
    }
    if (this.rooms.size > 0) return;
    clearInterval(this.housekeeping);
    this.housekeeping = undefined;
  }
}

function split(name: string): [kind: string, id: string] {
  const colon = name.indexOf(':');
  return [name.slice(0, colon), name.slice(colon + 1)];
}
