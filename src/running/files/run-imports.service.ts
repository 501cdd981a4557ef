import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit, type AuditEvent } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import { type Scope, type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import type { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { JobsRepository } from '../../platform/jobs/jobs.repository.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { assertBytes, fileRefused } from '../../platform/operations/files/file-refusals.js';
import { FileRefusedError } from '../../platform/storage/storage.errors.js';
import { Storage } from '../../platform/storage/storage.service.js';
import type { StoredFileRow } from '../../platform/storage/stored-files.repository.js';
import { importFileGone, importUnderWay, tooManyImports, unknownImport } from '../running.errors.js';
import { importState, type ImportState } from './import-state.js';
import { RUN_IMPORT_FILE } from './run-import-file.js';
import { IMPORT_RUNS } from './run-import.jobs.js';
import type {
  RunImportDto,
  RunImportItemsDto,
  RunImportItemsQueryDto,
  RunImportsDto,
} from './run-imports.dto.js';
import { toRunImportDto, toRunImportItemDto } from './run-imports.mapper.js';
import { type RunImportRow, RunImportsRepository } from './run-imports.repository.js';

/** Unfinished ones of an account at once; each holds a file. */
export const MOST_IMPORTS = 10;
const KEPT_DAYS = 90;

/** Files of runs as their senders see them; a job works through them. What is sent twice is told, not doubled. */
@Injectable()
export class RunImports {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly imports: RunImportsRepository,
    private readonly storage: Storage,
    private readonly jobs: Jobs,
    private readonly jobRows: JobsRepository,
    private readonly audit: Audit,
  ) {}

  /** @param source the file's bytes @throws DomainError that says why they are not taken */
  async create(caller: Principal, source: Readable): Promise<RunImportDto> {
    assertBytes(source);
    let shown: RunImportDto | undefined;
    try {
      await this.storage.receive(caller, RUN_IMPORT_FILE, source, async (tx, file) => {
        shown = await this.begin(tx, caller, file);
      });
    } catch (error) {
      throw error instanceof FileRefusedError ? fileRefused(error.reason) : error;
    }
    return shown!;
  }

  /** Newest first. */
  async list(caller: Principal, query: PageQueryDto): Promise<RunImportsDto> {
    const before = query.cursor === undefined ? null : decodeCursor(query.cursor, ['string'] as const)[0];
    if (before !== null && !isUuid(before)) return { items: [], nextCursor: null };
    return this.uow.run(caller, async (tx) => {
      const rows = await this.imports.listImports(tx, before, query.limit + 1);
      const states = await this.statesOf(tx, rows);
      return toPage(
        rows,
        query.limit,
        (row) => [row.id],
        (row) => toRunImportDto(row, states.get(row.id)!),
      );
    });
  }

  find(scope: Scope, id: string): Promise<RunImportDto> {
    return this.uow.run(scope, async (tx) =>
      this.show(tx, known(await this.imports.findImport(tx, knownId(id)))),
    );
  }

  /** What came of each file. */
  items(scope: Scope, id: string, query: RunImportItemsQueryDto): Promise<RunImportItemsDto> {
    const after = query.cursor === undefined ? ([-1, -1] as const) : positions(query.cursor);
    return this.uow.run(scope, async (tx) => {
      const row = known(await this.imports.findImport(tx, knownId(id)));
      const rows = await this.imports.listItems(tx, row.id, query.outcome ?? null, after, query.limit + 1);
      return toPage(rows, query.limit, ({ entry, activity }) => [entry, activity], toRunImportItemDto);
    });
  }

  /** A stopped one gets another job, which goes on where the last one was; of any other nothing changes. */
  start(caller: Principal, id: string): Promise<RunImportDto> {
    return this.uow.run(caller, async (tx) => {
      const row = known(await this.imports.lockImport(tx, knownId(id)));
      if ((await this.stateOf(tx, row)) !== 'stopped') return this.show(tx, row);
      const isThere = row.fileId !== null && (await this.storage.find(caller, row.fileId)) !== undefined;
      if (!isThere) throw importFileGone();
      const jobId = await this.jobs.enqueue(tx, caller, IMPORT_RUNS, { importId: row.id });
      if (jobId === undefined) throw importUnderWay(); // an operator drives its last job again at this moment
      await this.imports.updateJob(tx, row.id, jobId);
      await this.audit.record(tx, caller, importEvent('started', row.id, { after: { jobId } }));
      return this.show(tx, { ...row, jobId });
    });
  }

  /** Runs that came of it stay. @throws DomainError while a job works on it */
  discard(caller: Principal, id: string): Promise<void> {
    return this.uow.run(caller, async (tx) => {
      const row = known(await this.imports.lockImport(tx, knownId(id)));
      if ((await this.stateOf(tx, row)) === 'running') throw importUnderWay();
      if (row.fileId !== null) await this.storage.forget(tx, row.fileId);
      await this.imports.deleteImport(tx, row.id);
      const { kind, sizeBytes, importedCount } = row;
      await this.audit.record(
        tx,
        caller,
        importEvent('discarded', row.id, { before: { kind, sizeBytes, importedCount } }),
      );
    });
  }

  private async begin(tx: Tx, caller: Principal, file: StoredFileRow): Promise<RunImportDto> {
    await this.imports.lockRoom(tx, ADVISORY_LOCK.runningImports, caller.id);
    if ((await this.imports.countUnfinished(tx, caller.id)) >= MOST_IMPORTS)
      throw tooManyImports(MOST_IMPORTS);
    await this.imports.deleteFinished(tx, caller.id, KEPT_DAYS);
    const id = uuidv7();
    const jobId = (await this.jobs.enqueue(tx, caller, IMPORT_RUNS, { importId: id }))!;
    const kind = file.mediaType === 'application/zip' ? 'archive' : 'file';
    const { sizeBytes } = file;
    await this.imports.insertImport(tx, { id, userId: caller.id, fileId: file.id, jobId, kind, sizeBytes });
    await this.audit.record(tx, caller, importEvent('requested', id, { after: { kind, sizeBytes, jobId } }));
    return this.show(tx, known(await this.imports.findImport(tx, id)));
  }

  private async show(tx: Tx, row: RunImportRow): Promise<RunImportDto> {
    return toRunImportDto(row, await this.stateOf(tx, row));
  }

  private async stateOf(tx: Tx, row: RunImportRow): Promise<ImportState> {
    return (await this.statesOf(tx, [row])).get(row.id)!;
  }

  /** By the import's id. */
  private async statesOf(tx: Tx, rows: readonly RunImportRow[]): Promise<Map<string, ImportState>> {
    const jobIds = rows.filter(({ finishedAt }) => finishedAt === null).map(({ jobId }) => jobId);
    const jobs = jobIds.length === 0 ? [] : await this.jobRows.listByIds(tx, jobIds);
    const states = new Map(jobs.map(({ id, state }) => [id, state]));
    return new Map(rows.map((row) => [row.id, importState(row.finishedAt, states.get(row.jobId))]));
  }
}

function importEvent(
  what: 'requested' | 'started' | 'discarded',
  id: string,
  change: Pick<AuditEvent, 'before' | 'after'>,
): AuditEvent {
  return { action: `running.import-${what}`, object: { type: 'running.import', id }, ...change };
}

function positions(cursor: string): readonly [number, number] {
  const [entry, activity] = decodeCursor(cursor, ['number', 'number'] as const);
  return [clamped(entry), clamped(activity)];
}

/** A cursor that was made up is a place all the same, within what a column holds. */
function clamped(value: number): number {
  return Math.max(-1, Math.min(value, 2 ** 31 - 1));
}

function known(row: RunImportRow | null): RunImportRow {
  if (!row) throw unknownImport();
  return row;
}

function knownId(id: string): string {
  if (!isUuid(id)) throw unknownImport();
  return id;
}
