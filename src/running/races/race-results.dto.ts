import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { QueryInt } from '../../platform/http/query-int.js';
import { GHOST_TYPES, type GhostType } from '../ghosts/ghost-kinds.js';
import {
  MARK_CODES,
  MARK_WEIGHTS,
  type MarkCode,
  type MarkWeight,
  PARTICIPANT_STATES,
  type ParticipantState,
  RACE_STATUSES,
  type RaceStatus,
  RESULT_STATUSES,
  type ResultStatus,
} from './race-kinds.js';

/** Times in seconds since the start line; differences are positive where the runner was slower. */
export class RaceSplitDto {
  /** Where it ends, metres from the start line. */
  distanceM: number;
  /** For this piece alone. */
  userTimeS: number;
  ghostTimeS: number;
  differenceS: number;
  /** The gap at its end. */
  cumulativeDifferenceS: number;
}

export class HeartRatePairDto {
  /** Metres from the start line at which the piece ends that this is the mean of. */
  distanceM: number;
  userBpm: number;
  ghostBpm: number;
}

/** It marks a result and decides nothing. */
export class PlausibilityMarkDto {
  @ApiProperty({ enum: MARK_CODES })
  code: MarkCode;
  /** `note`: an ordinary fault of a receiver; `doubt`: somebody should look; `impossible`: nobody ran this. */
  @ApiProperty({ enum: MARK_WEIGHTS })
  weight: MarkWeight;
  /** One sentence. */
  detail: string;
}

/** The official result against one ghost, from all fixes of the run. */
export class RaceResultDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ format: 'uuid' })
  raceId: string;

  @ApiProperty({ format: 'uuid' })
  runId: string;

  @ApiProperty({ format: 'uuid' })
  ghostId: string;

  ghostName: string;

  @ApiProperty({ enum: GHOST_TYPES })
  ghostType: GhostType;

  /** `not_started`: the start line was never crossed. */
  @ApiProperty({ enum: RESULT_STATUSES })
  status: ResultStatus;

  /** When the start line was crossed. */
  @ApiProperty({ type: String, nullable: true, format: 'date-time' })
  startedAt: string | null;

  /** From line to line; null = not finished. */
  @ApiProperty({ type: 'number', nullable: true })
  userTimeS: number | null;

  ghostTimeS: number;

  /** At the line; positive = slower than the ghost; null = not finished. */
  @ApiProperty({ type: 'number', nullable: true })
  timeDifferenceS: number | null;

  /** The difference lies within so many seconds to both sides, nineteen times of twenty. */
  @ApiProperty({ type: 'number', nullable: true })
  errorBarS: number | null;

  /** The difference is smaller than what can be told: whoever is named the winner may not have been. */
  isTooClose: boolean;

  @ApiProperty({ type: 'number', nullable: true })
  averageGapS: number | null;

  /** Furthest behind. */
  @ApiProperty({ type: 'number', nullable: true })
  maxGapS: number | null;

  /** Furthest ahead. */
  @ApiProperty({ type: 'number', nullable: true })
  minGapS: number | null;

  distanceCompletedM: number;

  /** 0 to 1. */
  completionRatio: number;

  @ApiProperty({ type: [RaceSplitDto] })
  splits: RaceSplitDto[];

  /** Where both runs are the caller's own and have heart rates. */
  @ApiProperty({ type: [HeartRatePairDto] })
  heartRates: HeartRatePairDto[];

  @ApiProperty({ type: [PlausibilityMarkDto] })
  plausibility: PlausibilityMarkDto[];

  /** Grows when another result came out, as after late fixes. */
  @ApiProperty({ type: 'integer' })
  version: number;

  @ApiProperty({ format: 'date-time' })
  settledAt: string;
}

/** A runner's place over the course of a race. */
export class RaceStandingDto {
  /** From 1; null = not finished. */
  @ApiProperty({ type: 'integer', nullable: true })
  place: number | null;

  @ApiProperty({ type: 'integer' })
  number: number;

  @ApiProperty({ type: String, nullable: true })
  name: string | null;

  isYou: boolean;

  @ApiProperty({ enum: PARTICIPANT_STATES })
  state: ParticipantState;

  @ApiProperty({ type: 'number', nullable: true })
  officialTimeS: number | null;

  /** Behind the first. */
  @ApiProperty({ type: 'number', nullable: true })
  behindS: number | null;

  @ApiProperty({ type: 'number', nullable: true })
  errorBarS: number | null;

  /** 0 to 1. */
  @ApiProperty({ type: 'number', nullable: true })
  completionRatio: number | null;

  @ApiProperty({ type: [PlausibilityMarkDto] })
  plausibility: PlausibilityMarkDto[];
}

export class RaceResultsDto {
  @ApiProperty({ format: 'uuid' })
  raceId: string;

  @ApiProperty({ enum: RACE_STATUSES })
  status: RaceStatus;

  /** The caller's own against each ghost; empty until the run is over and judged. */
  @ApiProperty({ type: [RaceResultDto] })
  results: RaceResultDto[];

  /** Over the course, the fastest first. */
  @ApiProperty({ type: [RaceStandingDto] })
  standings: RaceStandingDto[];
}

export class RunResultsDto {
  @ApiProperty({ type: [RaceResultDto] })
  items: RaceResultDto[];
}

/** Of all results, whatever the page. */
export class RaceHistorySummaryDto {
  @ApiProperty({ type: 'integer' })
  wins: number;

  @ApiProperty({ type: 'integer' })
  losses: number;

  /** Those that never crossed the start line among them. */
  @ApiProperty({ type: 'integer' })
  abandoned: number;

  /** Of those that were finished, 0 to 1; null where none was. */
  @ApiProperty({ type: 'number', nullable: true })
  winRate: number | null;

  /** Seconds by which the caller was faster than the ghosts, on average over what was finished. */
  @ApiProperty({ type: 'number', nullable: true })
  averageImprovementS: number | null;
}

export class RaceHistoryDto {
  @ApiProperty({ type: [RaceResultDto] })
  items: RaceResultDto[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;

  @ApiProperty({ type: RaceHistorySummaryDto })
  summary: RaceHistorySummaryDto;
}

export class RaceReplayQueryDto {
  /** Points per curve at most, evenly over time, 2 to 5,000 (500). */
  @ApiPropertyOptional({ default: 500, minimum: 2, maximum: 5_000 })
  @QueryInt()
  @IsInt()
  @Min(2)
  @Max(5_000)
  points: number = 500;
}

/** Columns of one length: the gap as the race went on. */
export class GapReplayDto {
  /** Of a ghost. */
  @ApiProperty({ type: String, nullable: true, format: 'uuid' })
  ghostId: string | null;

  /** Of a rival: the number of a participant. */
  @ApiProperty({ type: 'integer', nullable: true })
  number: number | null;

  @ApiProperty({ type: String, nullable: true })
  name: string | null;

  /** Seconds since the runner crossed the start line. */
  @ApiProperty({ type: [Number] })
  timeS: number[];

  /** Metres from the start line. */
  @ApiProperty({ type: [Number] })
  distanceM: number[];

  /** Positive = behind. */
  @ApiProperty({ type: [Number] })
  gapS: number[];

  /** The gap lies within so many seconds to both sides, nineteen times of twenty; of rivals null. */
  @ApiProperty({ type: [Number], nullable: true })
  errorBarS: number[] | null;
}

export class RaceReplayDto {
  @ApiProperty({ format: 'uuid' })
  raceId: string;

  /** Of the caller's run against each ghost. */
  @ApiProperty({ type: [GapReplayDto] })
  ghosts: GapReplayDto[];

  /** Against each of the others whose result is there. */
  @ApiProperty({ type: [GapReplayDto] })
  rivals: GapReplayDto[];
}
