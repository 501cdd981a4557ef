import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { unknownAgent } from '../agent-analytics.errors.js';
import type { StoryNames } from '../figures/story-names.js';
import type { RangeQueryDto } from '../range-query.dto.js';
import { STORY_NAMES } from '../story-names.tokens.js';
import { Projects } from '../sync/projects.service.js';
import type { AgentDetailDto, AgentsDto } from './agents.dto.js';
import { toAgentDto, toAgentModelDto } from './agents.mapper.js';
import { type AgentRow, AgentsRepository, type ModelRow } from './agents.repository.js';

@Injectable()
export class AgentsService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly projects: Projects,
    private readonly agents: AgentsRepository,
    @Inject(STORY_NAMES) private readonly names: StoryNames,
  ) {}

  async list(caller: Principal, query: RangeQueryDto): Promise<AgentsDto> {
    const project = this.projects.resolve(query.project);
    const statement = this.agents.figuresStatement(project, null, this.projects.range(query));
    const freshness = await this.projects.freshness(caller, project);
    const rows = await this.uow.read<AgentRow>(caller, statement);
    return { ...freshness, items: rows.map((row) => toAgentDto(row, this.names)) };
  }

  /** @throws DomainError where the agent has not run in the range */
  async find(caller: Principal, name: string, query: RangeQueryDto): Promise<AgentDetailDto> {
    const project = this.projects.resolve(query.project);
    const range = this.projects.range(query);
    const freshness = await this.projects.freshness(caller, project);
    const [[row], models] = await Promise.all([
      this.uow.read<AgentRow>(caller, this.agents.figuresStatement(project, name, range)),
      this.uow.read<ModelRow>(caller, this.agents.modelsStatement(project, name, range)),
    ]);
    if (row === undefined) throw unknownAgent();
    return { ...freshness, ...toAgentDto(row, this.names), models: models.map(toAgentModelDto) };
  }
}
