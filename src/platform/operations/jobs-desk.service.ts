import { Injectable } from '@nestjs/common';
import { Audit, type AuditEvent } from '../audit/audit.service.js';
import type { Principal } from '../auth/principal.js';
import { SystemUnitOfWork } from '../database/database.module.js';
import { SYSTEM_SCOPE } from '../database/system-scope.js';
import { type Scope, type Tx, UnitOfWork } from '../database/unit-of-work.js';
import { isUuid } from '../database/uuid.js';
import { DomainError } from '../http/domain-error.js';
import { decodeCursor, toPage } from '../http/keyset.js';
import type { JobState } from '../jobs/job.entity.js';
import { type JobRow, JobsRepository } from '../jobs/jobs.repository.js';
import { Jobs } from '../jobs/jobs.service.js';
import { type JobObstacle, JobObstacleRepository } from './job-obstacle.repository.js';
import type { JobDto, JobsDto, JobsQueryDto } from './jobs.dto.js';
import { toJobDto } from './jobs.mapper.js';
import { OPERATIONS_ERROR } from './operations.errors.js';

/** Jobs as callers see their own and as operators see all. A stranger's job is as unknown as one that never was. */
@Injectable()
export class JobsDesk {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly rows: JobsRepository,
    private readonly jobs: Jobs,
    private readonly obstacles: JobObstacleRepository,
    private readonly audit: Audit,
  ) {}

  list(scope: Scope, query: JobsQueryDto): Promise<JobsDto> {
    return this.page(this.uow, scope, query);
  }

  listAll(query: JobsQueryDto): Promise<JobsDto> {
    return this.page(this.system, SYSTEM_SCOPE, query);
  }

  async find(scope: Scope, id: string): Promise<JobDto> {
    return toJobDto(await this.get(scope, id));
  }

  /** @throws DomainError for a job that is unknown */
  async get(scope: Scope, id: string): Promise<JobRow> {
    const rows = isUuid(id) ? await this.uow.run(scope, (tx) => this.rows.listByIds(tx, [id])) : [];
    return known(rows[0]);
  }

  cancel(caller: Principal, id: string): Promise<JobDto> {
    return this.requestCancel(this.uow, caller, caller, id);
  }

  cancelAny(caller: Principal, id: string): Promise<JobDto> {
    return this.requestCancel(this.system, SYSTEM_SCOPE, caller, id);
  }

  /** Gives a dead or cancelled job all its tries once more. @throws DomainError that says what stands in the way */
  redrive(caller: Principal, id: string): Promise<JobDto> {
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      const before = await this.lock(tx, id);
      if (!(await this.jobs.redrive(tx, id))) {
        const obstacle = await this.obstacles.findObstacle(tx, id);
        throw obstacle ? notRedriven(obstacle) : unknownJob();
      }
      const [after] = await this.rows.listByIds(tx, [id]);
      await this.audit.record(tx, caller, jobEvent('redriven', before, 'open'));
      return toJobDto(known(after));
    });
  }

  private async page(unit: UnitOfWork, scope: Scope, query: JobsQueryDto): Promise<JobsDto> {
    const before = query.cursor === undefined ? null : decodeCursor(query.cursor, ['string'] as const)[0];
    const filter = { state: query.state ?? null, name: query.name ?? null, limit: query.limit + 1 };
    const isKnown = before === null || isUuid(before);
    const rows = isKnown ? await unit.run(scope, (tx) => this.rows.listPage(tx, { ...filter, before })) : [];
    return toPage(rows, query.limit, (row) => [row.id], toJobDto);
  }

  private requestCancel(unit: UnitOfWork, scope: Scope, caller: Principal, id: string): Promise<JobDto> {
    return unit.run(scope, async (tx) => {
      const before = await this.lock(tx, id);
      const after = known(await this.rows.updateCancelRequested(tx, id));
      if (after.isCancelRequested && !before.isCancelRequested)
        await this.audit.record(tx, caller, jobEvent('cancelled', before, after.state));
      return toJobDto(after);
    });
  }

  /** What is said of it in the trail is what the change met. */
  private async lock(tx: Tx, id: string): Promise<JobRow> {
    return known(isUuid(id) ? await this.rows.lockJob(tx, id) : undefined);
  }
}

function jobEvent(what: 'cancelled' | 'redriven', job: JobRow, state: JobState): AuditEvent {
  return {
    action: `platform.job-${what}`,
    object: { type: 'platform.job', id: job.id },
    subjectId: job.userId,
    before: { name: job.name, state: job.state },
    after: { name: job.name, state },
  };
}

function known(job: JobRow | undefined): JobRow {
  if (!job) throw unknownJob();
  return job;
}

function unknownJob(): DomainError {
  return new DomainError('notFound', OPERATIONS_ERROR.jobUnknown, 'There is no such job.');
}

function notRedriven({ state, childId, twinId }: JobObstacle): DomainError {
  if (!['dead', 'cancelled'].includes(state)) {
    const detail = `The job is ${state}; only a dead or cancelled one can be driven again.`;
    return new DomainError('conflict', OPERATIONS_ERROR.jobNotEnded, detail);
  }
  if (childId !== null) {
    const detail = `The job needs job ${childId}, which has not ended well; drive that one again, and this one waits for it.`;
    return new DomainError('conflict', OPERATIONS_ERROR.jobWaitsForChild, detail);
  }
  const twin = twinId === null ? 'Another job' : `Job ${twinId}`;
  const detail = `${twin} with the same deduplication key waits for its start and will do the work.`;
  return new DomainError('conflict', OPERATIONS_ERROR.jobHasTwin, detail);
}
