import { CLOSE } from './close-codes.js';
import { frameText, textFrame } from './frame-bytes.js';
import type { LiveSocket } from './live-socket.js';

// One room of this process. Every frame that is told has the next number; events are kept in a ring, of states the newest of each key.
// What somebody missed after a number is: the events of the ring and the states with a greater one. That is right as long as the
// ring reaches back far enough, which `lostUpTo` says.
// Invariant: to each member frames go in the order of their numbers, so the number of the last one seen says what was seen.

/** Events that are kept for those who come back: by number and by bytes. */
const MOST_EVENTS = 512;
const MOST_EVENT_BYTES = 262_144;
const MOST_STATES = 2_000;

/** A state of a room. */
export interface RoomState {
  readonly key: string;
  readonly event: string;
  /** Of the data. */
  readonly json: string;
}

interface Kept {
  readonly number: number;
  readonly bytes: Buffer;
}

/** Somebody of this process who hears what members are told. @param json of the data */
export type RoomListener = (event: string, json: string) => void;

/** A member that waits for its snapshot; what happens meanwhile comes after it. */
interface Waiting {
  readonly socket: LiveSocket;
  readonly number: number;
  readonly missed: Buffer[];
  missedBytes: number;
}

export class Room {
  private number = 0;
  private readonly members = new Set<LiveSocket>();
  private readonly waiting = new Map<LiveSocket, Waiting>();
  private readonly ring: Kept[] = [];
  private ringBytes = 0;
  /** The newest number that is not in the ring any more. */
  private lostUpTo = 0;
  private readonly states = new Map<string, Kept>();
  private readonly staged = new Map<string, { event: string; data: unknown }>();
  private leftAtMs = performance.now();
  private readonly listeners = new Set<RoomListener>();
  /** Other processes have been told that its frames are wanted here, or are being told. */
  isWanted = false;
  /** Resolves when they have heard it. */
  heard: Promise<void> | undefined;

  constructor(
    readonly name: string,
    /** No other room has it, in no process and at no time: a number means nothing elsewhere. */
    readonly epoch: string,
  ) {}

  get size(): number {
    return this.members.size + this.waiting.size;
  }

  isEmptySince(atMs: number): boolean {
    return this.size === 0 && this.listeners.size === 0 && this.leftAtMs <= atMs;
  }

  /** @returns what ends it */
  listen(listener: RoomListener): () => void {
    this.listeners.add(listener);
    return () => {
      if (this.listeners.delete(listener)) this.leftAtMs = performance.now();
    };
  }

  /** Undefined where that cannot be said. @param place `<epoch>:<number>` */
  missedSince(place: string): Buffer[] | undefined {
    const colon = place.lastIndexOf(':');
    const number = Number(place.slice(colon + 1));
    if (place.slice(0, colon) !== this.epoch || !Number.isInteger(number)) return undefined;
    if (number < this.lostUpTo || number > this.number) return undefined;
    return [...this.ring, ...this.states.values()]
      .filter((kept) => kept.number > number)
      .sort((a, b) => a.number - b.number)
      .map(({ bytes }) => bytes);
  }

  add(socket: LiveSocket): void {
    this.waiting.delete(socket);
    this.members.add(socket);
  }

  addWaiting(socket: LiveSocket): Waiting {
    this.members.delete(socket);
    const waiting: Waiting = { socket, number: this.number, missed: [], missedBytes: 0 };
    this.waiting.set(socket, waiting);
    return waiting;
  }

  /** The snapshot, then what has happened since it was asked for; what of that the snapshot shows already comes twice. */
  welcome(waiting: Waiting, event: string, data: unknown): void {
    const { socket, number, missed } = waiting;
    if (this.waiting.get(socket) !== waiting) return; // has left meanwhile, or joined anew
    const snapshot = textFrame(frameText(event, JSON.stringify(data), `${this.epoch}:${number}`));
    this.add(socket);
    socket.sendBytes(Buffer.concat([snapshot, ...missed]), 1 + missed.length);
  }

  remove(socket: LiveSocket): void {
    if (this.members.delete(socket) || this.waiting.delete(socket)) this.leftAtMs = performance.now();
  }

  /** @param json of the data */
  publish(event: string, json: string): void {
    const kept = this.next(event, json);
    this.ring.push(kept);
    this.ringBytes += kept.bytes.length;
    while (this.ring.length > MOST_EVENTS || this.ringBytes > MOST_EVENT_BYTES) {
      const oldest = this.ring.shift()!;
      this.ringBytes -= oldest.bytes.length;
      this.lostUpTo = oldest.number;
    }
    for (const socket of this.members) socket.sendBytes(kept.bytes, 1);
    this.keepForWaiting(kept.bytes);
    for (const listener of this.listeners) listener(event, json);
  }

  /** The newest of a key waits for the next flush. */
  stage(key: string, event: string, data: unknown): void {
    this.staged.set(key, { event, data });
  }

  /** @returns what was told */
  flush(): RoomState[] {
    const states = Array.from(this.staged, ([key, { event, data }]) => ({
      key,
      event,
      json: JSON.stringify(data),
    }));
    this.staged.clear();
    this.tellStates(states);
    return states;
  }

  tellStates(states: readonly RoomState[]): void {
    if (states.length === 0) return;
    const frames = states.map(({ key, event, json }): [key: string, bytes: Buffer] => {
      const kept = this.next(event, json);
      this.states.delete(key);
      this.states.set(key, kept);
      return [key, kept.bytes];
    });
    this.forgetStates();
    this.tell(frames);
    for (const listener of this.listeners) for (const { event, json } of states) listener(event, json);
  }

  /** Frames were lost: nobody can come back to a place before now. @returns the members, who have to be told anew */
  loseThePast(): LiveSocket[] {
    this.number += 1;
    this.lostUpTo = this.number;
    return [...this.members];
  }

  private tell(frames: readonly [key: string, bytes: Buffer][]): void {
    const all = frames.map(([, bytes]) => bytes);
    const together = all.length === 1 ? all[0]! : Buffer.concat(all);
    for (const socket of this.members) {
      if (!socket.isSlow) socket.sendBytes(together, all.length);
      else for (const [key, bytes] of frames) socket.sendLatestBytes(`${this.name} ${key}`, bytes);
    }
    if (this.waiting.size > 0) this.keepForWaiting(together);
  }

  private keepForWaiting(bytes: Buffer): void {
    for (const waiting of this.waiting.values()) {
      waiting.missed.push(bytes);
      waiting.missedBytes += bytes.length;
      // Its snapshot takes so long that it had better come back.
      if (waiting.missedBytes > MOST_EVENT_BYTES)
        waiting.socket.close(CLOSE.tooSlow, 'the snapshot takes too long');
    }
  }

  private next(event: string, json: string): Kept {
    this.number += 1;
    return { number: this.number, bytes: textFrame(frameText(event, json, `${this.epoch}:${this.number}`)) };
  }

  private forgetStates(): void {
    for (const [key, { number }] of this.states) {
      if (this.states.size <= MOST_STATES) return;
      this.states.delete(key);
      this.lostUpTo = Math.max(this.lostUpTo, number);
    }
  }
}
