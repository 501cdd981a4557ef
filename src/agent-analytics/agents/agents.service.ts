import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import { invalidQuery, unknownAgent } from '../agent-analytics.errors.js';
import type { StoryNames } from '../figures/story-names.js';
import type { RecentRangeQueryDto } from '../range-query.dto.js';
import { STORY_NAMES } from '../story-names.tokens.js';
import { Projects } from '../sync/projects.service.js';
import type {
  AgentDetailDto,
  AgentErrorsDto,
  AgentsDto,
  ExecutionsDto,
  ExecutionsQueryDto,
} from './agents.dto.js';
import { toAgentDto, toAgentErrorDto, toAgentModelDto, toExecutionDto } from './agents.mapper.js';
import {
  type AgentRow,
  AgentsRepository,
  type ErrorRow,
  type ExecutionRow,
  type ModelRow,
} from './agents.repository.js';

@Injectable()
export class AgentsService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly projects: Projects,
    private readonly agents: AgentsRepository,
    @Inject(STORY_NAMES) private readonly names: StoryNames,
  ) {}

  async list(caller: Principal, query: RecentRangeQueryDto, nowMs = Date.now()): Promise<AgentsDto> {
    const project = this.projects.resolve(query.project);
    const statement = this.agents.figuresStatement(project, null, this.projects.recentRange(query, nowMs));
    const freshness = await this.projects.freshness(caller, project);
    const rows = await this.uow.read<AgentRow>(caller, statement);
    return { ...freshness, items: rows.map((row) => toAgentDto(row, this.names)) };
  }

  /** @throws DomainError where the agent has not run in the range */
  async find(
    caller: Principal,
    name: string,
    query: RecentRangeQueryDto,
    nowMs = Date.now(),
  ): Promise<AgentDetailDto> {
    const project = this.projects.resolve(query.project);
    const range = this.projects.recentRange(query, nowMs);
    const freshness = await this.projects.freshness(caller, project);
    const [[row], models] = await Promise.all([
      this.uow.read<AgentRow>(caller, this.agents.figuresStatement(project, name, range)),
      this.uow.read<ModelRow>(caller, this.agents.modelsStatement(project, name, range)),
    ]);
    if (row === undefined) throw unknownAgent();
    return { ...freshness, ...toAgentDto(row, this.names), models: models.map(toAgentModelDto) };
  }

  /** @throws DomainError where the agent has not run in the range */
  async errors(
    caller: Principal,
    name: string,
    query: RecentRangeQueryDto,
    nowMs = Date.now(),
  ): Promise<AgentErrorsDto> {
    const project = this.projects.resolve(query.project);
    const range = this.projects.recentRange(query, nowMs);
    const freshness = await this.projects.freshness(caller, project);
    const [[row], errors] = await Promise.all([
      this.uow.read<AgentRow>(caller, this.agents.figuresStatement(project, name, range)),
      this.uow.read<ErrorRow>(caller, this.agents.errorsStatement(project, name, range)),
    ]);
    if (row === undefined) throw unknownAgent();
    const { runCount, errorCount } = row;
    const items = errors.map((error) => toAgentErrorDto(error, runCount));
    return { ...freshness, name, runCount, errorCount, items };
  }

  /** Of an agent that has not run there are none. */
  async executions(caller: Principal, name: string, query: ExecutionsQueryDto): Promise<ExecutionsDto> {
    const project = this.projects.resolve(query.project);
    const statement = this.agents.executionsStatement(project, {
      ...this.projects.range(query),
      name,
      isError: query.isError ?? null,
      model: query.model ?? null,
      before: query.cursor === undefined ? null : placeOf(query.cursor),
      limit: query.limit + 1,
    });
    const freshness = await this.projects.freshness(caller, project);
    const rows = await this.uow.read<ExecutionRow>(caller, statement);
    const keyOf = ({ place, observationId }: ExecutionRow): string[] => [place, observationId];
    return { ...freshness, ...toPage(rows, query.limit, keyOf, toExecutionDto) };
  }
}

/** Microseconds that are an instant to PostgreSQL. */
const PLACE = /^-?\d{1,17}$/;

function placeOf(cursor: string): { place: string; observationId: string } {
  const [place, observationId] = decodeCursor(cursor, ['string', 'string'] as const);
  if (!PLACE.test(place)) throw invalidQuery('cursor', 'was not made by this list');
  return { place, observationId };
}
