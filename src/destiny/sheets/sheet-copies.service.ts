import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Cache } from '../../platform/cache/cache.js';
import { Caches } from '../../platform/cache/caches.service.js';
import { sha256 } from '../../platform/crypto/digest.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Profiler } from '../../platform/profiling/profiler.service.js';
import { sheetUnavailable } from '../destiny.errors.js';
import { cleanCells } from './clean-cells.js';
import { SheetFault } from './sheet-fault.js';
import { type SheetTabRow, SheetTabsRepository, type TabPlace } from './sheet-tabs.repository.js';

// Copies of tabs in PostgreSQL, for all processes. A copy is good for 24 hours; then whoever asks first reads the tab anew, by a claim on its
// row, and nobody else does meanwhile: they get the old copy, or wait where there is none. What cannot be read is served from the copy for
// as long as that lasts, with its age and the reason, and not tried again for a minute or for as long as Google says.

type Cells = readonly (readonly string[])[];

export interface SheetCopy {
  readonly cells: Cells;
  readonly isCut: boolean;
  readonly fetchedAt: Date;
  readonly ageS: number;
  /** Older than it should be. */
  readonly isStale: boolean;
  /** Why; null = it is not, or is being read just now. */
  readonly staleReason: string | null;
}

const REST_MS = 60_000;
const LONGEST_REST_MS = 3_600_000;
const WAIT_MS = 12_000;
const LOOK_EVERY_MS = 100;
/** Up to 2 MB each. */
const MOST_IN_MEMORY = 20;
const IN_MEMORY_MS = 3_600_000;

@Injectable()
export class SheetCopies {
  private readonly memory: Cache<Cells | null>;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly rows: SheetTabsRepository,
    private readonly profiler: Profiler,
    caches: Caches,
  ) {
    // By content: what is found there is right for ever, so nothing has to be forgotten.
    this.memory = caches.open({
      name: 'destiny.sheets',
      ttlMs: IN_MEMORY_MS,
      mostEntries: MOST_IN_MEMORY,
      version: 1,
      schema: z.array(z.array(z.string())).nullable(),
    });
  }

  /** @param read brings the cells as Google has them @throws DomainError where there is neither a copy nor an answer */
  async get(place: TabPlace, read: () => Promise<readonly (readonly unknown[])[]>): Promise<SheetCopy> {
    const untilMs = performance.now() + WAIT_MS;
    for (;;) {
      const row = await this.find(place);
      if (row?.isFresh) {
        const copy = await this.copyOf(place, row, null);
        if (copy) return copy;
        continue; // it was read anew between the two looks
      }
      const claimId = randomUUID();
      const isResting = (row?.restsMs ?? 0) > 0;
      if (!isResting && (await this.claim(place, row?.version ?? null, claimId))) {
        await this.fetch(place, claimId, read);
        return this.settle(place);
      }
      const old = row && (await this.copyOf(place, row, row.failure));
      if (old) return old;
      if (row && isResting) throw sheetUnavailable(row.failure ?? 'Google does not answer.');
      if (performance.now() >= untilMs)
        throw sheetUnavailable('The sheet is being read, and that takes long.');
      await sleep(LOOK_EVERY_MS);
    }
  }

  private async settle(place: TabPlace): Promise<SheetCopy> {
    const row = await this.find(place);
    const copy = row && (await this.copyOf(place, row, row.failure));
    if (copy) return copy;
    throw sheetUnavailable(row?.failure ?? 'Google does not answer.');
  }

  private async fetch(
    place: TabPlace,
    claimId: string,
    read: () => Promise<readonly (readonly unknown[])[]>,
  ): Promise<void> {
    try {
      const raw = await this.profiler.time('destiny.fetch-sheet-tab', read);
      const { cells, isCut } = cleanCells(raw);
      const text = JSON.stringify(cells);
      const rowCount = Math.max(0, cells.length - 1);
      const fetched = { cells: text, contentHash: sha256(text), rowCount, isCut };
      await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.updateFetched(tx, place, claimId, fetched));
    } catch (error) {
      const isFault = error instanceof SheetFault;
      const sentence = isFault ? error.message : 'The tab could not be read.';
      const saidMs = isFault ? (error.retryAfterMs ?? 0) : 0;
      const failure = { sentence, restMs: Math.min(LONGEST_REST_MS, Math.max(REST_MS, saidMs)) };
      await this.system.run(SYSTEM_SCOPE, (tx) => this.rows.updateFailed(tx, place, claimId, failure));
      if (!isFault) throw error;
    }
  }

  private async find(place: TabPlace): Promise<SheetTabRow | undefined> {
    const [row] = await this.uow.read<SheetTabRow>(SYSTEM_SCOPE, this.rows.findStatement(place));
    return row;
  }

  private claim(place: TabPlace, seenVersion: number | null, claimId: string): Promise<boolean> {
    return this.system.run(SYSTEM_SCOPE, (tx) => this.rows.claim(tx, place, seenVersion, claimId));
  }

  /** @returns undefined where there is none, or another one since */
  private async copyOf(
    place: TabPlace,
    row: SheetTabRow,
    staleReason: string | null,
  ): Promise<SheetCopy | undefined> {
    const { contentHash, fetchedAt, ageS, isCut, isFresh } = row;
    if (contentHash === null || fetchedAt === null || ageS === null) return undefined;
    const cells = await this.cells(place, contentHash);
    if (cells === null) return undefined;
    return { cells, isCut, fetchedAt, ageS, isStale: !isFresh, staleReason };
  }

  private async cells(place: TabPlace, contentHash: string): Promise<Cells | null> {
    const key = JSON.stringify([place.spreadsheetId, place.title, contentHash]);
    const cells = await this.memory.get(key, async () => {
      const statement = this.rows.cellsStatement(place, contentHash);
      const [found] = await this.uow.read<{ cells: Cells }>(SYSTEM_SCOPE, statement);
      return found?.cells ?? null;
    });
    if (cells === null) await this.memory.forget(key); // the same content may come back
    return cells;
  }
}
