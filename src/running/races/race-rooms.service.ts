import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import type { Reply } from '../../platform/realtime/gateways.service.js';
import { Rooms } from '../../platform/realtime/rooms.service.js';
import { leaveContext } from '../../platform/profiling/span.js';
import { unknownRace } from '../running.errors.js';
import type { LiveSocket } from '../../platform/realtime/live-socket.js';
import { LiveEntries } from './live-entries.service.js';
import type { LiveRun } from './live-run.js';
import { RaceField, type RivalNow } from './race-field.js';
import { raceRoom, runRoom } from './race-rooms.js';
import { type Position, toPosition } from './race-frames.mapper.js';
import { RaceSnapshots } from './race-snapshots.service.js';

/** A runner's position is told at most so often. */
const TELL_EVERY_MS = 900;
/** Rivals whose way so far is read from what is stored. */
const MOST_REPLAYED = 30;
const SWEEP_MS = 15_000;

interface OpenField {
  readonly field: RaceField<Position>;
  readonly end: () => void;
  usedAtMs: number;
}

/**
 * Who is told what of a race: in the room of the race everybody where the others are, in that of a run its runner alone how it ended. Rooms
 * reach over processes; what this process has heard of the others it keeps as the race's field.
 */
@Injectable()
export class RaceRooms implements OnModuleInit, OnModuleDestroy {
  private readonly fields = new Map<string, OpenField>();
  /** Runs whose newest position was too soon after the one before to be told. */
  private readonly untold = new Set<LiveRun>();
  private telling: NodeJS.Timeout | undefined;
  private sweeping: NodeJS.Timeout | undefined;

  constructor(
    private readonly rooms: Rooms,
    private readonly entries: LiveEntries,
    private readonly snapshots: RaceSnapshots,
  ) {}

  onModuleInit(): void {
    this.rooms.provide('race', {
      snapshot: (raceId, socket) => this.snapshot(socket.principal, raceId),
      hasPresence: true,
    });
    this.rooms.provide('race-run', {
      snapshot: (runId, socket) => this.runSnapshot(socket.principal, runId),
    });
    leaveContext(() => (this.sweeping = setInterval(() => this.sweep(performance.now()), SWEEP_MS).unref()));
  }

  onModuleDestroy(): void {
    clearInterval(this.sweeping);
    clearTimeout(this.telling);
    for (const { end } of this.fields.values()) end();
    this.fields.clear();
  }

  /** Answers by the snapshot, or by what was missed after `from`. @throws DomainError unknown race */
  async watch(
    socket: LiveSocket,
    raceId: string,
    token: string | undefined,
    from: string | undefined,
  ): Promise<void> {
    await this.snapshots.assertMayWatch(socket.principal, raceId, token);
    this.open(raceId);
    await this.rooms.join(socket, raceRoom(raceId), from);
  }

  unwatch(socket: LiveSocket, raceId: string): void {
    this.rooms.leave(socket, raceRoom(raceId));
  }

  /** The runner of a run, which is in a race. */
  async join(socket: LiveSocket, runId: string, from: string | undefined): Promise<void> {
    await this.rooms.join(socket, runRoom(runId), from);
  }

  /** Somebody of a group race runs here: what the others have run so far is read once, and heard from then on. */
  async follow({ raceId, number, isGroup }: NonNullable<LiveRun['entry']>): Promise<void> {
    if (!isGroup || this.fields.has(raceId)) return;
    const { field } = this.open(raceId);
    for (const other of await this.entries.loadOthers(raceId, number, MOST_REPLAYED)) {
      if (other.live?.way == null) continue;
      field.begin(other.number, other.live.way);
      const position = toPosition(other, other.live);
      if (position !== null) field.note(position, performance.now());
    }
  }

  /** The others of a group race against this runner. */
  rivalsOf({ entry }: LiveRun): readonly RivalNow[] {
    if (entry?.live?.way == null) return [];
    const open = this.fields.get(entry.raceId);
    if (open === undefined) return [];
    open.usedAtMs = performance.now();
    return open.field.rivalsOf(entry.number, entry.live.way, open.usedAtMs);
  }

  /** Where the runner is, to whoever follows the race: at most once a second, and the last one surely. */
  tell(run: LiveRun, nowMs: number): void {
    const { entry } = run;
    if (entry?.live == null) return;
    const field = this.fields.get(entry.raceId)?.field;
    const isSoon = nowMs - run.toldAtMs < TELL_EVERY_MS;
    if (isSoon) this.tellLater(run);
    if (isSoon && field === undefined) return;
    const position = toPosition(entry, entry.live);
    if (position === null) return;
    field?.note(position, nowMs); // rivals of this process wait for no telling
    if (isSoon) return;
    run.toldAtMs = nowMs;
    this.untold.delete(run);
    const { raceId, number } = entry;
    this.rooms.publishLatest(raceRoom(raceId), `pos ${number}`, 'pos', { raceId, ...position });
  }

  private tellLater(run: LiveRun): void {
    this.untold.add(run);
    const tell = (): void => {
      this.telling = undefined;
      for (const one of [...this.untold]) {
        this.untold.delete(one);
        this.tell(one, performance.now());
      }
    };
    leaveContext(() => (this.telling ??= setTimeout(tell, TELL_EVERY_MS).unref()));
  }

  private open(raceId: string): OpenField {
    const known = this.fields.get(raceId);
    if (known !== undefined) return known;
    const field = new RaceField<Position>();
    const end = this.rooms.listen(raceRoom(raceId), (event, json) => {
      if (event === 'pos') field.note(JSON.parse(json) as Position, performance.now());
    });
    const open = { field, end, usedAtMs: performance.now() };
    this.fields.set(raceId, open);
    return open;
  }

  private async snapshot(principal: Principal, raceId: string): Promise<Reply> {
    const field = this.fields.get(raceId)?.field;
    const data = await this.snapshots.ofRace(principal, raceId, field?.positions ?? []);
    return { event: 'snapshot', data };
  }

  private async runSnapshot(principal: Principal, runId: string): Promise<Reply> {
    const own = this.ownRun?.(runId);
    const raceId = own?.entry?.raceId;
    if (own === undefined || raceId === undefined || own.run.userId !== principal.id) throw unknownRace();
    const field = this.fields.get(raceId)?.field;
    const data = await this.snapshots.ofRun(principal, raceId, own, {
      positions: field?.positions ?? [],
      rivals: this.rivalsOf(own),
    });
    return { event: 'snapshot', data };
  }

  /** Where runs of this process are found; whoever keeps them says so. */
  ownRun: ((runId: string) => LiveRun | undefined) | undefined;

  private sweep(nowMs: number): void {
    for (const [raceId, open] of this.fields) {
      if (this.rooms.viewers(raceRoom(raceId)) > 0) open.usedAtMs = nowMs;
      if (nowMs - open.usedAtMs < 4 * SWEEP_MS) continue;
      open.end();
      this.fields.delete(raceId);
    }
  }
}
