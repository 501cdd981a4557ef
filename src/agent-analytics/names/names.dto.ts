import { ApiProperty } from '@nestjs/swagger';
import { AGENT_CATEGORIES } from '../../platform/config/story-settings.js';
import type { AgentCategory } from '../figures/story-names.js';

export class AgentNameDto {
  name: string;
  @ApiProperty({ enum: AGENT_CATEGORIES })
  category: AgentCategory;
}

export class AgentNamesDto {
  /** By name. Agents that are not here are `unknown`. */
  items: AgentNameDto[];
  /** Its run says that a story is over. */
  endAgent: string;
  /** Offers the player what to do next. */
  choiceAgent: string;
  /** Wraps the runs of agents and is none. */
  workflow: string;
}

export class ChapterNameDto {
  /** From 0. */
  number: number;
  /** Of the traces of the chapter. */
  tag: string;
  name: string;
}

export class ChapterNamesDto {
  items: ChapterNameDto[];
  /** A story that came so far counts as complete. */
  completeFromChapter: number;
}
