import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { COST_GROUPS, type CostGroup } from '../figures/cost-groups.js';
import { RangeQueryDto } from '../range-query.dto.js';
import { FreshnessDto } from '../sync/freshness.dto.js';

export class CostQueryDto extends RangeQueryDto {
  /** `pair`: the two characters. Agents hold what ran below them, so that agents within agents count twice. */
  @ApiProperty({ enum: COST_GROUPS })
  @IsIn(COST_GROUPS)
  groupBy: CostGroup;
}

export class DashboardDto extends FreshnessDto {
  /** Sessions that had a trace in the range. */
  sessionCount: number;
  activeCount: number;
  completeCount: number;
  abandonedCount: number;
  traceCount: number;
  /** Traces in which something failed. */
  errorCount: number;
  costUsd: number;
  /** null where there is no session. */
  costPerSessionUsd: number | null;
  totalTokens: number;
  /** Of traces whose latency is known; null where none is. */
  meanLatencyS: number | null;
}

export class CostDto {
  /** A chapter's name, an agent, a model, `Maya & Noah`, a release; null = not known. */
  key: string | null;
  /** Traces; runs where the groups are agents or models. */
  count: number;
  costUsd: number;
  totalTokens: number;
}

export class CostsDto extends FreshnessDto {
  @ApiProperty({ enum: COST_GROUPS })
  groupBy: CostGroup;
  /** Chapters in the order of the story, else those that cost most first; the first 500. */
  items: CostDto[];
}
