import { ApiProperty } from '@nestjs/swagger';
import { GHOST_KINDS, type GhostKind } from './compat-kinds.js';

// Answers about ghosts in the original's names. Metres, whole seconds, seconds per kilometre.

const NUMBER = { type: 'number', nullable: true } as const;
const TEXT = { type: String, nullable: true } as const;
const ID = { type: String, format: 'uuid', nullable: true } as const;

class CompatWispTargetDto {
  target_distance: number;
  @ApiProperty({ type: 'integer' })
  target_duration: number;
  target_pace: number;
}

/** What every list of ghosts shows; the app's `Ghost` is a view of it. */
class CompatWispGhostHeadDto extends CompatWispTargetDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  /** What was taken over from others or composed of several runs is a `past_run` here. */
  @ApiProperty({ enum: GHOST_KINDS })
  ghost_type: GhostKind;
  name: string;
  @ApiProperty(TEXT)
  description: string | null;
  /** 1 to 5. */
  @ApiProperty({ type: 'integer', nullable: true })
  difficulty_level: number | null;
}

export class CompatWispGoalSplitDto {
  /** Where it ends, metres from the start. */
  distance: number;
  target_pace: number;
}

export class CompatWispGhostDto extends CompatWispGhostHeadDto {
  @ApiProperty(ID)
  based_on_run_id: string | null;
  @ApiProperty(TEXT)
  based_on_run_title: string | null;
  /** Of a custom goal. */
  @ApiProperty({ type: [CompatWispGoalSplitDto], nullable: true })
  custom_splits: CompatWispGoalSplitDto[] | null;
  is_active: boolean;
  is_public: boolean;
  created_at: string;
  updated_at: string;
}

export class CompatWispGhostsDto {
  @ApiProperty({ type: [CompatWispGhostDto] })
  ghosts: CompatWispGhostDto[];
}

export class CompatWispPaceSplitDto {
  /** Where it ends, metres from the start. */
  distance: number;
  pace: number;
  /** Seconds for this piece alone. */
  time: number;
}

export class CompatWispGhostRunDto {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty(TEXT)
  title: string | null;
  started_at: string;
  /** Null until the run was analysed. */
  @ApiProperty({ type: [CompatWispPaceSplitDto], nullable: true })
  pace_splits: CompatWispPaceSplitDto[] | null;
}

/** How the caller fared against it. */
export class CompatWispGhostRacesDto {
  @ApiProperty({ type: 'integer' })
  total_races: number;
  @ApiProperty({ type: 'integer' })
  wins: number;
  @ApiProperty({ type: 'integer' })
  losses: number;
  /** The best difference at the line, seconds; negative = faster than the ghost. */
  @ApiProperty({ type: 'integer', nullable: true })
  best_improvement: number | null;
  @ApiProperty(TEXT)
  last_race_at: string | null;
}

export class CompatWispGhostDetailsDto extends CompatWispGhostDto {
  @ApiProperty({ type: CompatWispGhostRunDto, nullable: true })
  based_on_run: CompatWispGhostRunDto | null;
  @ApiProperty({ type: CompatWispGhostRacesDto })
  race_history: CompatWispGhostRacesDto;
}

export class CompatWispCreatorDto {
  username: string;
  @ApiProperty(TEXT)
  display_name: string | null;
}

export class CompatWispPublicGhostDto extends CompatWispGhostHeadDto {
  /** Null for whoever does not want to be seen. */
  @ApiProperty({ type: CompatWispCreatorDto, nullable: true })
  created_by: CompatWispCreatorDto | null;
  @ApiProperty({ type: 'integer' })
  usage_count: number;
  /** 0 to 1; null where nobody has raced it. */
  @ApiProperty(NUMBER)
  average_success_rate: number | null;
}

export class CompatWispPublicGhostsDto {
  @ApiProperty({ type: [CompatWispPublicGhostDto] })
  ghosts: CompatWispPublicGhostDto[];
  @ApiProperty(TEXT)
  next_cursor: string | null;
}

export class CompatWispRecommendedGhostDto extends CompatWispGhostHeadDto {
  /** A sentence. */
  reason: string;
  /** Such as `2:30 faster`; null where none is needed. */
  @ApiProperty(TEXT)
  target_improvement: string | null;
  /** 0.05 to 0.95, an estimate from few runs; null where nothing is known of the caller's form. */
  @ApiProperty(NUMBER)
  success_probability: number | null;
}

export class CompatWispRecommendedGhostsDto {
  @ApiProperty({ type: [CompatWispRecommendedGhostDto] })
  recommended: CompatWispRecommendedGhostDto[];
}

export class CompatWispPacingDto {
  /** Where it ends, metres from the start line. */
  distance: number;
  /** Seconds for this piece alone, pauses of the ghost in it. */
  target_time: number;
  target_pace: number;
  cumulative_time: number;
}

export class CompatWispZoneDto {
  @ApiProperty({ type: 'integer' })
  min: number;
  /** First beat of the next zone, or the highest heart rate. */
  @ApiProperty({ type: 'integer' })
  max: number;
}

export class CompatWispZonesDto {
  zone_1: CompatWispZoneDto;
  zone_2: CompatWispZoneDto;
  zone_3: CompatWispZoneDto;
  zone_4: CompatWispZoneDto;
  zone_5: CompatWispZoneDto;
}

export class CompatWispRaceDataDto extends CompatWispTargetDto {
  @ApiProperty({ format: 'uuid' })
  ghost_id: string;
  /** By kilometre, the last piece being as long as it is. */
  @ApiProperty({ type: [CompatWispPacingDto] })
  pacing_strategy: CompatWispPacingDto[];
  /** The caller's own; null where no highest heart rate is known. */
  @ApiProperty({ type: CompatWispZonesDto, nullable: true })
  heart_rate_zones: CompatWispZonesDto | null;
}
