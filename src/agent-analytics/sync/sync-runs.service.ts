import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import { SyncDesk } from '../../platform/sync/sync-desk.service.js';
import { type StartOutcome, SyncStarter } from '../../platform/sync/sync-starter.service.js';
import {
  invalidQuery,
  invalidRun,
  runActive,
  runEnded,
  unknownRun,
  unknownSource,
} from '../agent-analytics.errors.js';
import { LANGFUSE_DOMAIN } from '../langfuse/langfuse.source.js';
import { readRange } from '../figures/range.js';
import type {
  NewSyncRunDto,
  SyncCheckDto,
  SyncGapsDto,
  SyncGapsQueryDto,
  SyncRunDetailDto,
  SyncRunDto,
  SyncRunsDto,
  SyncRunsQueryDto,
  SyncRunStartedDto,
  SyncSourcesDto,
  SyncWatermarksDto,
} from './sync.dto.js';
import {
  toSyncGapDto,
  toSyncRunDetailDto,
  toSyncRunDto,
  toSyncSourceDto,
  toSyncWatermarkDto,
} from './sync.mapper.js';

/** Sources of the domain and their runs, to look at and to start. */
@Injectable()
export class SyncRuns {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly desk: SyncDesk,
    private readonly starter: SyncStarter,
    private readonly audit: Audit,
  ) {}

  async sources(caller: Principal): Promise<SyncSourcesDto> {
    const sources = await this.desk.listSources(caller, LANGFUSE_DOMAIN);
    return { items: sources.map(toSyncSourceDto) };
  }

  /** Asks Langfuse. @throws DomainError */
  async check(id: string): Promise<SyncCheckDto> {
    const check = await this.desk.check(LANGFUSE_DOMAIN, id);
    if (check === undefined) throw unknownSource();
    return { isOk: check.isOk, detail: check.detail };
  }

  async list(caller: Principal, query: SyncRunsQueryDto): Promise<SyncRunsDto> {
    const before = query.cursor === undefined ? null : decodeCursor(query.cursor, ['string'] as const)[0];
    if (before !== null && !isUuid(before)) throw invalidQuery('cursor', 'was not made by this list');
    const filter = { kind: query.kind ?? null, state: query.state ?? null, before, limit: query.limit };
    const rows = await this.desk.listRuns(caller, LANGFUSE_DOMAIN, filter);
    return toPage(rows, query.limit, ({ id }) => [id], toSyncRunDto);
  }

  async find(caller: Principal, id: string): Promise<SyncRunDetailDto> {
    const run = isUuid(id) ? await this.desk.findRun(caller, LANGFUSE_DOMAIN, id) : undefined;
    if (run === undefined) throw unknownRun();
    return toSyncRunDetailDto(run);
  }

  /** Joins an active run of the same kind and range. @throws DomainError */
  start(caller: Principal, { sourceId, kind, from, to }: NewSyncRunDto): Promise<SyncRunStartedDto> {
    if ((from === undefined) !== (to === undefined))
      throw invalidRun(from === undefined ? 'from' : 'to', 'a range has both ends');
    const read = readRange({ from, to });
    if ('fault' in read) throw invalidRun(read.field, read.fault);
    const range = read.from === null || read.to === null ? null : { from: read.from, to: read.to };
    return this.uow.run(caller, async (tx) => {
      const outcome = await this.starter.start(tx, { sourceId, kind, trigger: 'request', range });
      const { run, isJoined } = startedOf(outcome);
      await this.audit.record(tx, caller, {
        action: 'agent-analytics.sync-requested',
        object: { type: 'sync-source', id: sourceId },
        after: { runId: run.id, kind, from: from ?? null, to: to ?? null, isJoined },
      });
      return { ...toSyncRunDto(run), isJoined };
    });
  }

  /** A run that reads stops with its page. @throws DomainError */
  async cancel(caller: Principal, id: string): Promise<SyncRunDto> {
    const before = await this.find(caller, id);
    return this.uow.run(caller, async (tx) => {
      const run = await this.starter.cancel(tx, id);
      if (run === undefined) throw runEnded();
      await this.audit.record(tx, caller, {
        action: 'agent-analytics.sync-cancelled',
        object: { type: 'sync-run', id },
        before: { state: before.state },
        after: { state: run.state, isCancelRequested: run.isCancelRequested },
      });
      return toSyncRunDto(run);
    });
  }

  async watermarks(caller: Principal): Promise<SyncWatermarksDto> {
    const rows = await this.desk.listWatermarks(caller, LANGFUSE_DOMAIN);
    return { items: rows.map(toSyncWatermarkDto) };
  }

  async gaps(caller: Principal, query: SyncGapsQueryDto): Promise<SyncGapsDto> {
    const rows = await this.desk.listGaps(caller, LANGFUSE_DOMAIN, {
      isOpen: query.isOpen ?? null,
      before: query.cursor === undefined ? null : gapPlaceOf(query.cursor),
      limit: query.limit,
    });
    return toPage(
      rows,
      query.limit,
      ({ windowFrom, sourceId, stream }) => [windowFrom.getTime(), sourceId, stream],
      toSyncGapDto,
    );
  }
}

/** Instants that PostgreSQL and Date both know. */
const MOST_MS = 8e13;

function gapPlaceOf(cursor: string): { windowFrom: Date; sourceId: string; stream: string } {
  const [fromMs, sourceId, stream] = decodeCursor(cursor, ['number', 'string', 'string'] as const);
  if (Math.abs(fromMs) > MOST_MS) throw invalidQuery('cursor', 'was not made by this list');
  return { windowFrom: new Date(fromMs), sourceId, stream };
}

function startedOf(outcome: StartOutcome): Exclude<StartOutcome, string> {
  if (typeof outcome !== 'string') return outcome;
  switch (outcome) {
    case 'no-source':
      throw unknownSource();
    case 'not-supported':
      throw invalidRun('kind', 'this source has no such run');
    case 'bad-range':
      throw invalidRun('from', 'this kind takes no range');
    case 'other-range':
      throw runActive();
  }
}
