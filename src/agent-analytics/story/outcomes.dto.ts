import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { WASTE_GROUPS, type WasteGroup } from '../figures/cost-groups.js';
import { RecentRangeQueryDto } from '../range-query.dto.js';
import { FreshnessDto } from '../sync/freshness.dto.js';

export class CompatibilityDto {
  /** Sessions in which the game said how well the two go together. */
  sessionCount: number;
  /** By the game's own scale, 0 to 100 with its agents; of what it said last in each session. */
  mean: number;
  min: number;
  max: number;
}

export class NamedEndingDto {
  /** Value of the score `ending`, as the game's evaluation names it. */
  ending: string;
  sessionCount: number;
}

export class PairOutcomeDto {
  /** null = it was not known before the player left. */
  mortal: string | null;
  match: string | null;
  sessionCount: number;
  /** The end was told. */
  toldCount: number;
  /** The evaluation began, and the end was not told. */
  evaluatedCount: number;
  /** Something happened in the last 30 minutes. */
  activeCount: number;
  abandonedCount: number;
  /** Told and evaluated, of those that are not active, 0 to 1; null where all are. */
  completeRatio: number | null;
  /** null where the game has said nothing. */
  @ApiProperty({ type: CompatibilityDto, nullable: true })
  compatibility: CompatibilityDto | null;
  meanCostUsd: number;
  /** From first trace to last answer, of the complete ones; null where there is none. */
  medianCompleteS: number | null;
  /** Those told most first. */
  endings: NamedEndingDto[];
}

export class EndingsDto extends FreshnessDto {
  /** Sessions with a trace. */
  sessionCount: number;
  /** The pairs played most first; the first 500. */
  items: PairOutcomeDto[];
}

export class WasteQueryDto extends RecentRangeQueryDto {
  /** `chapter`: the last one that the session came to. */
  @ApiPropertyOptional({ enum: WASTE_GROUPS, default: 'chapter' })
  @IsIn(WASTE_GROUPS)
  groupBy: WasteGroup = 'chapter';
}

export class WasteFiguresDto {
  sessionCount: number;
  completeCount: number;
  activeCount: number;
  abandonedCount: number;
  /** Of all of them. */
  costUsd: number;
  /**
   * Everything that the abandoned ones cost, from their first trace on. A story is abandoned when nothing has happened for 30 minutes, the
   * end was not told and the evaluation has not begun; what is active is not wasted yet.
   */
  wastedUsd: number;
  /** Of the cost of complete and abandoned ones, 0 to 1; null where those cost nothing. */
  wastedRatio: number | null;
}

export class WasteGroupDto extends WasteFiguresDto {
  /** A chapter's name, `Maya & Noah`, a release; null = not known. */
  key: string | null;
}

export class WasteDto extends FreshnessDto {
  @ApiProperty({ enum: WASTE_GROUPS })
  groupBy: WasteGroup;
  total: WasteFiguresDto;
  /** What complete and abandoned stories cost for each complete one; null where none is. */
  costPerCompleteUsd: number | null;
  /** Chapters in the order of the story, else where most was wasted first; the first 500. */
  items: WasteGroupDto[];
}
