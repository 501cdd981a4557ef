import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit, type AuditEvent } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { type Scope, type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { DomainError } from '../../platform/http/domain-error.js';
import {
  IdempotencyService,
  type IdempotentRequest,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import { JobsRepository } from '../../platform/jobs/jobs.repository.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { MARKET_ERROR } from '../market.errors.js';
import { readHeader } from './import-rows.reader.js';
import { IMPORT_HISTORY } from './imports.jobs.js';
import { importState, type ImportState } from './import-state.js';
import type { ImportPartDto, ImportsDto, ImportWithPartsDto, NewImportDto } from './imports.dto.js';
import { toImportDto } from './imports.mapper.js';
import { type ImportRow, ImportsRepository } from './imports.repository.js';
import type { PageQueryDto } from '../../platform/http/page-query.dto.js';

/** 10,000 parts of at most 1 MiB. */
const MAX_PARTS = 10_000;

/** States in which no job works on an import. */
const IDLE: ReadonlySet<ImportState> = new Set(['uploading', 'stopped']);

/** A game's server by its keys in the path. */
export interface ServerPlace {
  game: string;
  server: string;
}

/**
 * Files of old prices. They are sent in parts, so that a broken connection costs one part; parts may be sent again, in any
 * order; then they are started, and a job applies them. An import whose job was cancelled or died can be started again.
 */
@Injectable()
export class ImportsService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly imports: ImportsRepository,
    private readonly jobs: Jobs,
    private readonly jobRows: JobsRepository,
    private readonly idempotency: IdempotencyService,
    private readonly audit: Audit,
  ) {}

  async create(
    caller: Principal,
    place: ServerPlace,
    { format }: NewImportDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<ImportWithPartsDto>> {
    const server = await this.directory.server(place.game, place.server);
    return this.uow.run(caller, (tx) =>
      this.idempotency.once(tx, caller, request, 201, async () => {
        const id = uuidv7();
        await this.imports.insertImport(tx, { id, userId: caller.id, serverId: server.id, format });
        const after = { server: server.key, format };
        await this.audit.record(tx, caller, importEvent('created', id, { after }));
        return this.show(tx, id);
      }),
    );
  }

  /** The caller's imports of one server, newest first. */
  async list(caller: Principal, place: ServerPlace, query: PageQueryDto): Promise<ImportsDto> {
    const server = await this.directory.server(place.game, place.server);
    const before = query.cursor === undefined ? null : decodeCursor(query.cursor, ['string'] as const)[0];
    if (before !== null && !isUuid(before)) return { items: [], nextCursor: null };
    return this.uow.run(caller, async (tx) => {
      const rows = await this.imports.listImports(tx, server.id, before, query.limit + 1);
      const states = await this.statesOf(tx, rows);
      return toPage(
        rows,
        query.limit,
        (row) => [row.id],
        (row) => toImportDto(row, states.get(row.id)!),
      );
    });
  }

  async find(scope: Scope, place: ServerPlace, id: string): Promise<ImportWithPartsDto> {
    const server = await this.directory.server(place.game, place.server);
    return this.uow.run(scope, async (tx) => {
      const row = ofServer(await this.imports.findImport(tx, knownId(id)), server.id);
      return this.show(tx, row.id);
    });
  }

  /** @param body whole lines of the file; @throws DomainError when the import has started or the first part has a bad header */
  async putPart(
    scope: Scope,
    place: ServerPlace,
    id: string,
    part: number,
    body: unknown,
  ): Promise<ImportPartDto> {
    const server = await this.directory.server(place.game, place.server);
    if (typeof body !== 'string' || body.trim() === '')
      throw refused(
        MARKET_ERROR.importPartEmpty,
        'A part is text/csv or application/x-ndjson and holds lines.',
      );
    if (part >= MAX_PARTS)
      throw refused(MARKET_ERROR.importTooLarge, `An import has at most ${MAX_PARTS} parts.`);
    if (body.includes('\0') || !body.isWellFormed())
      throw refused(MARKET_ERROR.importPartUnreadable, 'The part holds NUL or lone surrogates.');
    const sizeBytes = Buffer.byteLength(body);
    await this.uow.run(scope, async (tx) => {
      const row = ofServer(await this.imports.lockImport(tx, knownId(id)), server.id);
      assertUploading(row);
      if (part === 0) assertHeader(row, body);
      await this.imports.upsertPart(tx, { userId: scope.id, importId: row.id, part, sizeBytes, body });
    });
    return { part, sizeBytes };
  }

  /**
   * From here on the parts belong to the job. Asked twice, the second answers like the first; an import that has stopped gets
   * another job, which goes on where the last one was.
   */
  async start(caller: Principal, place: ServerPlace, id: string): Promise<ImportWithPartsDto> {
    const server = await this.directory.server(place.game, place.server);
    return this.uow.run(caller, async (tx) => {
      const row = ofServer(await this.imports.lockImport(tx, knownId(id)), server.id);
      if (IDLE.has(await this.stateOf(tx, row))) await this.enqueue(tx, caller, row);
      return this.show(tx, row.id);
    });
  }

  /** What has been applied stays; the rest is forgotten. */
  async discard(caller: Principal, place: ServerPlace, id: string): Promise<void> {
    const server = await this.directory.server(place.game, place.server);
    await this.uow.run(caller, async (tx) => {
      const row = ofServer(await this.imports.lockImport(tx, knownId(id)), server.id);
      if (!IDLE.has(await this.stateOf(tx, row))) throw started();
      await this.imports.deleteImport(tx, row.id);
      const { format, partCount, sizeBytes } = row;
      const before = { server: server.key, format, partCount, sizeBytes };
      await this.audit.record(tx, caller, importEvent('discarded', row.id, { before }));
    });
  }

  private async enqueue(tx: Tx, caller: Principal, row: ImportRow): Promise<void> {
    const parts = await this.imports.listParts(tx, row.id);
    const missing = parts.findIndex(({ part }, index) => part !== index);
    if (parts.length === 0) throw refused(MARKET_ERROR.importIncomplete, 'No part has been sent.');
    if (missing !== -1) throw refused(MARKET_ERROR.importIncomplete, `Part ${missing} has not been sent.`);
    const jobId = await this.jobs.enqueue(tx, caller, IMPORT_HISTORY, { importId: row.id });
    if (jobId === undefined) throw started(); // an administrator has its last job driven again at this moment
    await this.imports.updateStarted(tx, row.id, jobId);
    const after = { jobId, partCount: row.partCount, sizeBytes: row.sizeBytes };
    await this.audit.record(tx, caller, importEvent('started', row.id, { after }));
  }

  private async show(tx: Tx, id: string): Promise<ImportWithPartsDto> {
    const row = (await this.imports.findImport(tx, id))!;
    const parts = await this.imports.listParts(tx, id);
    return { ...toImportDto(row, await this.stateOf(tx, row)), parts: parts.map(({ part }) => part) };
  }

  private async stateOf(tx: Tx, row: ImportRow): Promise<ImportState> {
    return (await this.statesOf(tx, [row])).get(row.id)!;
  }

  /** By the import's id. */
  private async statesOf(tx: Tx, rows: readonly ImportRow[]): Promise<Map<string, ImportState>> {
    const jobIds = rows.flatMap(({ jobId, finishedAt }) => (jobId && !finishedAt ? [jobId] : []));
    const jobs = jobIds.length === 0 ? [] : await this.jobRows.listByIds(tx, jobIds);
    const states = new Map(jobs.map(({ id, state }) => [id, state]));
    return new Map(rows.map((row) => [row.id, importState(row, states.get(row.jobId ?? ''))]));
  }
}

function importEvent(
  what: 'created' | 'started' | 'discarded',
  id: string,
  change: Pick<AuditEvent, 'before' | 'after'>,
): AuditEvent {
  return { action: `market.import-${what}`, object: { type: 'market.history-import', id }, ...change };
}

/** Also while it is stopped: what was applied of a part must not change under the position. */
function assertUploading(row: ImportRow): void {
  if (row.jobId !== null) throw started();
}

function assertHeader(row: ImportRow, body: string): void {
  if (row.format !== 'csv') return;
  const header = readHeader(body);
  if ('fault' in header) throw refused(MARKET_ERROR.importHeaderUnreadable, header.fault);
}

function ofServer(row: ImportRow | null, serverId: number): ImportRow {
  if (row?.serverId !== serverId)
    throw new DomainError('notFound', MARKET_ERROR.unknownImport, 'There is no such import.');
  return row;
}

function knownId(id: string): string {
  if (!isUuid(id)) throw new DomainError('notFound', MARKET_ERROR.unknownImport, 'There is no such import.');
  return id;
}

function refused(code: string, detail: string): DomainError {
  return new DomainError('unprocessable', code, detail);
}

function started(): DomainError {
  return new DomainError('conflict', MARKET_ERROR.importStarted, 'The import has started already.');
}
