import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { type Statement, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { decodeCursor, type Page, toPage } from '../../platform/http/keyset.js';
import { invalidQuery, unknownObservation, unknownTrace } from '../agent-analytics.errors.js';
import type { FreshnessDto } from '../sync/freshness.dto.js';
import { Projects } from '../sync/projects.service.js';
import { fromTopDown } from './observation-order.js';
import type {
  ObservationDetailDto,
  ObservationsDto,
  ObservationsQueryDto,
  ScoresDto,
  ScoresQueryDto,
  TraceDetailDto,
  TracesDto,
  TracesQueryDto,
} from './traces.dto.js';
import { toObservationDto, toPlacedObservationDto, toScoreDto, toTraceDto } from './traces.mapper.js';
import {
  type ObservationRow,
  type ObservationTextRow,
  type RowPlace,
  type ScoreRow,
  type TraceRow,
  TracesRepository,
  type TraceTextRow,
} from './traces.repository.js';

const SHOWN_OBSERVATIONS = 1_000;
const SHOWN_SCORES = 200;

/** What ran: traces, what happened in them and how it was judged. */
@Injectable()
export class TracesService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly projects: Projects,
    private readonly rows: TracesRepository,
  ) {}

  /** @throws DomainError unknown project, a range backwards, a cursor of another list */
  list(caller: Principal, query: TracesQueryDto): Promise<TracesDto> {
    const project = this.projects.resolve(query.project);
    const { sessionId = null, chapter = null, isError = null, minLatencyS = null } = query;
    const filter = { ...this.projects.range(query), sessionId, chapter, isError, minLatencyS };
    const statement = this.rows.tracesStatement(project, filter, placeOf(query.cursor), query.limit + 1);
    return this.page<TraceRow, TracesDto['items'][number]>(
      caller,
      project,
      statement,
      query.limit,
      toTraceDto,
    );
  }

  /** @throws DomainError likewise */
  observations(caller: Principal, query: ObservationsQueryDto): Promise<ObservationsDto> {
    const project = this.projects.resolve(query.project);
    const { traceId = null, sessionId = null, type = null, level = null, name = null, model = null } = query;
    const filter = { ...this.projects.range(query), traceId, sessionId, type, level, name, model };
    const place = placeOf(query.cursor);
    const statement = this.rows.observationsStatement(project, filter, place, query.limit + 1);
    return this.page(caller, project, statement, query.limit, toObservationDto);
  }

  /** @throws DomainError likewise */
  scores(caller: Principal, query: ScoresQueryDto): Promise<ScoresDto> {
    const project = this.projects.resolve(query.project);
    const { traceId = null, sessionId = null, name = null, source = null } = query;
    const filter = { ...this.projects.range(query), traceId, sessionId, name, source };
    const statement = this.rows.scoresStatement(project, filter, placeOf(query.cursor), query.limit + 1);
    return this.page(caller, project, statement, query.limit, toScoreDto);
  }

  async find(caller: Principal, id: string, projectName: string | undefined): Promise<TraceDetailDto> {
    const project = this.projects.resolve(projectName);
    const freshness = await this.projects.freshness(caller, project);
    const [trace] = await this.uow.read<TraceRow>(caller, this.rows.traceStatement(project, id));
    if (trace === undefined) throw unknownTrace();
    const ofTrace = { ...this.projects.range({}), traceId: id, sessionId: null, name: null, source: null };
    const [[text], observations, scores] = await Promise.all([
      this.uow.read<TraceTextRow>(caller, this.rows.traceTextStatement(project, id)),
      this.uow.read<ObservationRow>(
        caller,
        this.rows.observationsOfStatement(project, id, SHOWN_OBSERVATIONS),
      ),
      this.uow.read<ScoreRow>(caller, this.rows.scoresStatement(project, ofTrace, null, SHOWN_SCORES)),
    ]);
    const { name, tags, input, output, metadata, observationCount } = text!;
    return {
      ...freshness,
      ...toTraceDto(trace),
      name,
      tags,
      input,
      output,
      metadata,
      observationCount,
      observations: fromTopDown(observations).map(toPlacedObservationDto),
      scores: scores.map(toScoreDto),
    };
  }

  async findObservation(
    caller: Principal,
    id: string,
    projectName: string | undefined,
  ): Promise<ObservationDetailDto> {
    const project = this.projects.resolve(projectName);
    const freshness = await this.projects.freshness(caller, project);
    const statement = this.rows.observationStatement(project, id);
    const [row] = await this.uow.read<ObservationTextRow>(caller, statement);
    if (row === undefined) throw unknownObservation();
    const { input, output, metadata } = row;
    return { ...freshness, ...toObservationDto(row), input, output, metadata };
  }

  private async page<Row extends RowPlace, Item>(
    caller: Principal,
    project: string,
    statement: Statement,
    limit: number,
    map: (row: Row) => Item,
  ): Promise<FreshnessDto & Page<Item>> {
    const freshness = await this.projects.freshness(caller, project);
    const rows = await this.uow.read<Row>(caller, statement);
    return { ...freshness, ...toPage(rows, limit, ({ atUs, id }) => [atUs, id], map) };
  }
}

/** Instants that PostgreSQL has and a number holds exactly. */
const MOST_US = 8e15;

function placeOf(cursor: string | undefined): RowPlace | null {
  if (cursor === undefined) return null;
  const [atUs, id] = decodeCursor(cursor, ['number', 'string'] as const);
  if (Math.abs(atUs) > MOST_US) throw invalidQuery('cursor', 'was not made by this list');
  return { atUs, id };
}
