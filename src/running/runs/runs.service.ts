import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import {
  IdempotencyService,
  type IdempotentRequest,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { FOLD_RUN } from '../recordings/recordings.jobs.js';
import { assertSeen, invalidRun, runDeleted, runIdTaken, unknownRun } from '../running.errors.js';
import { isDatedWithin } from './run-dates.js';
import { runEvent } from './run-audit.js';
import { RUN_FIGURES, type RunFigures } from './run-columns.js';
import { RunDefaults } from './run-defaults.service.js';
import { visibilityOf } from './run-terms.js';
import type { NewRunDto, RunChangeDto, RunnerRunDto, RunTotalsDto } from './runs.dto.js';
import { toRunDto } from './runs.mapper.js';
import { type NewRun, RunsRepository } from './runs.repository.js';
import { ShownRunsRepository, type ShownRun } from './shown-runs.repository.js';

/** Runs of the caller's own: begun and described. */
@Injectable()
export class RunsService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly runs: RunsRepository,
    private readonly shown: ShownRunsRepository,
    private readonly defaults: RunDefaults,
    private readonly jobs: Jobs,
    private readonly idempotency: IdempotencyService,
    private readonly audit: Audit,
  ) {}

  /**
   * A run of an id that is there already is answered as it is: a client that got no answer sends again, key or no key.
   * @throws DomainError an id that was deleted or is somebody else's; totals or times that contradict each other
   */
  create(
    caller: Principal,
    wish: NewRunDto,
    request: IdempotentRequest | undefined,
    now = new Date(),
  ): Promise<Outcome<RunnerRunDto>> {
    assertPossible(wish, now);
    return this.uow.run(caller, (tx) =>
      this.idempotency.once(tx, caller, request, 201, async () => {
        await this.runs.lockChanges(tx, caller.id);
        const id = wish.id ?? uuidv7();
        const known = await this.findOwn(tx, id);
        if (known !== null) return toRunDto(known, caller.id, now);
        if ((await this.runs.findTombstone(tx, caller.id, id)) !== null) throw runDeleted();
        const run = await this.runs.insertRun(tx, await this.newRun(tx, caller.id, id, wish));
        if (run === null) throw runIdTaken();
        await this.audit.record(tx, caller, runEvent('created', id, undefined, run));
        return toRunDto({ ...run, lastFixAt: null }, caller.id, now);
      }),
    );
  }

  /** @param seen the version that the client has changed @throws DomainError unknown run; another version by now */
  change(
    caller: Principal,
    id: string,
    wish: RunChangeDto,
    seen: number | undefined,
    now = new Date(),
  ): Promise<RunnerRunDto> {
    return this.uow.run(caller, async (tx) => {
      await this.runs.lockChanges(tx, caller.id);
      const before = isUuid(id) ? await this.runs.findRun(tx, id) : null;
      if (before === null) throw unknownRun();
      assertSeen(seen, before.version, 'run');
      const privacy = wish.privacy === undefined ? before.privacy : wish.privacy;
      const visibility = visibilityOf(
        before.source,
        privacy,
        await this.defaults.visibilityOf(tx, caller.id),
      );
      const after = await this.runs.updateDetails(tx, id, {
        title: wish.title === undefined ? before.title : wish.title,
        description: wish.description === undefined ? before.description : wish.description,
        sport: wish.sport ?? before.sport,
        timeZone: wish.timeZone ?? before.timeZone,
        caloriesKcal: wish.caloriesKcal === undefined ? before.caloriesKcal : wish.caloriesKcal,
        privacy,
        visibility,
      });
      // What nobody can have run somebody may have ridden: which places are believed depends on the sport.
      const isJudgedAnew = after.sport !== before.sport && after.source === 'app' && after.hasTrack;
      if (isJudgedAnew) await this.jobs.enqueueShared(tx, FOLD_RUN, [{ runId: id }]);
      await this.audit.record(tx, caller, runEvent('changed', id, before, after));
      return toRunDto((await this.findOwn(tx, id))!, caller.id, now);
    });
  }

  private async findOwn(tx: Tx, id: string): Promise<ShownRun | null> {
    const [run] = await tx.query<ShownRun>(this.shown.findOwn(id));
    return run ?? null;
  }

  private async newRun(tx: Tx, userId: string, id: string, wish: NewRunDto): Promise<NewRun> {
    const { totals } = wish;
    const privacy = wish.privacy ?? null;
    const startedAt = new Date(wish.startedAt);
    return {
      ...figuresOfTotals(totals, wish.caloriesKcal ?? null),
      id,
      userId,
      source: 'app',
      externalId: null,
      status: totals === undefined ? 'recording' : 'finished',
      title: wish.title ?? null,
      description: wish.description ?? null,
      sport: wish.sport,
      privacy,
      visibility: visibilityOf('app', privacy, await this.defaults.visibilityOf(tx, userId)),
      startedAt,
      finishedAt:
        totals === undefined ? null : new Date(startedAt.getTime() + Math.round(totals.elapsedTimeS * 1_000)),
      timeZone: wish.timeZone ?? (await this.defaults.timeZoneOf(tx, userId)),
      lastSeq: null,
      hasTrack: false,
      trackVersion: 0,
    };
  }
}

function assertPossible({ startedAt, totals }: NewRunDto, now: Date): void {
  if (!isDatedWithin(new Date(startedAt), now)) throw invalidRun('/startedAt', 'is more than a day ahead');
  if (totals !== undefined && totals.movingTimeS > totals.elapsedTimeS)
    throw invalidRun('/totals/movingTimeS', 'is more than elapsedTimeS');
}

function figuresOfTotals(totals: RunTotalsDto | undefined, caloriesKcal: number | null): RunFigures {
  const nothing = Object.fromEntries(RUN_FIGURES.map((name) => [name, null])) as RunFigures;
  if (totals === undefined) return { ...nothing, caloriesKcal };
  return {
    ...nothing,
    caloriesKcal,
    distanceM: totals.distanceM,
    movingTimeS: totals.movingTimeS,
    elapsedTimeS: totals.elapsedTimeS,
    averageHeartRateBpm: totals.averageHeartRateBpm ?? null,
    maxHeartRateBpm: totals.maxHeartRateBpm ?? null,
    averageCadenceSpm: totals.averageCadenceSpm ?? null,
    elevationGainM: totals.elevationGainM ?? null,
    elevationLossM: totals.elevationLossM ?? null,
  };
}
