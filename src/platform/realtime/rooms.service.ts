import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { leaveContext } from '../profiling/span.js';
import type { Reply } from './gateways.service.js';
import type { LiveSocket } from './live-socket.js';
import { Room } from './room.js';

// What is told to many. A room has a name `<kind>:<id>`, the sockets of this process that are in it, and a place (`<epoch>:<number>`)
// that every frame carries as its `id`. A client that comes back says the last one it saw and gets what it missed, or a snapshot where
// that cannot be said: because the room was empty for too long, too much has happened, or it is another process.

/** States are told together, so that many of them cost one write per client; that is how late they may be. */
const FLUSH_MS = 50;
/** An empty room is kept for so long, for those whose connection broke. */
const LINGER_MS = 60_000;
const HOUSEKEEPING_MS = 10_000;

/** What a kind of rooms is about. */
export interface RoomKind {
  /**
   * What somebody who joins has to know, as of now. Whoever may not is refused before `join`.
   * @param id the part of the name behind the colon
   */
  snapshot(id: string, socket: LiveSocket): Promise<Reply> | Reply;
  /** Members are told how many they are (frame `presence`). */
  readonly hasPresence?: boolean;
}

@Injectable()
export class Rooms {
  private readonly kinds = new Map<string, RoomKind>();
  private readonly rooms = new Map<string, Room>();
  /** Rooms with states to tell. */
  private readonly stirred = new Set<Room>();
  private readonly process = randomBytes(5).toString('hex');
  private opened = 0;
  private flushing: NodeJS.Timeout | undefined;
  private housekeeping: NodeJS.Timeout | undefined;

  /** A service registers its kind in `onModuleInit`. */
  provide(kind: string, about: RoomKind): void {
    if (!/^[a-z][a-z0-9-]*$/.test(kind) || this.kinds.has(kind))
      throw new Error(`Rooms cannot be of the kind ${kind}, or are already.`);
    this.kinds.set(kind, about);
  }

  /**
   * From here on the socket is told what is published there; before that, what it has missed after `from`, or a snapshot.
   * @param from the `id` of the last frame of the room that the client has seen
   * @returns which of the two it was
   */
  async join(socket: LiveSocket, name: string, from?: string): Promise<'replayed' | 'snapshot'> {
    const room = this.open(name);
    const missed = from === undefined ? undefined : room.missedSince(from);
    if (missed !== undefined) {
      room.add(socket);
      if (missed.length > 0) socket.sendBytes(Buffer.concat(missed), missed.length);
      this.noteMembers(room, socket);
      return 'replayed';
    }
    const [kind, id] = split(name);
    const member = room.addWaiting(socket);
    try {
      const { event, data } = await this.kinds.get(kind)!.snapshot(id, socket);
      room.welcome(member, event, data);
    } catch (error) {
      room.remove(socket);
      throw error;
    }
    this.noteMembers(room, socket);
    return 'snapshot';
  }

  leave(socket: LiveSocket, name: string): void {
    this.rooms.get(name)?.remove(socket);
  }

  /** Told to everybody in the room, now and once; kept for those who come back. */
  publish(name: string, event: string, data: unknown): void {
    this.rooms.get(name)?.publish(event, JSON.stringify(data));
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

  /** Sockets in a room. */
  viewers(name: string): number {
    return this.rooms.get(name)?.size ?? 0;
  }

  private flush(): void {
    this.flushing = undefined;
    for (const room of this.stirred) room.flush();
    this.stirred.clear();
  }

  private open(name: string): Room {
    const [kind] = split(name);
    if (!this.kinds.has(kind)) throw new Error(`Nobody provides rooms of the kind ${kind}`);
    let room = this.rooms.get(name);
    if (room === undefined) {
      this.opened += 1;
      room = new Room(name, `${this.process}.${this.opened.toString(36)}`);
      this.rooms.set(name, room);
      leaveContext(
        () =>
          (this.housekeeping ??= setInterval(
            () => this.closeEmpty(performance.now()),
            HOUSEKEEPING_MS,
          ).unref()),
      );
    }
    return room;
  }

  private noteMembers(room: Room, socket: LiveSocket): void {
    socket.onClose(() => room.remove(socket));
    if (!socket.isOpen) room.remove(socket);
  }

  private closeEmpty(nowMs: number): void {
    for (const [name, room] of this.rooms) if (room.isEmptySince(nowMs - LINGER_MS)) this.rooms.delete(name);
    if (this.rooms.size > 0) return;
    clearInterval(this.housekeeping);
    this.housekeeping = undefined;
  }
}

function split(name: string): [kind: string, id: string] {
  const colon = name.indexOf(':');
  return [name.slice(0, colon), name.slice(colon + 1)];
}
