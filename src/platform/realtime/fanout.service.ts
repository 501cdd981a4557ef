import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { type Logger, LOGGER } from '../logging/logger.js';
import { leaveContext } from '../profiling/span.js';
import { OPEN_BUS, type OpenBus } from './fanout-bus.js';
import { type FanoutLine, PartsReader, readLine } from './fanout-lines.js';
import { FanoutSender } from './fanout-sender.js';
import { RealtimeFigures } from './realtime-figures.js';

// Rooms over several processes. Every process says which rooms it has members in, and frames of a room go out only while another
// process has some, so a thousand runners whom nobody watches cost nothing here. Who begins to want a room waits until all others have
// heard it: what happens before that is in the snapshot, what happens after it comes. Nothing is kept: who misses frames notices by
// their numbers, or when the bus comes back, and has its members told anew.

const BEAT_MS = 5_000;
/** A process that says nothing for so long is gone, without a word. */
const GONE_AFTER_MS = 16_000;
const MOST_HEARD_MS = 500;
/** How long an end waits for its goodbye to leave: a database that stands still must not keep the server from closing its door. */
const GOODBYE_MS = 300;
/** Instead of a number of members. */
const NOT_WANTED = -1;

/** What rooms are told. */
export interface FanoutListener {
  onEvent(room: string, event: string, json: string): void;
  /** States that came together. */
  onStates(room: string, states: readonly { key: string; event: string; json: string }[]): void;
  /** Others have more or fewer members in it, or have begun to want it. */
  onMembers(room: string): void;
  /** Frames of this room were lost; undefined = of any. */
  onLost(room: string | undefined): void;
  /** Rooms whose frames are wanted here. */
  ownRooms(): Iterable<readonly [room: string, members: number]>;
}

interface Other {
  seenAtMs: number;
  readonly rooms: Map<string, number>;
  /** While it lists its rooms: those it has not named yet. */
  unnamed: Set<string> | undefined;
  /** Numbers of the last frames that came of it, by room. */
  readonly numbers: Map<string, number>;
  readonly parts: PartsReader;
}

@Injectable()
export class Fanout implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly self = randomBytes(6).toString('hex');
  private readonly others = new Map<string, Other>();
  /** Members in other processes, by room that some of them want. */
  private readonly wanted = new Map<string, number>();
  private readonly numbers = new Map<string, number>();
  private readonly hearing = new Map<string, { missing: Set<string>; done: () => void }>();
  private sender: FanoutSender | undefined;
  private listener: FanoutListener | undefined;
  private beat: NodeJS.Timeout | undefined;
  private hasListened = false;

  constructor(
    @Inject(OPEN_BUS) private readonly openBus: OpenBus | undefined,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'warn' | 'info'>,
    private readonly figures: RealtimeFigures,
  ) {}

  listen(listener: FanoutListener): void {
    this.listener = listener;
  }

  onApplicationBootstrap(): void {
    const { openBus } = this;
    if (openBus === undefined) return;
    leaveContext(() => {
      const bus = openBus({
        onText: (text) => this.hear(text),
        onListening: () => this.noteListening(),
      });
      this.sender = new FanoutSender(this.self, bus, this.logger);
      this.beat = setInterval(() => this.keepAlive(performance.now()), BEAT_MS).unref();
    });
  }

  /** After sockets have been drained: what they were told last is told everywhere. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.beat);
    this.say({ kind: 'bye' });
    const left = this.sender?.close();
    this.sender = undefined;
    await Promise.race([left, sleep(GOODBYE_MS, undefined, { ref: false })]);
  }

  /** Sockets that other processes have in a room. */
  membersElsewhere(room: string): number {
    return this.wanted.get(room) ?? 0;
  }

  isWanted(room: string): boolean {
    return this.wanted.has(room);
  }

  event(room: string, event: string, json: string): void {
    this.figures.fanoutOut += 1;
    this.say({ kind: 'event', room, number: this.nextNumber(room), event, json });
  }

  state(room: string, key: string, event: string, json: string): void {
    this.figures.fanoutOut += 1;
    this.say({ kind: 'state', room, number: this.nextNumber(room), key, event, json });
  }

  tellMembers(room: string, count: number): void {
    this.say({ kind: 'members', room, count });
  }

  /** Resolves when all others forward the frames of the room to here, or have had the time to. */
  async want(room: string): Promise<void> {
    if (this.others.size === 0) return this.tellMembers(room, 1);
    await new Promise<void>((done) => {
      this.hearing.set(room, { missing: new Set(this.others.keys()), done });
      setTimeout(done, MOST_HEARD_MS).unref();
      this.say({ kind: 'members', room, count: 1 });
      void this.sender?.flush();
    });
    this.hearing.delete(room);
  }

  /** No frames of it any more: nobody here is in it or comes back. */
  leave(room: string): void {
    this.tellMembers(room, NOT_WANTED);
  }

  /** Nobody anywhere wants it. */
  forget(room: string): void {
    this.numbers.delete(room);
  }

  private say(line: FanoutLine): void {
    this.sender?.say(line);
  }

  private hear(text: string): void {
    const [from = '', ...lines] = text.split('\n');
    if (from === this.self) return;
    const other = this.others.get(from) ?? this.meet(from);
    other.seenAtMs = performance.now();
    const states = new Map<string, { key: string; event: string; json: string }[]>();
    for (const text of lines) this.follow(from, other, text, states);
    for (const [room, told] of states) this.listener?.onStates(room, told);
  }

  private follow(
    from: string,
    other: Other,
    text: string,
    states: Map<string, { key: string; event: string; json: string }[]>,
  ): void {
    const line = readLine(text);
    switch (line?.kind) {
      case undefined: // another version of us
      case 'beat':
        return;
      case 'hello':
        return this.introduce();
      case 'rooms':
        other.unnamed = new Set(other.rooms.keys());
        return;
      case 'end':
        for (const room of other.unnamed ?? []) this.noteMembers(from, other, room, NOT_WANTED);
        other.unnamed = undefined;
        return;
      case 'bye':
        return this.forgetOther(from);
      case 'members':
        return this.noteMembers(from, other, line.room, line.count);
      case 'heard':
        return this.noteHeard(from, other, line);
      case 'part': {
        const whole = other.parts.take(line);
        return whole === undefined ? undefined : this.follow(from, other, whole, states);
      }
      case 'event':
        if (!this.isNext(other, line.room, line.number)) return;
        // in its place among the states before it
        this.listener?.onStates(line.room, states.get(line.room) ?? []);
        states.delete(line.room);
        return this.listener?.onEvent(line.room, line.event, line.json);
      case 'state': {
        if (!this.isNext(other, line.room, line.number)) return;
        const told = states.get(line.room);
        if (told) told.push(line);
        else states.set(line.room, [line]);
      }
    }
  }

  /** @returns false for a repetition */
  private isNext(other: Other, room: string, number: number): boolean {
    const last = other.numbers.get(room);
    if (last !== undefined && number <= last) return false;
    this.figures.fanoutIn += 1;
    other.numbers.set(room, number);
    if (last !== undefined && number > last + 1) this.listener?.onLost(room);
    return true;
  }

  private noteMembers(from: string, other: Other, room: string, count: number): void {
    const isNew = !other.rooms.has(room);
    other.unnamed?.delete(room);
    if (count === NOT_WANTED) other.rooms.delete(room);
    else other.rooms.set(room, count);
    this.recount(room);
    if (isNew && count !== NOT_WANTED) {
      this.say({ kind: 'heard', room, to: from, number: this.numbers.get(room) ?? 0 });
      void this.sender?.flush(); // somebody waits for it
    }
    this.listener?.onMembers(room);
  }

  private noteHeard(
    from: string,
    other: Other,
    { room, to, number }: Extract<FanoutLine, { kind: 'heard' }>,
  ): void {
    if (to !== this.self) return;
    other.numbers.set(room, number);
    const hearing = this.hearing.get(room);
    hearing?.missing.delete(from);
    if (hearing?.missing.size === 0) hearing.done();
  }

  private meet(from: string): Other {
    const other: Other = {
      seenAtMs: 0,
      rooms: new Map(),
      unnamed: undefined,
      numbers: new Map(),
      parts: new PartsReader(),
    };
    this.others.set(from, other);
    this.say({ kind: 'hello' });
    this.introduce();
    return other;
  }

  /** To whoever has come: these are my rooms. */
  private introduce(): void {
    this.say({ kind: 'rooms' });
    for (const [room, count] of this.listener?.ownRooms() ?? []) this.say({ kind: 'members', room, count });
    this.say({ kind: 'end' });
  }

  private noteListening(): void {
    this.say({ kind: 'hello' });
    this.introduce();
    void this.sender?.flush();
    if (this.hasListened) this.listener?.onLost(undefined);
    this.hasListened = true;
  }

  private keepAlive(nowMs: number): void {
    this.say({ kind: 'beat' });
    for (const [from, { seenAtMs }] of this.others)
      if (nowMs - seenAtMs > GONE_AFTER_MS) this.forgetOther(from);
  }

  private forgetOther(from: string): void {
    const other = this.others.get(from);
    if (other === undefined) return;
    this.others.delete(from);
    for (const { missing, done } of this.hearing.values())
      if (missing.delete(from) && missing.size === 0) done();
    for (const room of other.rooms.keys()) {
      this.recount(room);
      this.listener?.onMembers(room);
    }
  }

  private recount(room: string): void {
    let sum: number | undefined;
    for (const { rooms } of this.others.values()) {
      const count = rooms.get(room);
      if (count !== undefined) sum = (sum ?? 0) + count;
    }
    if (sum === undefined) this.wanted.delete(room);
    else this.wanted.set(room, sum);
  }

  private nextNumber(room: string): number {
    const number = (this.numbers.get(room) ?? 0) + 1;
    this.numbers.set(room, number);
    return number;
  }
}
