import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { QueryInt } from '../../platform/http/query-int.js';
import { ACTIVITIES, type Activity } from './objective-kind.js';

/** A week without sleep. */
const MOST_MINUTES = 10_080;
const RATE_SOURCES = ['own', 'own_similar', 'typical'] as const;

export class PlanQueryDto {
  /** Time to play; as long as it takes where it is left out. */
  @ApiPropertyOptional({ minimum: 1, maximum: MOST_MINUTES })
  @IsOptional()
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(MOST_MINUTES)
  minutes?: number;

  /** Catalysts of this activity alone. */
  @ApiPropertyOptional({ enum: ACTIVITIES })
  @IsOptional()
  @IsIn(ACTIVITIES)
  activity?: Activity;

  /** Most catalysts, 1 to 200 (10). */
  @ApiPropertyOptional({ default: 10, minimum: 1, maximum: 200 })
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 10;
}

export class PlanObjectiveDto {
  @ApiProperty({ type: 'integer' })
  objectiveHash: number;
  text: string | null;
  @ApiProperty({ type: 'integer' })
  remaining: number;
  /** Units an hour with the weapon in use. */
  perHour: number;
  /** `own`: seen on this objective; `own_similar`: seen on others of its kind; `typical`: an assumption, since nothing was seen. */
  @ApiProperty({ enum: RATE_SOURCES })
  rateSource: (typeof RATE_SOURCES)[number];
}

export class PlanStepDto {
  @ApiProperty({ type: 'integer' })
  recordHash: number;
  weaponName: string;
  /** From the beginning of the plan. */
  @ApiProperty({ type: 'integer' })
  fromMinute: number;
  @ApiProperty({ type: 'integer' })
  toMinute: number;
  /** What the whole catalyst takes. */
  @ApiProperty({ type: 'integer' })
  neededMinutes: number;
  isFinished: boolean;
  /** The weakest of its objectives. */
  @ApiProperty({ enum: RATE_SOURCES })
  rateSource: (typeof RATE_SOURCES)[number];
  @ApiProperty({ type: [PlanObjectiveDto] })
  objectives: PlanObjectiveDto[];
}

export class PlanGroupDto {
  @ApiProperty({ enum: ACTIVITIES })
  activity: Activity;
  @ApiProperty({ type: 'integer' })
  minutes: number;
  @ApiProperty({ type: [PlanStepDto] })
  steps: PlanStepDto[];
}

export class PlanDto {
  /** The reading that it starts from. */
  @ApiProperty({ nullable: true, format: 'date-time' })
  asOf: string | null;
  isStale: boolean;
  @ApiProperty({ type: 'integer' })
  minutes: number;
  /** In the order of their nearest catalyst. */
  @ApiProperty({ type: [PlanGroupDto] })
  groups: PlanGroupDto[];
  /** Catalysts in progress that found no place in the time, or whose targets nobody knows. */
  @ApiProperty({ type: 'integer' })
  leftOutCount: number;
}
