import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { SYSTEM_PRINCIPAL } from '../../platform/auth/principal.js';
import { type Scope, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { leaveContext } from '../../platform/profiling/span.js';
import type { WindowDays } from './analytics-span.js';
import { AnswerCache } from './answer-cache.js';
import type { FigureTable } from './figure-table.js';
import { type KeptTable, WindowFiguresRepository } from './window-figures.repository.js';

// Kept figures as this process holds them: one table per server and standard window that somebody asked for. Whoever asks gets the
// version asked for or a newer one, and waits for it where it has to be read. So that nearly nobody has to, tables that were asked
// for lately are renewed as soon as their figures have moved, the one asked for last first: the versions of their servers are looked
// at every quarter of a second, in one statement, and not at all while nobody asks. Under a flood of changes that takes a tenth of
// the time; who asks meanwhile renews for himself, and has his turn between two tables.

/** Tables held per process, and values in all of them: 8 bytes each. */
const MOST_TABLES = 32;
const MOST_VALUES = 4_000_000;

const POLL_MS = 250;
/** Between two tables that are renewed: requests that came meanwhile are not the last in line. */
const PAUSE_MS = 20;
/** Time that a renewal takes up; when it has taken up more than a burst in advance, the next one waits. */
const SHARE = 10;
const BURST_MS = 500;
/** A table is renewed for so long after somebody has asked for it: a dashboard that is open asks again. */
const LINGER_MS = 300_000;

interface Held {
  readonly serverId: number;
  readonly windowDays: WindowDays;
  askedAtMs: number;
}

@Injectable()
export class HeldFigures implements BeforeApplicationShutdown {
  private readonly tables = new AnswerCache(MOST_TABLES, MOST_VALUES);
  private readonly held = new Map<string, Held>();
  private timer: NodeJS.Timeout | undefined;
  private isLooking = false;
  /** Up to when renewals have taken up their time. */
  private takenUntilMs = 0;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly kept: WindowFiguresRepository,
  ) {}

  /** @param version of the figures, as the asker has read it: the table is of that version or a newer one */
  async table(scope: Scope, serverId: number, windowDays: WindowDays, version: number): Promise<FigureTable> {
    const held = { serverId, windowDays, askedAtMs: performance.now() };
    this.held.set(keyOf(held), held);
    leaveContext(() => (this.timer ??= setInterval(() => void this.look(), POLL_MS).unref()));
    return (await this.renew(scope, held, version)).columns;
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
    this.held.clear();
  }

  /** @returns the table, and whether this call has read it */
  private async renew(
    scope: Scope,
    held: Held,
    version: number,
  ): Promise<{ columns: FigureTable; isRead: boolean }> {
    let isRead = false;
    const { columns } = await this.tables.renew<KeptTable>(
      keyOf(held),
      (table) => table.version >= version,
      (before) => {
        isRead = true;
        return this.read(scope, held, before);
      },
    );
    return { columns, isRead };
  }

  private read(scope: Scope, { serverId, windowDays }: Held, before: KeptTable | undefined) {
    return this.uow.run(scope, async (tx) => {
      const renewed = before && (await this.kept.renewTable(tx, serverId, windowDays, before));
      return renewed ?? this.kept.readTable(tx, serverId, windowDays);
    });
  }

  private async look(): Promise<void> {
    if (this.isLooking || this.takenUntilMs - performance.now() > BURST_MS) return;
    this.isLooking = true;
    try {
      await this.lookOnce();
    } catch {
      // the database is away; the next tick looks again
    } finally {
      this.isLooking = false;
    }
  }

  private async lookOnce(): Promise<void> {
    this.forgetUnasked();
    if (this.held.size === 0) return;
    const ids = [...new Set(Array.from(this.held.values(), ({ serverId }) => serverId))];
    const versions = await this.uow.read<{ serverId: number; version: number }>(
      SYSTEM_PRINCIPAL,
      this.kept.versionsStatement(ids),
    );
    const current = new Map(versions.map(({ serverId, version }) => [serverId, version]));
    let tookMs = 0;
    for (const held of Array.from(this.held.values()).sort((a, b) => b.askedAtMs - a.askedAtMs)) {
      if (this.held.get(keyOf(held)) !== held || !this.tables.has(keyOf(held))) continue; // asked for anew, or gone
      const startedMs = performance.now();
      const { isRead } = await this.renew(SYSTEM_PRINCIPAL, held, current.get(held.serverId) ?? 0);
      if (!isRead) continue;
      tookMs += performance.now() - startedMs;
      await sleep(PAUSE_MS);
    }
    this.takenUntilMs = Math.max(this.takenUntilMs, performance.now()) + SHARE * tookMs;
  }

  /** Those that made place for others are read anew when somebody asks. */
  private forgetUnasked(): void {
    const sinceMs = performance.now() - LINGER_MS;
    for (const [key, { askedAtMs }] of this.held)
      if (askedAtMs < sinceMs || !this.tables.has(key)) this.held.delete(key);
    if (this.held.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}

function keyOf({ serverId, windowDays }: Held): string {
  return `${serverId}.${windowDays}`;
}
