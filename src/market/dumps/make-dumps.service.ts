import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { measureFile, type ReceivedFile } from '../../platform/storage/receive-file.js';
import { Storage } from '../../platform/storage/storage.service.js';
import { CatalogRepository, type ServerRow } from '../catalog/catalog.repository.js';
import { addDays } from '../analytics/utc-day.js';
import { utcDay } from '../rollups/rollup.js';
import { type DueDay, DumpsRepository } from './dumps.repository.js';
import { dumpHeader, dumpLines, MARKET_DUMP } from './market-dump.js';

// Days are dumped when they are over, and again when the rollups have derived one of their series anew since: that is what late prices,
// corrections and deletions come to. The count of changes is read before the rows, so what happens meanwhile makes the day due once
// more, never less. Rows are read item by item in short transactions and go through gzip to a file: a day needs no more memory than
// a portion, and no snapshot is held. Bytes depend on the rows alone; a file that came out the same is no new revision. Days that are
// too old to be kept are neither made nor left.

/** Items in one read: some ten thousand rows of a busy day. */
const PORTION_ITEMS = 200;
const FORGOTTEN_AT_ONCE = 100;
/** What bytes come out depends on it. */
const GZIP_LEVEL = 6;

export interface MakeDumpsOptions {
  nowMs: number;
  signal: AbortSignal;
  onProgress?: (done: number, day: string) => void;
}

@Injectable()
export class MakeDumpsService {
  constructor(
    private readonly system: SystemUnitOfWork,
    private readonly catalog: CatalogRepository,
    private readonly dumps: DumpsRepository,
    private readonly storage: Storage,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** Makes every dump that is due, oldest day first. Safe to stop, to repeat and to run twice at once. @returns how many days it wrote */
  async makeDue({ nowMs, signal, onProgress }: MakeDumpsOptions): Promise<number> {
    const today = utcDay(nowMs);
    const { marketDumpDays } = this.env;
    const firstDay = marketDumpDays === 0 ? null : addDays(today, -marketDumpDays);
    if (firstDay !== null) await this.forgetBefore(firstDay, signal);
    const servers = await this.system.run(SYSTEM_SCOPE, (tx) =>
      tx.query<ServerRow>(this.catalog.serversStatement()),
    );
    let done = 0;
    for (let last: DueDay | undefined; ;) {
      signal.throwIfAborted();
      const due = await this.system.run(SYSTEM_SCOPE, (tx) =>
        this.dumps.findDueDay(tx, today, firstDay, last),
      );
      if (!due) return done;
      const ofGame = servers.filter(({ gameId }) => gameId === due.gameId);
      await this.makeDay(
        due,
        ofGame.sort((a, b) => (a.key < b.key ? -1 : 1)),
        signal,
      );
      done += 1;
      onProgress?.(done, due.day);
      last = due;
    }
  }

  private async forgetBefore(firstDay: string, signal: AbortSignal): Promise<void> {
    let count: number;
    do {
      signal.throwIfAborted();
      count = await this.system.run(SYSTEM_SCOPE, async (tx) => {
        const fileIds = await this.dumps.deleteBefore(tx, firstDay, FORGOTTEN_AT_ONCE);
        for (const id of fileIds) await this.storage.forget(tx, id);
        return fileIds.length;
      });
    } while (count === FORGOTTEN_AT_ONCE);
  }

  private async makeDay(due: DueDay, servers: readonly ServerRow[], signal: AbortSignal): Promise<void> {
    const fileId = uuidv7();
    const path = await this.storage.incomingPath(fileId);
    try {
      const counter = { rows: 0 };
      const lines = Readable.from(this.linesOf(due.day, servers, counter));
      const zip = createGzip({ level: GZIP_LEVEL });
      await pipeline(lines, zip, createWriteStream(path, { mode: 0o600 }), { signal });
      await this.keep(due, fileId, path, await measureFile(path), counter.rows);
    } finally {
      await rm(path, { force: true });
    }
  }

  private async *linesOf(
    day: string,
    servers: readonly ServerRow[],
    counter: { rows: number },
  ): AsyncGenerator<string> {
    yield dumpHeader();
    for (const server of servers) {
      for (let afterId = 0; ;) {
        const { itemIds, rows } = await this.system.run(SYSTEM_SCOPE, async (tx) => {
          const ids = await this.dumps.listItemIds(tx, server.id, afterId, PORTION_ITEMS);
          return { itemIds: ids, rows: await this.dumps.listRows(tx, server.id, ids, day) };
        });
        counter.rows += rows.length;
        if (rows.length > 0) yield dumpLines(server.key, rows);
        if (itemIds.length < PORTION_ITEMS) break;
        afterId = itemIds.at(-1)!;
      }
    }
  }

  private async keep(
    { gameId, day, changeCount }: DueDay,
    fileId: string,
    path: string,
    file: ReceivedFile,
    rowCount: number,
  ): Promise<void> {
    const former = await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const known = await this.dumps.findDump(tx, gameId, day);
      if (known?.sha256.equals(file.sha256)) await this.dumps.updateChangeCount(tx, known, changeCount);
      return known;
    });
    if (former?.sha256.equals(file.sha256)) return;
    await this.storage.adopt(fileId, path);
    const isKept = await this.system.run(SYSTEM_SCOPE, async (tx) => {
      const revision = (former?.revision ?? 0) + 1;
      const dump = { gameId, day, revision, fileId, ...file, rowCount, changeCount };
      if (!(await this.dumps.upsertDump(tx, dump))) return false;
      const owned = { id: fileId, userId: SYSTEM_SCOPE.id, purpose: MARKET_DUMP };
      await this.storage.record(tx, { ...owned, mediaType: MARKET_DUMP.mediaTypes[0]!, ...file });
      if (former) await this.storage.forget(tx, former.fileId);
      return true;
    });
    if (!isKept) await this.storage.dropUnknown([fileId]); // another run was faster
  }
}
