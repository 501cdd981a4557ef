import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import { invalidQuery, unknownSession } from '../agent-analytics.errors.js';
import { ABANDONED_AFTER_MS } from '../figures/session-state.js';
import type { StoryNames } from '../figures/story-names.js';
import { transcriptOf } from '../figures/transcript.js';
import { STORY_NAMES } from '../story-names.tokens.js';
import { Projects } from '../sync/projects.service.js';
import type { SessionDetailDto, SessionsDto, SessionsQueryDto, TranscriptDto } from './sessions.dto.js';
import { toSessionDto, toSessionTraceDto, toTurnDto } from './sessions.mapper.js';
import { type SessionRow, SessionsRepository, type TraceRow } from './sessions.repository.js';
import { type SpokenRow, SpokenStepsRepository, toSpokenTraces } from './spoken-steps.repository.js';

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
  async list(caller: Principal, query: SessionsQueryDto, nowMs = Date.now()): Promise<SessionsDto> {
    const project = this.projects.resolve(query.project);
    const statement = this.sessions.pageStatement(project, {
      ...this.projects.range(query),
      state: query.state ?? null,
      abandonedBefore: new Date(nowMs - ABANDONED_AFTER_MS),
      character: query.character ?? null,
      search: query.q ?? null,
      minCostUsd: query.minCostUsd ?? null,
      maxCostUsd: query.maxCostUsd ?? null,
      before: query.cursor === undefined ? null : placeOf(query.cursor),
      limit: query.limit + 1,
    });
    const freshness = await this.projects.freshness(caller, project);
    const rows = await this.uow.read<SessionRow>(caller, statement);
    const page = toPage(
      rows,
      query.limit,
      ({ createdAt, id }) => [createdAt.getTime(), id],
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

/** Largest distance of an instant from 1970 that a Date can hold. */
const MOST_MS = 8.64e15;

function placeOf(cursor: string): { createdAt: Date; id: string } {
  const [createdMs, id] = decodeCursor(cursor, ['number', 'string'] as const);
  if (Math.abs(createdMs) > MOST_MS / 100) throw invalidQuery('cursor', 'was not made by this list');
  return { createdAt: new Date(createdMs), id };
}
