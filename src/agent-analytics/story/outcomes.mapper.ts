import { chapterName } from '../figures/chapters.js';
import type { WasteGroup } from '../figures/cost-groups.js';
import type { StoryNames } from '../figures/story-names.js';
import type { PairOutcomeDto, WasteFiguresDto, WasteGroupDto } from './outcomes.dto.js';
import type { EndingRow, PairRow, WasteRow } from './outcomes.repository.js';
import { ratio } from './story.mapper.js';

/** @param endings of all pairs, those told most first */
export function toPairOutcome(row: PairRow, endings: readonly EndingRow[]): PairOutcomeDto {
  const { mortal, match, sessionCount, toldCount, evaluatedCount, activeCount } = row;
  const completeCount = toldCount + evaluatedCount;
  return {
    mortal,
    match,
    sessionCount,
    toldCount,
    evaluatedCount,
    activeCount,
    abandonedCount: sessionCount - activeCount - completeCount,
    completeRatio: ratio(completeCount, sessionCount - activeCount),
    compatibility:
      row.saidCount === 0
        ? null
        : {
            sessionCount: row.saidCount,
            mean: row.meanCompatibility!,
            min: row.minCompatibility!,
            max: row.maxCompatibility!,
          },
    meanCostUsd: row.meanCostUsd,
    medianCompleteS: row.medianCompleteS,
    endings: endings
      .filter((ending) => ending.mortal === mortal && ending.match === match)
      .map(({ ending, sessionCount: count }) => ({ ending, sessionCount: count })),
  };
}

export function toWasteFigures(row: Omit<WasteRow, 'key'>): WasteFiguresDto {
  const { sessionCount, completeCount, activeCount, costUsd, activeCostUsd, wastedUsd } = row;
  return {
    sessionCount,
    completeCount,
    activeCount,
    abandonedCount: sessionCount - activeCount - completeCount,
    costUsd,
    wastedUsd,
    wastedRatio: ratio(wastedUsd, costUsd - activeCostUsd),
  };
}

export function toWasteGroups(
  group: WasteGroup,
  rows: readonly WasteRow[],
  names: StoryNames,
): WasteGroupDto[] {
  if (group !== 'chapter') return rows.map((row) => ({ key: row.key, ...toWasteFigures(row) }));
  return [...rows]
    .sort((a, b) => Number(a.key) - Number(b.key))
    .map((row) => ({ key: nameOf(Number(row.key), names), ...toWasteFigures(row) }));
}

function nameOf(chapter: number, names: StoryNames): string | null {
  return chapter < 0 ? null : chapterName({ tag: '', number: chapter }, names);
}
