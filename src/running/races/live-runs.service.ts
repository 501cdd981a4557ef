import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { LiveSocket } from '../../platform/realtime/live-socket.js';
import { LiveSockets } from '../../platform/realtime/live-sockets.service.js';
import { leaveContext } from '../../platform/profiling/span.js';
import { fixesFull } from '../running.errors.js';
import { FixBuffer } from '../recordings/fix-buffer.service.js';
import type { Fix } from '../recordings/fix.js';
import type { RunEvent } from '../recordings/fold-run.js';
import { Recordings } from '../recordings/recordings.service.js';
import { LiveEntries } from './live-entries.service.js';
import type { LiveRun } from './live-run.js';
import {
  toAckFrame,
  toGap,
  toLeadFrame,
  toProvisionalResults,
  toSplitFrame,
  toStateFrame,
} from './race-frames.mapper.js';
import { RaceRooms } from './race-rooms.service.js';
import type { RaceUpdate } from './race-update.js';

/** A run that nobody sends to is kept for so long, for the socket that comes back. */
const KEPT_MS = 120_000;
const SWEEP_MS = 15_000;

/**
 * Runs that are sent to this process. A fix is answered by a gap in the same tick, and by an acknowledgement once it is stored. The newest
 * socket of a run is the one that is told; whatever it was before, a run that comes by another socket is read anew where more is stored of it
 * than this process knows.
 */
@Injectable()
export class LiveRuns implements OnModuleInit, OnModuleDestroy {
  private readonly runs = new Map<string, LiveRun>();
  /** Runs that came by a socket, whichever one has them now: after a break of the network thousands of sockets leave together. */
  private readonly sentBy = new WeakMap<LiveSocket, Set<string>>();
  private sweeping: NodeJS.Timeout | undefined;

  constructor(
    private readonly recordings: Recordings,
    private readonly buffer: FixBuffer,
    private readonly entries: LiveEntries,
    private readonly rooms: RaceRooms,
    private readonly sockets: LiveSockets,
  ) {}

  onModuleInit(): void {
    this.rooms.ownRun = (runId) => this.runs.get(runId);
    this.sockets.beforeDrain(() => this.buffer.flush());
    leaveContext(() => (this.sweeping = setInterval(() => this.sweep(performance.now()), SWEEP_MS).unref()));
  }

  onModuleDestroy(): void {
    clearInterval(this.sweeping);
  }

  /** @returns a promise only where the run has to be looked up first @throws DomainError unknown run; one of another kind; no room */
  take(socket: LiveSocket, runId: string, fixes: readonly Fix[]): Promise<void> | undefined {
    const known = this.runs.get(runId);
    if (known?.socket === socket) {
      this.feed(known, socket, fixes);
      return undefined;
    }
    return this.open(socket, runId).then((run) => this.feed(run, socket, fixes));
  }

  /** Once it is stored. @throws DomainError likewise */
  async press(socket: LiveSocket, runId: string, event: RunEvent): Promise<void> {
    const run = await this.own(socket, runId);
    const { isNew } = await this.recordings.takeEvent(socket.principal, runId, event);
    const update = isNew ? (run.entry?.live?.press(event) ?? null) : null;
    if (update !== null) this.tellNews(run, socket, update);
  }

  /** The run is over; everything that came of it before is stored first. @throws DomainError likewise */
  async finish(
    socket: LiveSocket,
    runId: string,
    { lastSeq, at }: { lastSeq?: number | undefined; at?: number | undefined },
  ): Promise<void> {
    const run = await this.own(socket, runId);
    await this.buffer.flush();
    const finish = { lastSeq: lastSeq ?? null, finishedAtMs: at ?? null };
    await this.recordings.finish(socket.principal, runId, finish);
    const { entry } = run;
    const last = entry?.live?.last;
    if (entry?.live == null || last == null) return;
    const update = entry.live.finish(at ?? last.fix.atMs);
    this.tellNews(run, socket, update);
    for (const result of toProvisionalResults(update))
      socket.send('result', { raceId: entry.raceId, runId, ...result });
    run.toldAtMs = 0;
    this.rooms.tell(run, performance.now());
  }

  /** Goes on with the race that the run is in. @throws DomainError likewise */
  async race(socket: LiveSocket, runId: string, from: string | undefined): Promise<void> {
    const known = this.runs.get(runId);
    const run = known?.socket === socket ? known : await this.open(socket, runId);
    if (run.entry === undefined) {
      await this.buffer.flush(); // it has run before it raced: the race begins with all of it
      run.entry = await this.entries.load(socket.principal, runId);
    }
    if (run.entry !== undefined) await this.rooms.follow(run.entry);
    await this.rooms.join(socket, runId, from);
  }

  /** Its socket has gone; it may come back. */
  leave(socket: LiveSocket): void {
    for (const runId of this.sentBy.get(socket) ?? []) {
      const run = this.runs.get(runId);
      if (run?.socket === socket) run.socket = null;
    }
    this.sentBy.delete(socket);
  }

  private own(socket: LiveSocket, runId: string): Promise<LiveRun> {
    const known = this.runs.get(runId);
    return known?.socket === socket ? Promise.resolve(known) : this.open(socket, runId);
  }

  private async open(socket: LiveSocket, runId: string): Promise<LiveRun> {
    const before = this.runs.get(runId);
    if (before !== undefined) await this.buffer.flush(); // what it knows and what is stored are the same then
    const made: { run?: LiveRun } = {};
    const run = await this.recordings.openRun(socket.principal, runId, {
      onAck: (ack) => made.run?.socket?.send('ack', toAckFrame(ack)),
      onLost: (reason) => this.lose(runId, made.run, reason),
    });
    const isKnown =
      before !== undefined && JSON.stringify(before.run.state()) === JSON.stringify(run.state());
    const entry = isKnown ? before.entry : await this.entries.load(socket.principal, runId);
    const live: LiveRun = { run, socket, entry, usedAtMs: performance.now(), toldAtMs: 0 };
    made.run = live;
    this.runs.set(runId, live);
    const sent = this.sentBy.get(socket);
    if (sent === undefined) this.sentBy.set(socket, new Set([runId]));
    else sent.add(runId);
    if (entry !== undefined) await this.rooms.follow(entry);
    if (!socket.isOpen) live.socket = null;
    return live;
  }

  private feed(live: LiveRun, socket: LiveSocket, fixes: readonly Fix[]): void {
    if (!this.recordings.takeFixes(live.run, fixes)) throw fixesFull();
    const nowMs = performance.now();
    live.usedAtMs = nowMs;
    const race = live.entry?.live;
    if (race == null) return;
    const ordered = isInOrder(fixes) ? fixes : [...fixes].sort((a, b) => a.seq - b.seq);
    let newest = false;
    for (const fix of ordered) {
      const update = race.take(fix);
      if (update === null) continue;
      newest = true;
      this.tellNews(live, socket, update);
    }
    const { last } = race;
    if (!newest || last === null) return;
    const isProvisional = live.run.state().missing.length > 0;
    const gap = toGap(last.fix, last.update, isProvisional, this.rooms.rivalsOf(live));
    socket.send('gap', { runId: live.run.runId, ...gap });
    this.rooms.tell(live, nowMs);
  }

  private tellNews({ run: { runId } }: LiveRun, socket: LiveSocket, update: RaceUpdate): void {
    for (const change of update.changes) socket.send('state', toStateFrame(runId, change));
    for (const lead of update.leads) socket.send('lead', toLeadFrame(runId, lead));
    for (const split of update.splits) socket.send('split', toSplitFrame(runId, split));
  }

  private lose(runId: string, live: LiveRun | undefined, reason: 'gone' | 'refused'): void {
    live?.socket?.send('lost', { runId, reason });
    if (live !== undefined && this.runs.get(runId) === live) this.runs.delete(runId);
  }

  private sweep(nowMs: number): void {
    for (const [runId, run] of this.runs)
      if (run.socket === null && nowMs - run.usedAtMs > KEPT_MS) this.runs.delete(runId);
  }
}

function isInOrder(fixes: readonly Fix[]): boolean {
  for (let index = 1; index < fixes.length; index += 1)
    if (fixes[index]!.seq < fixes[index - 1]!.seq) return false;
  return true;
}
