import { ApiProperty, ApiPropertyOptional, PickType } from '@nestjs/swagger';
import {
  IsBoolean,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateIf,
} from 'class-validator';
import { z } from 'zod';
import { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { SEEN_AND_STORED, STORABLE } from '../../platform/http/storable.js';
import { FreshnessDto } from '../sync/freshness.dto.js';
import { ALERT_RULE, type AlertRule } from './alert-rule.js';

function schemaOf(io: 'input' | 'output'): Record<string, unknown> {
  const schema = z.toJSONSchema(ALERT_RULE, { io });
  delete schema.$schema;
  return schema;
}

const MOST_REARM_PCT = 1_000;
const MOST_SILENCE_H = 8_760;

export class NewAgentAlertDto {
  /** Name of a project in the settings; the first one without it. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(60)
  project?: string;

  /** What you call it; part of what you are told. */
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  @Matches(STORABLE, SEEN_AND_STORED)
  name: string;

  @ApiProperty(schemaOf('input'))
  @IsObject()
  rule: object;

  /** What has fired fires again after the threshold was missed by so much of itself, percent; 0 to 1,000 (10). */
  @ApiPropertyOptional({ default: 10, minimum: 0, maximum: MOST_REARM_PCT })
  @IsNumber()
  @Min(0)
  @Max(MOST_REARM_PCT)
  rearmPct: number = 10;

  /** Or after it was missed at all and so many hours have passed, 0 to 8,760 (24); null = not for that. */
  @ApiPropertyOptional({ type: 'number', nullable: true, default: 24, minimum: 0, maximum: MOST_SILENCE_H })
  @ValidateIf((_alert, value) => value !== null)
  @IsNumber()
  @Min(0)
  @Max(MOST_SILENCE_H)
  silenceH: number | null = 24;
}

export class AgentAlertPreviewQueryDto extends PickType(NewAgentAlertDto, [
  'project',
  'rule',
  'rearmPct',
  'silenceH',
]) {}

/** What is left out stays as it is. */
export class AgentAlertChangeDto {
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  @Matches(STORABLE, SEEN_AND_STORED)
  name?: string;

  /** Another rule; how it stood by the former one is forgotten. */
  @ApiPropertyOptional(schemaOf('input'))
  @IsOptional()
  @IsObject()
  rule?: object;

  @ApiPropertyOptional({ minimum: 0, maximum: MOST_REARM_PCT })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(MOST_REARM_PCT)
  rearmPct?: number;

  @ApiPropertyOptional({ type: 'number', nullable: true, minimum: 0, maximum: MOST_SILENCE_H })
  @ValidateIf((_alert, value) => value !== null && value !== undefined)
  @IsNumber()
  @Min(0)
  @Max(MOST_SILENCE_H)
  silenceH?: number | null;

  /** A disabled alert is not judged; how it stood stays known. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsBoolean()
  isEnabled?: boolean;
}

export class AgentAlertsQueryDto extends PageQueryDto {
  /** Only those of this project. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(60)
  project?: string;
}

export class AgentAlertDto {
  id: string;
  project: string;
  name: string;
  @ApiProperty(schemaOf('output'))
  rule: AlertRule;
  rearmPct: number;
  silenceH: number | null;
  isEnabled: boolean;
  /** End of the window that was judged last; null before the first time and after another rule. */
  judgedThrough: string | null;
  /** What the metric was in it; null = there was nothing to tell it of. */
  value: number | null;
  /** It has fired and is not armed again. */
  isFired: boolean;
  /** End of the window that it fired for last. */
  firedAt: string | null;
  createdAt: string;
  updatedAt: string;
}

export class AgentAlertsDto {
  /** Newest first. */
  items: AgentAlertDto[];
  nextCursor: string | null;
}

export class AgentAlertWindowDto {
  from: string;
  to: string;
  /** null = there was nothing to tell it of. */
  value: number | null;
  /** Whether it would have fired. */
  isFiring: boolean;
}

export class AgentAlertPreviewDto extends FreshnessDto {
  /** The last 30 windows that have been read completely, oldest first; none where nothing has been read. */
  items: AgentAlertWindowDto[];
  firedCount: number;
}
