import type { HeartRateZonesDto } from '../analytics/running-analytics.dto.js';
import { arrivalMsAt, elapsedTimeOf, type GhostCurve, lengthOf } from '../ghosts/ghost-curve.js';
import type { GoalSplit } from '../ghosts/ghost-kinds.js';
import type { OpenGhostDto, RecommendedGhostDto } from '../ghosts/ghosts.dto.js';
import type { GhostRow, OwnGhostRow } from '../ghosts/ghosts.repository.js';
import type { RecommendationReason } from '../ghosts/recommend-ghosts.js';
import { rounded, roundedOrNull, swiftInstant } from './compat-answer.js';
import type {
  CompatWispGhostDetailsDto,
  CompatWispGhostDto,
  CompatWispGoalSplitDto,
  CompatWispPaceSplitDto,
  CompatWispPacingDto,
  CompatWispPublicGhostDto,
  CompatWispRaceDataDto,
  CompatWispRecommendedGhostDto,
  CompatWispZonesDto,
} from './compat-ghosts.dto.js';
import type { Creator, GhostRaces, GhostRunHead } from './compat-ghosts.repository.js';
import { ghostKindOf } from './compat-kinds.js';

const M_PER_KM = 1_000;
/** A rest of less than this is rounding. */
const SHORTEST_M = 1;

const REASONS: Readonly<Record<RecommendationReason, string>> = {
  record_in_reach: 'Your record is within reach, by your recent runs',
  even_race: 'An even race, by your recent runs',
  stretch: 'Faster than your recent runs: a stretch',
  build_confidence: 'Slower than your recent runs: one to win',
  own_run: 'One of your own, to begin with',
};

function targetOf(distanceM: number, durationS: number) {
  return {
    target_distance: rounded(distanceM),
    target_duration: Math.max(1, Math.round(durationS)),
    target_pace: rounded((durationS / distanceM) * M_PER_KM),
  };
}

function toHead(row: Pick<OpenGhostDto, keyof OpenGhostDto & keyof GhostRow>) {
  return {
    id: row.id,
    ghost_type: ghostKindOf(row.type),
    name: row.name,
    description: row.description,
    difficulty_level: row.difficulty,
    ...targetOf(row.distanceM, row.durationS),
  };
}

/** @param runs that ghosts are based on, as far as they are there */
export function toCompatGhost(row: OwnGhostRow, runs: ReadonlyMap<string, GhostRunHead>): CompatWispGhostDto {
  const runId = row.runIds[0] ?? null;
  return {
    ...toHead(row),
    based_on_run_id: runId,
    based_on_run_title: (runId !== null && runs.get(runId)?.title) || null,
    custom_splits: row.splits && toGoalSplits(row.splits),
    is_active: row.isActive,
    is_public: row.isPublic,
    created_at: swiftInstant(row.createdAt),
    updated_at: swiftInstant(row.updatedAt),
  };
}

export function toCompatGhostDetails(
  row: OwnGhostRow,
  runs: ReadonlyMap<string, GhostRunHead>,
  races: GhostRaces,
): CompatWispGhostDetailsDto {
  const run = runs.get(row.runIds[0] ?? '');
  return {
    ...toCompatGhost(row, runs),
    based_on_run:
      run === undefined
        ? null
        : {
            id: run.id,
            title: run.title,
            started_at: swiftInstant(run.startedAt),
            pace_splits: run.splits && toPaceSplits(run.splits),
          },
    race_history: {
      total_races: races.count,
      wins: races.wins,
      losses: races.losses,
      best_improvement: roundedOrNull(races.bestDifferenceS, 0),
      last_race_at: races.lastRacedAt && swiftInstant(races.lastRacedAt),
    },
  };
}

export function toCompatPublicGhost(row: GhostRow, creator: Creator | undefined): CompatWispPublicGhostDto {
  return {
    ...toHead(row),
    created_by: creator ? { username: creator.username, display_name: creator.displayName } : null,
    usage_count: row.usageCount,
    average_success_rate: row.usageCount === 0 ? null : rounded(row.beatenCount / row.usageCount, 4),
  };
}

export function toCompatRecommended(ghost: RecommendedGhostDto): CompatWispRecommendedGhostDto {
  const improvementS = Math.round(ghost.targetImprovementS ?? 0);
  return {
    ...toHead(ghost),
    reason: REASONS[ghost.reason],
    target_improvement: improvementS > 0 ? `${clock(improvementS)} faster` : null,
    success_probability: roundedOrNull(ghost.successEstimate),
  };
}

export function toCompatRaceData(
  ghostId: string,
  curve: GhostCurve,
  zones: HeartRateZonesDto,
): CompatWispRaceDataDto {
  return {
    ghost_id: ghostId,
    ...targetOf(lengthOf(curve), elapsedTimeOf(curve) / 1_000),
    pacing_strategy: pacingOf(curve),
    heart_rate_zones: zonesOf(zones),
  };
}

function pacingOf(curve: GhostCurve): CompatWispPacingDto[] {
  const lengthM = lengthOf(curve);
  const pieces: CompatWispPacingDto[] = [];
  let beforeS = 0;
  for (let fromM = 0; lengthM - fromM >= SHORTEST_M; fromM += M_PER_KM) {
    const toM = Math.min(lengthM, fromM + M_PER_KM);
    const afterS = arrivalMsAt(curve, toM) / 1_000;
    pieces.push({
      distance: rounded(toM),
      target_time: rounded(afterS - beforeS),
      target_pace: rounded(((afterS - beforeS) / (toM - fromM)) * M_PER_KM),
      cumulative_time: rounded(afterS),
    });
    beforeS = afterS;
  }
  return pieces;
}

function zonesOf({ zones, heart }: HeartRateZonesDto): CompatWispZonesDto | null {
  if (heart === null || zones.length !== 5) return null;
  const [zone_1, zone_2, zone_3, zone_4, zone_5] = zones.map(({ fromBpm, belowBpm }) => ({
    min: fromBpm,
    max: Math.max(fromBpm, belowBpm ?? Math.round(heart.maxBpm)),
  }));
  return { zone_1: zone_1!, zone_2: zone_2!, zone_3: zone_3!, zone_4: zone_4!, zone_5: zone_5! };
}

function toGoalSplits(splits: readonly GoalSplit[]): CompatWispGoalSplitDto[] {
  let alongM = 0;
  return splits.map(({ distanceM, paceSPerKm }) => {
    alongM += distanceM;
    return { distance: rounded(alongM), target_pace: rounded(paceSPerKm) };
  });
}

function toPaceSplits(splits: NonNullable<GhostRunHead['splits']>): CompatWispPaceSplitDto[] {
  let alongM = 0;
  return splits.flatMap(({ distanceM, paceSPerKm, movingTimeS }) => {
    alongM += distanceM;
    if (paceSPerKm === null) return [];
    return [{ distance: rounded(alongM), pace: rounded(paceSPerKm), time: rounded(movingTimeS) }];
  });
}

/** `2:30`, `1:02:30`. */
function clock(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
