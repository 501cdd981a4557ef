import type { HeartRatePair, StoredSplit } from '../races/race-kinds.js';
import type { ResultHead } from '../races/race-results.repository.js';
import { rounded, roundedOrNull, swiftInstant } from './compat-answer.js';
import { ghostKindOf, resultKindOf } from './compat-kinds.js';
import type {
  CompatWispHeartComparisonDto,
  CompatWispPastRaceDto,
  CompatWispRacedGhostDto,
  CompatWispRaceResultDto,
  CompatWispRaceSumsDto,
  CompatWispSplitComparisonDto,
} from './compat-races.dto.js';
import type { PastRaceRow, RaceSums, WaitingRow } from './compat-races.repository.js';

/** Differences that are no nearer than this are told apart. */
const SAME_S = 1;
const seconds = (value: number | null): number | null => roundedOrNull(value, 0);

export function toCompatRaceResult(row: ResultHead): CompatWispRaceResultDto {
  const hasFinished = row.status === 'won' || row.status === 'lost';
  return {
    id: row.id,
    run_id: row.runId,
    ghost: toRacedGhost(row),
    result_status: resultKindOf(row.status),
    time_difference: seconds(row.timeDifferenceS),
    distance_completed: rounded(row.distanceCompletedM),
    completion_percentage: rounded(row.completionRatio, 4),
    final_position: hasFinished ? positionOf(row.timeDifferenceS) : null,
    max_lead: row.minGapS === null ? null : rounded(Math.max(0, -row.minGapS), 0),
    average_gap: seconds(row.averageGapS),
    max_gap: seconds(row.maxGapS),
    min_gap: seconds(row.minGapS),
    split_comparisons: row.splits.map(toSplit),
    heart_rate_comparison: toHearts(row.heartRates, row.splits),
    created_at: swiftInstant(row.settledAt),
  };
}

/** What is not judged has no figures; a run without a way has lost nothing and won nothing. */
export function toWaitingResult(runId: string, row: WaitingRow): CompatWispRaceResultDto {
  return {
    id: row.ghostId,
    run_id: runId,
    ghost: toRacedGhost(row),
    result_status: row.hasWay ? 'in_progress' : 'abandoned',
    time_difference: null,
    distance_completed: null,
    completion_percentage: null,
    final_position: null,
    max_lead: null,
    average_gap: null,
    max_gap: null,
    min_gap: null,
    split_comparisons: [],
    heart_rate_comparison: [],
    created_at: swiftInstant(row.enteredAt),
  };
}

export function toPastRace(row: PastRaceRow): CompatWispPastRaceDto {
  return {
    id: row.id,
    run: {
      id: row.runId,
      title: row.title,
      started_at: swiftInstant(row.startedAt),
      distance: rounded(row.distanceM ?? 0),
    },
    ghost: toRacedGhost(row),
    result_status: resultKindOf(row.status),
    time_difference: seconds(row.timeDifferenceS),
    improvement_trend: trendOf(row),
  };
}

export function toRaceSums({
  count,
  wins,
  losses,
  abandoned,
  averageDifferenceS,
}: RaceSums): CompatWispRaceSumsDto {
  return {
    total_races: count,
    wins,
    losses,
    abandoned,
    win_rate: count === 0 ? null : rounded(wins / count, 4),
    average_improvement: roundedOrNull(averageDifferenceS, 1),
  };
}

function toRacedGhost({
  ghostId,
  ghostName,
  ghostType,
}: Pick<WaitingRow, 'ghostId' | 'ghostName' | 'ghostType'>): CompatWispRacedGhostDto {
  return { id: ghostId, name: ghostName, ghost_type: ghostKindOf(ghostType) };
}

function positionOf(differenceS: number | null): CompatWispRaceResultDto['final_position'] {
  if (differenceS === null) return null;
  return differenceS === 0 ? 'level' : differenceS < 0 ? 'ahead' : 'behind';
}

function trendOf({
  status,
  timeDifferenceS,
  differenceBeforeS,
}: PastRaceRow): CompatWispPastRaceDto['improvement_trend'] {
  if ((status !== 'won' && status !== 'lost') || timeDifferenceS === null || differenceBeforeS === null)
    return null;
  const changeS = timeDifferenceS - differenceBeforeS;
  if (Math.abs(changeS) <= SAME_S) return 'stable';
  return changeS < 0 ? 'improving' : 'declining';
}

function toSplit(split: StoredSplit): CompatWispSplitComparisonDto {
  return {
    distance: rounded(split.distanceM),
    user_time: rounded(split.userTimeS, 0),
    ghost_time: rounded(split.ghostTimeS, 0),
    difference: rounded(split.differenceS, 0),
    cumulative_difference: rounded(split.cumulativeDifferenceS, 0),
  };
}

/** Means of the pieces that end where splits do: when that is, the splits tell. */
function toHearts(
  pairs: readonly HeartRatePair[],
  splits: readonly StoredSplit[],
): CompatWispHeartComparisonDto[] {
  const atS = new Map<number, number>();
  let elapsedS = 0;
  for (const { distanceM, userTimeS } of splits) {
    elapsedS += userTimeS;
    atS.set(distanceM, elapsedS);
  }
  return pairs.flatMap(({ distanceM, userBpm, ghostBpm }) => {
    const timestamp = atS.get(distanceM);
    if (timestamp === undefined) return [];
    const [user, ghost] = [rounded(userBpm, 0), rounded(ghostBpm, 0)];
    return [{ timestamp: rounded(timestamp, 0), user_hr: user, ghost_hr: ghost, difference: user - ghost }];
  });
}
