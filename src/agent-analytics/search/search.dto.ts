import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength, MinLength } from 'class-validator';
import { SessionFilterDto } from '../sessions/session-filter.dto.js';
import { AgentSessionDto } from '../sessions/sessions.dto.js';
import { FreshnessDto } from '../sync/freshness.dto.js';

export class SearchQueryDto extends SessionFilterDto {
  /** Words, all of which a session must have; case and accents do not matter, and the last one may be the beginning of a word. */
  @ApiProperty({ minLength: 1, maxLength: 200 })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  q: string;
}

export class HighlightDto {
  /** In UTF-16 code units of `text`, inclusive. */
  from: number;
  /** Exclusive. */
  to: number;
}

export class SearchMatchDto {
  /** Where it was found: in a name of the session, in what the player or an agent said, or in a choice that was offered. */
  @ApiProperty({ enum: ['id', 'mortal', 'match', 'player', 'agent', 'choice'] })
  by: string;
  /** Of `agent`. */
  agent: string | null;
  /** Of the transcript; null for names. */
  turn: number | null;
  at: string | null;
  /** Plain text; of a long line 240 code units around the first hit. */
  text: string;
  isCutBefore: boolean;
  isCutAfter: boolean;
  highlights: HighlightDto[];
}

export class SearchHitDto {
  session: AgentSessionDto;
  /** Higher is better; says nothing across two questions. */
  rank: number;
  /** Names and lines with at least one of the words. */
  matchCount: number;
  /** Up to three, those with most of the words first. */
  matches: SearchMatchDto[];
}

export class SearchDto extends FreshnessDto {
  /** The best first. */
  items: SearchHitDto[];
  nextCursor: string | null;
}
