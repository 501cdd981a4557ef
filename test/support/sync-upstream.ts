import { setImmediate as nextTurn } from 'node:timers/promises';
import { SyncFault } from '../../src/platform/sync/sync-fault.js';
import type { PageRequest, RefusedRow, SyncPage, SyncWindow } from '../../src/platform/sync/sync-source.js';

// A third party in memory, on a virtual clock: rows arrive when they arrive, pages are listed newest first, and a test may put anything
// between two of them.

export interface UpstreamRow {
  id: string;
  /** What it is filtered and ordered by. */
  atMs: number;
  /** Nobody sees it before. */
  arrivesMs: number;
  updatedMs: number;
  body: string;
  parentId: string | null;
}

export interface Asked {
  what: 'page' | 'count';
  window: SyncWindow;
  cursor: string | null;
  limit: number;
  atMs: number;
}

/** What a test may do with a request: nothing, fail it, or answer in the upstream's place. */
export type Interference = (
  asked: Asked,
  /** From 1, of this upstream. */
  request: number,
  signal: AbortSignal,
) => SyncPage<UpstreamRow> | undefined | void | Promise<SyncPage<UpstreamRow> | undefined | void>;

export class VirtualClock {
  readonly sleeps: number[] = [];

  constructor(public nowMs: number) {}

  advance(ms: number): void {
    this.nowMs += ms;
  }

  /** Two that sleep at the same time sleep beside each other. */
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    const untilMs = this.nowMs + ms;
    this.sleeps.push(ms);
    await nextTurn();
    signal.throwIfAborted();
    this.nowMs = Math.max(this.nowMs, untilMs);
  }
}

export class SyncUpstream {
  readonly rows = new Map<string, UpstreamRow>();
  readonly journal: Asked[] = [];
  /** Keys of rows that the adapter cannot read. */
  readonly unreadable = new Set<string>();
  interfere: Interference = () => undefined;
  /** Order of rows of one instant; changes from call to call where a test says so. */
  tieOrder: (id: string) => number | string = (id) => id;
  private made = 0;

  constructor(
    readonly clock: VirtualClock,
    readonly paging: 'numbered' | 'cursor',
    private readonly hasTotals = paging === 'numbered',
  ) {}

  /** A row that is there now unless said otherwise. */
  put(row: Partial<UpstreamRow> & { atMs: number }): UpstreamRow {
    const id = row.id ?? `row-${String((this.made += 1)).padStart(6, '0')}`;
    const full = {
      arrivesMs: this.clock.nowMs,
      updatedMs: Math.max(row.atMs, this.clock.nowMs),
      body: `body of ${id}`,
      parentId: null,
      ...row,
      id,
    };
    this.rows.set(id, full);
    return full;
  }

  /** So many rows, one every `everyMs`, the newest at `newestMs`. */
  fill(count: number, newestMs: number, everyMs: number): UpstreamRow[] {
    return Array.from({ length: count }, (_none, index) => this.put({ atMs: newestMs - index * everyMs }));
  }

  change(id: string, body: string): void {
    const row = this.rows.get(id)!;
    this.rows.set(id, { ...row, body, updatedMs: Math.max(row.updatedMs, this.clock.nowMs) });
  }

  visible({ from, to }: SyncWindow): UpstreamRow[] {
    return [...this.rows.values()]
      .filter(
        ({ atMs, arrivesMs }) =>
          arrivesMs <= this.clock.nowMs && atMs >= from.getTime() && atMs < to.getTime(),
      )
      .sort((a, b) => b.atMs - a.atMs || (this.tieOrder(a.id) < this.tieOrder(b.id) ? -1 : 1));
  }

  async page({ window, cursor, limit, signal }: PageRequest): Promise<SyncPage<UpstreamRow>> {
    const asked: Asked = { what: 'page', window, cursor, limit, atMs: this.clock.nowMs };
    this.journal.push(asked);
    const answer = await this.interfere(asked, this.journal.length, signal);
    if (answer) return answer;
    const all = this.visible(window);
    const unread = this.paging === 'numbered' ? all.slice(startOf(cursor, limit)) : after(all, cursor);
    const shown = unread.slice(0, limit);
    const isLast = shown.length === unread.length;
    const last = shown.at(-1);
    const next = this.paging === 'numbered' ? String(Number(cursor ?? 1) + 1) : cursorOf(last);
    const refused: RefusedRow[] = shown
      .filter(({ id }) => this.unreadable.has(id))
      .map(({ id }) => ({ key: id, reason: 'its time is no time' }));
    return {
      rows: shown.filter(({ id }) => !this.unreadable.has(id)),
      refused,
      next: isLast ? null : next,
      total: this.hasTotals ? all.length : null,
    };
  }

  async count(window: SyncWindow, signal: AbortSignal): Promise<number> {
    const asked: Asked = { what: 'count', window, cursor: null, limit: 1, atMs: this.clock.nowMs };
    this.journal.push(asked);
    await this.interfere(asked, this.journal.length, signal);
    return this.visible(window).length;
  }

  pages(): Asked[] {
    return this.journal.filter(({ what }) => what === 'page');
  }
}

function startOf(cursor: string | null, limit: number): number {
  return (Number(cursor ?? 1) - 1) * limit;
}

function cursorOf(row: UpstreamRow | undefined): string | null {
  return row ? `${row.atMs}/${row.id}` : null;
}

function after(rows: readonly UpstreamRow[], cursor: string | null): readonly UpstreamRow[] {
  if (cursor === null) return rows;
  const [at, id] = cursor.split('/') as [string, string];
  return rows.filter((row) => row.atMs < Number(at) || (row.atMs === Number(at) && row.id > id));
}

/** A fault for the next so many requests. */
export function failing(times: number, fault: () => SyncFault): Interference {
  let left = times;
  return () => {
    if (left <= 0) return;
    left -= 1;
    throw fault();
  };
}
