import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { parseInput } from '../../platform/http/parse-input.js';
import { PublicRunners } from '../profiles/public-runners.service.js';
import { RaceResults } from '../races/race-results.service.js';
import { RunTracks, type StoredTrack } from '../runs/run-tracks.service.js';
import { runWithoutRoute, unknownRun } from '../running.errors.js';
import { paginationOf } from './compat-answer.js';
import { type BuiltRunsQuery, pageQuery, runsQuery } from './compat-bodies.js';
import { pageOf } from './compat-page.js';
import { type CompatRunRow, CompatRunsRepository, type VisibleSums } from './compat-runs.repository.js';
import type {
  CompatWispBuiltRunsDto,
  CompatWispRouteDto,
  CompatWispRunDetailsDto,
  CompatWispRunDto,
  CompatWispRunnerRunsDto,
  CompatWispRunsDto,
} from './compat-runs.dto.js';
import {
  heartRatesOf,
  type PlaceInstants,
  toCompatRoute,
  toCompatRun,
  toCompatRunRace,
} from './compat-runs.mapper.js';

/** Runs as the original's app reads them: those that are over and have their figures. */
@Injectable()
export class CompatRuns {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly rows: CompatRunsRepository,
    private readonly tracks: RunTracks,
    private readonly runners: PublicRunners,
    private readonly results: RaceResults,
  ) {}

  async list(caller: Principal, query: unknown): Promise<CompatWispRunsDto> {
    const { page, limit, sort, data_source } = parseInput(runsQuery, query);
    const read = (most: number, offset: number): Promise<CompatRunRow[]> =>
      this.uow.read(caller, this.rows.listOwn(caller.id, sort, data_source ?? null, most, offset));
    const { rows, total } = await pageOf(read, limit, (page - 1) * limit);
    return {
      runs: rows.map((row) => toCompatRun(row)),
      pagination: paginationOf({ page, limit }, total),
    };
  }

  async listBuilt(caller: Principal, query: BuiltRunsQuery): Promise<CompatWispBuiltRunsDto> {
    const { limit, offset } = query;
    const read = (most: number, from: number): Promise<CompatRunRow[]> =>
      this.uow.read(caller, this.rows.listBuilt(caller.id, { ...query, limit: most, offset: from }));
    const { rows, total } = await pageOf(read, limit, offset);
    const hasMore = offset + rows.length < total;
    return {
      runs: rows.map((row) => toCompatRun(row)),
      total_count: total,
      has_more: hasMore,
      next_cursor: hasMore ? String(offset + limit) : null,
    };
  }

  /** What a runner shows to everybody. @throws DomainError unknown runner */
  async ofRunner(caller: Principal, id: string, query: unknown): Promise<CompatWispRunnerRunsDto> {
    const { page, limit } = parseInput(pageQuery, query);
    const runner = await this.runners.find(caller, id);
    const read = (most: number, offset: number): Promise<CompatRunRow[]> =>
      this.system.read(SYSTEM_SCOPE, this.rows.listPublic(runner.id, most, offset));
    const { rows, total } = await pageOf(read, limit, (page - 1) * limit);
    return {
      runs: rows.map((row) => toCompatRun(row)),
      user: { username: runner.username, display_name: runner.displayName, privacy_level: 'public' },
      pagination: paginationOf({ page, limit }, total),
    };
  }

  /** @throws DomainError unknown run */
  async details(caller: Principal, id: string): Promise<CompatWispRunDetailsDto> {
    const row = await this.find(caller, id);
    const stored = await this.trackOf(row);
    const route = stored && toCompatRoute(stored, row.createdAt, 'seconds');
    const results = row.userId === caller.id ? await this.results.ofRun(caller, row.id) : [];
    return {
      ...toCompatRun(row, stored && heartRatesOf(stored.track)),
      route: route && { encoded_polyline: route.encoded_polyline, total_points: route.total_points },
      ghost_race_results: results.map(toCompatRunRace),
    };
  }

  /** @throws DomainError unknown run */
  async run(caller: Principal, id: string): Promise<CompatWispRunDto> {
    const row = await this.find(caller, id);
    const stored = await this.trackOf(row);
    return toCompatRun(row, stored && heartRatesOf(stored.track));
  }

  /** The newest of one's own. @throws DomainError there is none */
  async latest(caller: Principal): Promise<CompatWispRunDto> {
    const [row] = await this.uow.read<CompatRunRow>(
      caller,
      this.rows.listOwn(caller.id, 'date_desc', null, 1, 0),
    );
    if (row === undefined) throw unknownRun();
    const stored = await this.trackOf(row);
    return toCompatRun(row, stored && heartRatesOf(stored.track));
  }

  /** @throws DomainError unknown run, or one that has no places */
  async route(caller: Principal, id: string, instants: PlaceInstants): Promise<CompatWispRouteDto> {
    const row = await this.find(caller, id);
    const stored = await this.trackOf(row);
    const route = stored && toCompatRoute(stored, row.createdAt, instants);
    if (route === null) throw runWithoutRoute();
    return route;
  }

  /** Of the runs that a runner shows to everybody. */
  async sumsOf(userId: string): Promise<VisibleSums> {
    const [sums] = await this.system.read<VisibleSums>(SYSTEM_SCOPE, this.rows.sumPublic(userId));
    return sums!;
  }

  /** One's own, or one that is shown to everybody. @throws DomainError unknown run */
  async find(caller: Principal, id: string): Promise<CompatRunRow> {
    const [row] = isUuid(id)
      ? await this.system.read<CompatRunRow>(SYSTEM_SCOPE, this.rows.findVisible(id, caller.id))
      : [];
    if (row === undefined) throw unknownRun();
    return row;
  }

  /** In its owner's scope. */
  private async trackOf({ id, userId, hasTrack }: CompatRunRow): Promise<StoredTrack | null> {
    return hasTrack ? this.tracks.read({ id: userId }, id) : null;
  }
}
