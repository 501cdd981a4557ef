import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
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
import { SCANNER_RULE, type ScannerRule } from '../analytics/scanner-rule.js';

function schemaOf(io: 'input' | 'output'): Record<string, unknown> {
  const schema = z.toJSONSchema(SCANNER_RULE, { io });
  delete schema.$schema;
  return schema;
}

const KEY = /^[a-z0-9-]{1,60}$/;
const MOST_REARM_PCT = 1_000;
const MOST_SILENCE_H = 8_760;

export class NewAlertDto {
  /** Key of the game, `dofus`. */
  @Matches(KEY, { message: 'takes the key of a game' })
  game: string;

  /** Key of the server, `draconiros`. */
  @Matches(KEY, { message: 'takes the key of a server' })
  server: string;

  /** What you call it; part of what you are told. */
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  @Matches(STORABLE, SEEN_AND_STORED)
  name: string;

  /** A rule of the scanner. */
  @ApiProperty(schemaOf('input'))
  @IsObject()
  rule: object;

  /** An item that has fired fires again after the rule was missed by so much of each bound, percent; 0 to 1,000 (10). */
  @ApiPropertyOptional({ default: 10, minimum: 0, maximum: MOST_REARM_PCT })
  @IsNumber()
  @Min(0)
  @Max(MOST_REARM_PCT)
  rearmPct: number = 10;

  /** Or after the rule was missed at all and so many hours have passed, 0 to 8,760 (24); null = not for that. */
  @ApiPropertyOptional({ type: 'number', nullable: true, default: 24, minimum: 0, maximum: MOST_SILENCE_H })
  @ValidateIf((_alert, value) => value !== null)
  @IsNumber()
  @Min(0)
  @Max(MOST_SILENCE_H)
  silenceH: number | null = 24;
}

/** What is left out stays as it is. */
export class AlertChangeDto {
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  @Matches(STORABLE, SEEN_AND_STORED)
  name?: string;

  /** Another rule; what has fired by the former one is forgotten. */
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

  /** A disabled alert is not asked; what has fired stays known. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsBoolean()
  isEnabled?: boolean;
}

export class AlertsQueryDto extends PageQueryDto {
  /** Only those of this server; with `game`. */
  @ApiPropertyOptional()
  @IsOptional()
  @Matches(KEY, { message: 'takes the key of a server' })
  server?: string;

  /** Game of the server (`dofus`). */
  @ApiPropertyOptional({ default: 'dofus' })
  @Matches(KEY, { message: 'takes the key of a game' })
  game: string = 'dofus';
}

export class AlertDto {
  id: string;
  game: string;
  server: string;
  name: string;
  @ApiProperty(schemaOf('output'))
  rule: ScannerRule;
  rearmPct: number;
  silenceH: number | null;
  isEnabled: boolean;
  /** When it was last asked; null before the first time. */
  evaluatedAt: string | null;
  /** Items for which the rule held then; null before the first time and after another rule. */
  matchedCount: number | null;
  /** When it fired last. */
  firedAt: string | null;
  createdAt: string;
  updatedAt: string;
}

export class AlertsDto {
  /** Newest first. */
  items: AlertDto[];
  nextCursor: string | null;
}
