import { chapterName } from '../figures/chapters.js';
import { latencyBands } from '../figures/latency-bands.js';
import type { StoryNames } from '../figures/story-names.js';
import type { ChoiceFiguresDto, FunnelStepDto, TurnLatencyBandDto } from './story.dto.js';
import type { BandRow, ChoiceRow, FunnelRow } from './story.repository.js';

/** @param rows by chapter, none left out up to the last that anybody came to */
export function toFunnelSteps(
  rows: readonly FunnelRow[],
  sessionCount: number,
  names: StoryNames,
): FunnelStepDto[] {
  return rows.map((row, index) => ({
    chapter: row.chapter,
    name: chapterName({ tag: '', number: row.chapter }, names),
    sessionCount: row.sessionCount,
    reachedRatio: row.sessionCount / sessionCount,
    lastHereCount: row.sessionCount - (rows[index + 1]?.sessionCount ?? 0),
    medianSecondsToReach: row.medianSeconds,
    meanCostToReachUsd: row.meanCostUsd,
  }));
}

export function toChoiceFigures(row: ChoiceRow): ChoiceFiguresDto {
  const { key, offeredCount, decidedCount, pickedCount, completeCount } = row;
  return {
    key,
    offeredCount,
    pickedCount,
    pickedRatio: ratio(pickedCount, decidedCount),
    completeRatio: ratio(completeCount, pickedCount),
  };
}

export function toLatencyBands(rows: readonly BandRow[]): TurnLatencyBandDto[] {
  return latencyBands().map(({ fromS, toS }, index) => {
    const row = rows.find(({ band }) => band === index);
    const [turnCount, lostCount] = [row?.turnCount ?? 0, row?.lostCount ?? 0];
    return { fromS, toS, turnCount, lostCount, lostRatio: ratio(lostCount, turnCount) };
  });
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
