import type { Tx } from '../database/unit-of-work.js';

// What a domain says of a third party whose rows it copies, and what the engine asks of it. The engine owns time, order, retries,
// locks, positions and the run log; a source owns the wire (through `platform/outbound`) and the tables.
//
// What every stream promises: rows come newest first by `timeOf`, the upstream filters by that same time, and `keyOf` never changes.
// Whatever comes twice must be harmless to store twice.

/** `from` inclusive, `to` exclusive. */
export interface SyncWindow {
  readonly from: Date;
  readonly to: Date;
}

export interface PageRequest {
  /** What is left to read; the engine narrows it from page to page. */
  readonly window: SyncWindow;
  /** null = the first page of this window; otherwise the `next` of the page before. */
  readonly cursor: string | null;
  readonly limit: number;
  /** Aborts on cancellation, shutdown and loss of the lock. */
  readonly signal: AbortSignal;
}

/** A row that could not be read. It is counted and named in the run log, and the rest of its page is stored. */
export interface RefusedRow {
  /** null where not even that could be read; then nothing of its window is taken for deleted. */
  readonly key: string | null;
  /** Without any of the row's text. */
  readonly reason: string;
}

export interface SyncPage<Row> {
  readonly rows: readonly Row[];
  readonly refused: readonly RefusedRow[];
  /** null = the last page of the window that was asked for. Of a numbered stream: the next page's number. */
  readonly next: string | null;
  /** Rows that the upstream announces for the whole window that was asked for; null where it does not say. */
  readonly total: number | null;
}

export interface StoreContext {
  readonly runId: string;
  /** When the page was asked for. Of two versions of a row with the same mark of change the one that was asked for later is newer. */
  readonly requestedAt: Date;
}

export interface StoreOutcome {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
}

/** How one stream is told from what is stored: needed to prove that rows are gone, and to verify counts. */
export interface StoredRows {
  /** Rows of the window that are not marked as removed. */
  count(tx: Tx, window: SyncWindow): Promise<number>;
  /** Their keys in ascending order (`COLLATE "C"`), after the given one. */
  listKeys(tx: Tx, window: SyncWindow, after: string | null, limit: number): Promise<string[]>;
  /** Marks rows as removed (and what depends on them for rebuilding); rows that come again are unmarked by `store`. @returns how many */
  remove(tx: Tx, keys: readonly string[]): Promise<number>;
}

export interface SyncStream<Row = unknown> {
  /** Lower-case kebab; stored in rows, so it never changes. */
  readonly name: string;
  /**
   * `numbered`: cursors are page numbers, and the upstream's order has ties and shifts while one reads; the engine narrows the window
   * instead of asking for deep pages. `cursor`: cursors are the upstream's own and stable.
   */
  readonly paging: 'numbered' | 'cursor';
  readonly pageLimit: { readonly most: number; readonly least: number };
  /** An incremental run reads again from so long before the watermark: late rows and changes of rows. */
  readonly overlapMs: number;
  /** What is younger than this is not final: the watermark stays behind it, and nothing in it is taken for deleted. */
  readonly lagMs: number;
  /** Rows dated so far ahead of our clock are read too: clocks differ. */
  readonly aheadMs: number;
  /** How far back the source's reconcile and verify runs look at this stream. */
  readonly reachMs: number;
  /** @throws SyncFault */
  fetchPage(request: PageRequest): Promise<SyncPage<Row>>;
  keyOf(row: Row): string;
  timeOf(row: Row): Date;
  /** Upserts where the newer version wins, and marks what was touched for `afterRun`; inside the page's transaction (system role). */
  store(tx: Tx, rows: readonly Row[], context: StoreContext): Promise<StoreOutcome>;
  /** null = rows are never taken for deleted and never verified. */
  readonly stored: StoredRows | null;
  /** Rows that the upstream has in a window, for verification; null where it cannot say cheaply. @throws SyncFault */
  readonly countUpstream: ((window: SyncWindow, signal: AbortSignal) => Promise<number>) | null;
}

export interface SourceCheck {
  readonly isOk: boolean;
  /** For people: what answered, or what is wrong. Without secrets. */
  readonly detail: string;
}

export interface SyncSource {
  /** `<provider>:<account or project>`; stored in rows, so it never changes. */
  readonly id: string;
  readonly domain: string;
  /** From the end of one incremental run to the start of the next. */
  readonly intervalMs: number;
  /** null = never. Each counts from the end of the last such run. */
  readonly reconcileEveryMs: number | null;
  readonly verifyEveryMs: number | null;
  /** Least rest between two pages. */
  readonly pagePauseMs: number;
  /** The first run begins here. */
  readonly since: Date;
  /**
   * In this order in every run. The rows' tables must not depend on it: a stream may be hours ahead of another. They may be others
   * after `prepare`; what an open run still has to read of a stream that is gone ends that run.
   */
  readonly streams: readonly SyncStream[];
  /** What must never be seen in a log, a row or an answer, in every form in which it travels. */
  readonly secrets: readonly string[];
  /** Asked before each turn of a run, for a source that has to find out which streams it has; null = nothing to find out. @throws SyncFault */
  readonly prepare: ((signal: AbortSignal) => Promise<void>) | null;
  /** Do the keys and the URL work? Never throws for what the upstream does. */
  check(signal: AbortSignal): Promise<SourceCheck>;
  /**
   * Rebuilds what derives from the touched rows. Called when every stream of a run is complete, before the run counts as succeeded;
   * called again when the process dies meanwhile.
   */
  afterRun(context: { readonly runId: string; readonly signal: AbortSignal }): Promise<void>;
  /** In the transaction that ends a run well: only then `completeThrough` has moved. Where it throws, the run has failed. null = nothing to do. */
  readonly whenSucceeded: ((tx: Tx) => Promise<void>) | null;
}

/** A provider with `@ProvidesSources()`: its sources as this process's settings name them. */
export interface SourceProvider {
  sources(): readonly SyncSource[];
}

/**
 * Sources that no setting names, because people bring them: one for each account that is connected to a third party. A provider with
 * `@ProvidesSourceFamily()`; its sources are made when a run needs them.
 */
export interface SourceFamily {
  /** What the ids of its sources begin with, before the colon; stored in rows, so it never changes. */
  readonly prefix: string;
  readonly domain: string;
  /** As far as the scope of `tx` sees it: whoever asks for another account's gets undefined. */
  find(tx: Tx, sourceId: string): Promise<SyncSource | undefined>;
  /** Whose next incremental run is due, those first that have waited longest. @param tx of the system role */
  listDue(tx: Tx, now: Date, limit: number): Promise<string[]>;
}

/** A stream of rows whose type does not matter to the holder. */
export function defineStream<Row>(stream: SyncStream<Row>): SyncStream {
  return Object.freeze(stream);
}
