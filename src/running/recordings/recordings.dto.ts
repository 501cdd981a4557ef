import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { IsInstant } from '../is-instant.decorator.js';
import { RUN_EVENT_KINDS, type RunEventKind } from '../runs/run-terms.js';
import { MOST_SEQ } from './fix.js';

const RANGE = { type: 'array', items: { type: 'integer' }, minItems: 2, maxItems: 2 } as const;

/** What is stored for good. */
export class FixesTakenDto {
  @ApiProperty({ format: 'uuid' })
  runId: string;

  /** No fix up to this number is missing: the device may forget them. 0 = the first one is missing. */
  @ApiProperty({ type: 'integer' })
  upTo: number;

  /** Gaps behind it as first and last number, lowest first, at most 100 of them. */
  @ApiProperty({ type: 'array', items: RANGE })
  missing: [number, number][];

  /** How many were there already. */
  @ApiProperty({ type: 'integer' })
  duplicates: number;

  /** How many of those said something else under the same number: the first one stays. */
  @ApiProperty({ type: 'integer' })
  conflicts: number;
}

export class NewRunEventDto {
  @ApiProperty({ enum: RUN_EVENT_KINDS })
  @IsIn(RUN_EVENT_KINDS)
  kind: RunEventKind;

  /** The device counts presses of each kind from 1 on: one that is sent again is known by it. */
  @ApiProperty({ type: 'integer', minimum: 1, maximum: MOST_SEQ })
  @IsInt()
  @Min(1)
  @Max(MOST_SEQ)
  seq: number;

  /** By the device's clock. */
  @ApiProperty({ format: 'date-time' })
  @IsInstant(2000)
  at: string;
}

export class RunEventTakenDto {
  @ApiProperty({ enum: RUN_EVENT_KINDS })
  kind: RunEventKind;

  @ApiProperty({ type: 'integer' })
  seq: number;

  /** False where it was there already; the first one stays. */
  isNew: boolean;
}

export class RunFinishDto {
  /** The number of the last fix, so that the server can say what is missing. */
  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: MOST_SEQ })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MOST_SEQ)
  lastSeq?: number;

  /** By the device's clock; with the last fix unless told, or where that clock says what cannot be. */
  @ApiPropertyOptional({ format: 'date-time' })
  @IsOptional()
  @IsInstant(2000)
  finishedAt?: string;
}
