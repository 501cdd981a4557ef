import { byChapter, type Chapter, chapterName, chapterOf } from '../figures/chapters.js';
import { latencyBands } from '../figures/latency-bands.js';
import type { StoryNames } from '../figures/story-names.js';
import type {
  ChapterWaitDto,
  ChoiceFiguresDto,
  ChoiceRoundDto,
  FunnelStepDto,
  TurnLatencyBandDto,
} from './story.dto.js';
import type {
  BandRow,
  ChapterWaitRow,
  ChoiceRow,
  FunnelRow,
  RoundChoiceRow,
  RoundRow,
} from './story.repository.js';

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
  const { key, offeredCount, decidedCount, pickedCount, settledCount, completeCount } = row;
  return {
    key,
    offeredCount,
    pickedCount,
    pickedRatio: ratio(pickedCount, decidedCount),
    completeRatio: ratio(completeCount, settledCount),
  };
}

export function toChoiceRounds(
  rounds: readonly RoundRow[],
  choices: readonly RoundChoiceRow[],
): ChoiceRoundDto[] {
  return rounds.map(({ round, offerCount, unpickedCount }) => ({
    round,
    offerCount,
    unpickedCount,
    choices: choices
      .filter((choice) => choice.round === round)
      .map((choice) => ({
        ...toChoiceFigures(choice),
        stoppedCount: choice.stoppedCount,
        meanTurnsAfter: choice.meanTurnsAfter,
      })),
  }));
}

const NO_CHAPTER: Chapter = { tag: '\uFFFF', number: null };

/** In the order of the story; what has no chapter comes last. */
export function toChapterWaits(rows: readonly ChapterWaitRow[], names: StoryNames): ChapterWaitDto[] {
  return rows
    .map((row) => ({ row, chapter: row.chapter === null ? null : chapterOf([row.chapter], names) }))
    .sort((a, b) => byChapter(a.chapter ?? NO_CHAPTER, b.chapter ?? NO_CHAPTER))
    .map(({ row: { turnCount, lostCount, quantilesMs }, chapter }) => ({
      chapter: chapter && chapterName(chapter, names),
      turnCount,
      lostCount,
      p50Ms: quantilesMs[0]!,
      p95Ms: quantilesMs[1]!,
    }));
}

export function toLatencyBands(rows: readonly BandRow[]): TurnLatencyBandDto[] {
  return latencyBands().map(({ fromS, toS }, index) => {
    const row = rows.find(({ band }) => band === index);
    const [turnCount, lostCount] = [row?.turnCount ?? 0, row?.lostCount ?? 0];
    return { fromS, toS, turnCount, lostCount, lostRatio: ratio(lostCount, turnCount) };
  });
}

export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
