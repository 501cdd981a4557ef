import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { leaveContext } from '../../platform/profiling/span.js';
import { IngestService } from '../ingest/ingest.service.js';
import { type BoardPrice, PriceBoard } from './price-board.js';
import { PriceStreamRepository } from './price-stream.repository.js';

// One reader per watched server and process, however many listen, and none while nobody does. It looks at the versions of all
// watched servers in one statement: at once after a batch of this process, every quarter of a second for those of others. Only a
// version that has moved has the prices read, all of the server in four columns; writers do nothing for it. Under a flood of
// batches it reads a tenth of the time, and tells what has changed in between together.

const POLL_MS = 250;
/** Time that a read takes up; when it has taken up more than a burst in advance, it waits. */
const SHARE = 10;
const BURST_MS = 500;
/** A board is kept after its last listener has left: whoever lost the connection comes back and has missed something. */
const LINGER_MS = 120_000;

export type PriceListener = (version: number, changes: readonly BoardPrice[]) => void;

interface Watch {
  readonly serverId: number;
  readonly board: PriceBoard;
  readonly listeners: Set<PriceListener>;
  /** Up to when its reads have taken up their time. */
  takenUntilMs: number;
  leftAtMs: number;
}

/** A board and the way to stop listening to it. */
export interface PriceFollow {
  readonly board: PriceBoard;
  stop(): void;
}

@Injectable()
export class PriceWatcher implements OnModuleInit, BeforeApplicationShutdown {
  private readonly watches = new Map<number, Watch>();
  private readonly opening = new Map<number, Promise<Watch>>();
  private timer: NodeJS.Timeout | undefined;
  private isLooking = false;
  private isAskedAgain = false;

  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly rows: PriceStreamRepository,
    private readonly ingest: IngestService,
  ) {}

  onModuleInit(): void {
    this.ingest.tellStored((serverId) => {
      if (this.watches.has(serverId)) leaveContext(() => void this.look());
    });
  }

  /** The board as it is; what `listener` is told comes after that. */
  async follow(serverId: number, listener: PriceListener): Promise<PriceFollow> {
    const watch = this.watches.get(serverId) ?? (await this.open(serverId));
    watch.listeners.add(listener);
    return {
      board: watch.board,
      stop: () => {
        watch.listeners.delete(listener);
        watch.leftAtMs = performance.now();
      },
    };
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
    this.watches.clear();
  }

  /** Those that come at the same time wait for one read. */
  private open(serverId: number): Promise<Watch> {
    const under = this.opening.get(serverId);
    if (under) return under;
    const opening = this.read(serverId)
      .then(({ version, ...columns }) => {
        const board = new PriceBoard(version, columns);
        const nowMs = performance.now();
        const watch = {
          serverId,
          board,
          listeners: new Set<PriceListener>(),
          takenUntilMs: 0,
          leftAtMs: nowMs,
        };
        this.watches.set(serverId, watch);
        leaveContext(() => (this.timer ??= setInterval(() => void this.look(), POLL_MS).unref()));
        return watch;
      })
      .finally(() => this.opening.delete(serverId));
    this.opening.set(serverId, opening);
    return opening;
  }

  private read(serverId: number) {
    return this.system.run(SYSTEM_PRINCIPAL, (tx) => this.rows.readBoard(tx, serverId));
  }

  /** One look at a time; what happens during one is seen by the next, which follows at once. */
  private async look(): Promise<void> {
    this.isAskedAgain = true;
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      while (this.isAskedAgain) {
        this.isAskedAgain = false;
        await this.lookOnce();
      }
    } catch {
      // the database is away; the next tick looks again
    } finally {
      this.isLooking = false;
    }
  }

  private async lookOnce(): Promise<void> {
    this.forgetLeft();
    const nowMs = performance.now();
    const awake = [...this.watches.values()].filter(({ takenUntilMs }) => takenUntilMs - nowMs < BURST_MS);
    if (awake.length === 0) return;
    const ids = awake.map(({ serverId }) => serverId);
    const versions = await this.system.run(SYSTEM_PRINCIPAL, (tx) => this.rows.listVersions(tx, ids));
    for (const watch of awake)
      if (versions.get(watch.serverId) !== watch.board.version) await this.catchUp(watch);
  }

  private async catchUp(watch: Watch): Promise<void> {
    const startedMs = performance.now();
    const { version, ...columns } = await this.read(watch.serverId);
    const changes = watch.board.take(version, columns);
    const tookMs = performance.now() - startedMs;
    watch.takenUntilMs = Math.max(watch.takenUntilMs, startedMs) + SHARE * tookMs;
    if (changes.length > 0) for (const tell of [...watch.listeners]) tell(version, changes);
  }

  private forgetLeft(): void {
    for (const { serverId, listeners, leftAtMs } of this.watches.values())
      if (listeners.size === 0 && performance.now() - leftAtMs > LINGER_MS) this.watches.delete(serverId);
    if (this.watches.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
