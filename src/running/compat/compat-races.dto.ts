import { ApiProperty } from '@nestjs/swagger';
import { GHOST_KINDS, type GhostKind, RESULT_KINDS, type ResultKind } from './compat-kinds.js';
import { CompatWispPaginationDto } from './compat-runs.dto.js';

// Answers about races against ghosts in the original's names: metres and whole seconds; differences are positive where the runner was slower.

const SECONDS = { type: 'integer', nullable: true } as const;
const NUMBER = { type: 'number', nullable: true } as const;
const FINAL_POSITIONS = ['ahead', 'behind', 'level'] as const;
const TRENDS = ['improving', 'declining', 'stable'] as const;

export class CompatWispRacedGhostDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  name: string;
  @ApiProperty({ enum: GHOST_KINDS })
  ghost_type: GhostKind;
}

class CompatWispResultHeadDto {
  /** Of the result; while it is not judged, of the ghost. */
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ type: CompatWispRacedGhostDto })
  ghost: CompatWispRacedGhostDto;
  /** `in_progress` until the run is judged. */
  @ApiProperty({ enum: RESULT_KINDS })
  result_status: ResultKind;
  @ApiProperty(SECONDS)
  time_difference: number | null;
}

export class CompatWispSplitComparisonDto {
  /** Where it ends, metres from the start line. */
  distance: number;
  @ApiProperty({ type: 'integer' })
  user_time: number;
  @ApiProperty({ type: 'integer' })
  ghost_time: number;
  @ApiProperty({ type: 'integer' })
  difference: number;
  @ApiProperty({ type: 'integer' })
  cumulative_difference: number;
}

export class CompatWispHeartComparisonDto {
  /** Seconds since the start line at which the piece ends that these are the means of. */
  @ApiProperty({ type: 'integer' })
  timestamp: number;
  @ApiProperty({ type: 'integer' })
  user_hr: number;
  @ApiProperty({ type: 'integer' })
  ghost_hr: number;
  @ApiProperty({ type: 'integer' })
  difference: number;
}

export class CompatWispRaceResultDto extends CompatWispResultHeadDto {
  @ApiProperty({ format: 'uuid' })
  run_id: string;
  @ApiProperty(NUMBER)
  distance_completed: number | null;
  /** 0 to 1. */
  @ApiProperty(NUMBER)
  completion_percentage: number | null;
  /** At the line; null where it was not reached. */
  @ApiProperty({ type: String, enum: FINAL_POSITIONS, nullable: true })
  final_position: (typeof FINAL_POSITIONS)[number] | null;
  /** How far ahead the runner was at most, not negative. */
  @ApiProperty(SECONDS)
  max_lead: number | null;
  @ApiProperty(SECONDS)
  average_gap: number | null;
  /** Furthest behind. */
  @ApiProperty(SECONDS)
  max_gap: number | null;
  /** Furthest ahead. */
  @ApiProperty(SECONDS)
  min_gap: number | null;
  @ApiProperty({ type: [CompatWispSplitComparisonDto] })
  split_comparisons: CompatWispSplitComparisonDto[];
  /** Where both runs are the caller's own and have heart rates. */
  @ApiProperty({ type: [CompatWispHeartComparisonDto] })
  heart_rate_comparison: CompatWispHeartComparisonDto[];
  created_at: string;
}

export class CompatWispRaceResultsDto {
  @ApiProperty({ type: [CompatWispRaceResultDto] })
  race_results: CompatWispRaceResultDto[];
}

export class CompatWispRacedRunDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ type: String, nullable: true })
  title: string | null;
  started_at: string;
  distance: number;
}

export class CompatWispPastRaceDto extends CompatWispResultHeadDto {
  @ApiProperty({ type: CompatWispRacedRunDto })
  run: CompatWispRacedRunDto;
  /** Against the race before with the same ghost, a second to both sides being `stable`; null where there was none, or one was not finished. */
  @ApiProperty({ type: String, enum: TRENDS, nullable: true })
  improvement_trend: (typeof TRENDS)[number] | null;
}

export class CompatWispRaceSumsDto {
  @ApiProperty({ type: 'integer' })
  total_races: number;
  @ApiProperty({ type: 'integer' })
  wins: number;
  @ApiProperty({ type: 'integer' })
  losses: number;
  @ApiProperty({ type: 'integer' })
  abandoned: number;
  /** Of all races, 0 to 1; null where there was none. */
  @ApiProperty(NUMBER)
  win_rate: number | null;
  /** The mean difference of finished races, seconds; negative = faster than the ghosts. */
  @ApiProperty(NUMBER)
  average_improvement: number | null;
}

export class CompatWispRaceHistoryDto {
  @ApiProperty({ type: [CompatWispPastRaceDto] })
  race_history: CompatWispPastRaceDto[];
  /** Of all races, or of those with the ghost that is asked for; whatever the page and the status. */
  @ApiProperty({ type: CompatWispRaceSumsDto })
  summary: CompatWispRaceSumsDto;
  @ApiProperty({ type: CompatWispPaginationDto })
  pagination: CompatWispPaginationDto;
}
