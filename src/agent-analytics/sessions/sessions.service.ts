import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import { invalidQuery, unknownSession } from '../agent-analytics.errors.js';
import type { StoryNames } from '../figures/story-names.js';
import { transcriptOf } from '../figures/transcript.js';
import { STORY_NAMES } from '../story-names.tokens.js';
import { Projects } from '../sync/projects.service.js';
import { readPlace, readSessionFilter, type SessionPlace } from './session-filter.js';
import type { SessionDetailDto, AgentSessionsDto, SessionsQueryDto, TranscriptDto } from './sessions.dto.js';
import { toSessionDto, toSessionTraceDto, toTurnDto } from './sessions.mapper.js';
import { type SessionRow, SessionsRepository, type SortedRow, type TraceRow } from './sessions.repository.js';
import { type SpokenRow, SpokenStepsRepository, toSpokenTraces } from '../figures/spoken-steps.repository.js';

const SHOWN_TRACES = 1_000;

@Injectable()
export class SessionsService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly projects: Projects,
    private readonly sessions: SessionsRepository,
    private readonly spoken: SpokenStepsRepository,
    @Inject(STORY_NAMES) private readonly names: StoryNames,
  ) {}

  /** @throws DomainError unknown project, a range backwards, a cursor of another list */
  async list(caller: Principal, query: SessionsQueryDto, nowMs = Date.now()): Promise<AgentSessionsDto> {
    const project = this.projects.resolve(query.project);
    const filter = readSessionFilter(query, this.projects.range(query), nowMs);
    if ('fault' in filter) throw invalidQuery(filter.field, filter.fault);
    const { sort, order } = query;
    const statement = this.sessions.pageStatement(
      project,
      filter,
      query.q ?? null,
      [sort, order],
      placeOf(query),
      query.limit + 1,
    );
    const freshness = await this.projects.freshness(caller, project);
    const rows = await this.uow.read<SortedRow>(caller, statement);
    const page = toPage(
      rows,
      query.limit,
      ({ sortKey, id }) => [sort, order, String(sortKey), id],
      (row) => toSessionDto(row, nowMs, this.names),
    );
    return { ...freshness, ...page };
  }

  async find(
    caller: Principal,
    id: string,
    projectName: string | undefined,
    nowMs = Date.now(),
  ): Promise<SessionDetailDto> {
    const project = this.projects.resolve(projectName);
    const freshness = await this.projects.freshness(caller, project);
    const session = await this.get(caller, project, id);
    const traces = await this.uow.read<TraceRow>(
      caller,
      this.sessions.tracesStatement(project, id, SHOWN_TRACES),
    );
    return {
      ...freshness,
      ...toSessionDto(session, nowMs, this.names),
      traces: traces.map(toSessionTraceDto),
    };
  }

  async transcript(caller: Principal, id: string, projectName: string | undefined): Promise<TranscriptDto> {
    const project = this.projects.resolve(projectName);
    const freshness = await this.projects.freshness(caller, project);
    const { mortal, match } = await this.get(caller, project, id);
    const steps = await this.uow.read<SpokenRow>(caller, this.spoken.stepsStatement(project, [id]));
    const turns = transcriptOf(toSpokenTraces(steps), this.names);
    return { ...freshness, sessionId: id, mortal, match, turns: turns.map(toTurnDto) };
  }

  private async get(caller: Principal, project: string, id: string): Promise<SessionRow> {
    const [session] = await this.uow.read<SessionRow>(caller, this.sessions.findStatement(project, id));
    if (session === undefined) throw unknownSession();
    return session;
  }
}

const PLACE = ['string', 'string', 'string', 'string'] as const;

function placeOf({ cursor, sort, order }: SessionsQueryDto): SessionPlace | null {
  if (cursor === undefined) return null;
  const place = readPlace(decodeCursor(cursor, PLACE), sort, order);
  if (place === null) throw invalidQuery('cursor', 'was not made by this list');
  return place;
}
