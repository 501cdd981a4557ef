import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequirePermission } from '../../platform/auth/route.decorators.js';
import type { StoryNames } from '../figures/story-names.js';
import { STORY_NAMES } from '../story-names.tokens.js';
import { AgentNamesDto, ChapterNamesDto } from './names.dto.js';
import { toAgentNames, toChapterNames } from './names.mapper.js';

@ApiTags('agent analytics')
@Controller('api/v1/agent-analytics/config')
export class NamesController {
  constructor(@Inject(STORY_NAMES) private readonly names: StoryNames) {}

  /** The agents that are known, and what they are for; `AGENT_NAMES` of the settings changes it. */
  @Get('agents')
  @RequirePermission('agents:read')
  agents(): AgentNamesDto {
    return toAgentNames(this.names);
  }

  /** The chapters of a story, in its order. */
  @Get('chapters')
  @RequirePermission('agents:read')
  chapters(): ChapterNamesDto {
    return toChapterNames(this.names);
  }
}
