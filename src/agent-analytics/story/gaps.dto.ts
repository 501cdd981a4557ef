import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { QueryInt } from '../../platform/http/query-int.js';
import { TRACE_GAPS, type TraceGapKind } from '../figures/trace-gaps.js';
import { RecentRangeQueryDto } from '../range-query.dto.js';
import { FreshnessDto } from '../sync/freshness.dto.js';

export class GapsQueryDto extends RecentRangeQueryDto {
  /** An agent counts as unseen when others have run so many hours after it, 1 to 8,760 (168). */
  @ApiPropertyOptional({ default: 168, minimum: 1, maximum: 8760 })
  @QueryInt()
  @IsInt()
  @Min(1)
  @Max(8_760)
  unseenForH: number = 168;
}

export class GapAgentDto {
  /** null = of none, or of the trace itself. */
  agent: string | null;
  count: number;
}

export class GapDto {
  /** `generation-without-tokens`: text and no usage, as streamed runs lose it; what was written down once more is no gap. */
  @ApiProperty({ enum: TRACE_GAPS })
  kind: TraceGapKind;
  /** Observations; traces where the gap is of the trace itself. */
  count: number;
  /** Traces that they lie in. */
  traceCount: number;
  /** When the newest of those began. */
  lastAt: string;
  /** The newest five of them. */
  traceIds: string[];
  /** Those that leave out most first. */
  agents: GapAgentDto[];
}

export class UnseenAgentDto {
  name: string;
  lastSeenAt: string;
  /** Ever, before the end of the range. */
  runCount: number;
}

export class GapsDto extends FreshnessDto {
  /** Traces of the range, with or without gaps. */
  traceCount: number;
  /** Only those that there are, in one order. */
  items: GapDto[];
  /** Observations of the range that name no trace at all: they are in no figure. */
  tracelessCount: number;
  /** Unseen for longest first. */
  unseenAgents: UnseenAgentDto[];
}
