import { ApiProperty } from '@nestjs/swagger';
import { FreshnessDto } from '../sync/freshness.dto.js';

export class FunnelStepDto {
  /** From 0. */
  chapter: number;
  name: string;
  /** Sessions that came so far. */
  sessionCount: number;
  /** Of all sessions that began, 0 to 1. */
  reachedRatio: number;
  /** Sessions that came so far and no further. */
  lastHereCount: number;
  /** From the first trace; the middle one of those who came so far. */
  medianSecondsToReach: number;
  /** Spent before, on average, by those who came so far. */
  meanCostToReachUsd: number;
}

export class FunnelDto extends FreshnessDto {
  /** Sessions with a trace. */
  sessionCount: number;
  /** In the order of the story; whoever comes to a chapter has come to those before it. */
  items: FunnelStepDto[];
}

export class ChoiceFiguresDto {
  /** `A`, `B`, ... */
  key: string;
  offeredCount: number;
  pickedCount: number;
  /** Of the times that it was offered and something was picked, 0 to 1; null where nothing ever was. */
  pickedRatio: number | null;
  /** Of the picks in stories that are not active, those whose story was complete in the end, 0 to 1; null where there is none. */
  completeRatio: number | null;
}

export class ChoicesDto extends FreshnessDto {
  /** Turns that offered choices. */
  offerCount: number;
  /** Those of them after which the player did something else, or nothing. */
  unpickedCount: number;
  /** In the order of letters. */
  items: ChoiceFiguresDto[];
}

export class RoundChoiceDto extends ChoiceFiguresDto {
  /** Of the picks, those after whose answer the player of an abandoned story did not come back. */
  stoppedCount: number;
  /** Turns that followed a pick, with the one that it made; null where it was never picked. */
  meanTurnsAfter: number | null;
}

export class ChoiceRoundDto {
  /** From 1: the story's first choice, its second, ... */
  round: number;
  offerCount: number;
  unpickedCount: number;
  /** In the order of letters. */
  choices: RoundChoiceDto[];
}

export class ChoiceRoundsDto extends FreshnessDto {
  /** In the order of stories, up to the 200th choice. */
  items: ChoiceRoundDto[];
}

export class ChapterWaitDto {
  /** null = turns without a chapter. */
  chapter: string | null;
  turnCount: number;
  lostCount: number;
  p50Ms: number;
  p95Ms: number;
}

export class TurnLatencyBandDto {
  /** Seconds, inclusive. */
  fromS: number;
  /** Exclusive; null = no end. */
  @ApiProperty({ type: Number, nullable: true })
  toS: number | null;
  turnCount: number;
  /** Turns after which the player of a story, which is abandoned now, did not come back. */
  lostCount: number;
  /** 0 to 1; null where there is no turn. */
  lostRatio: number | null;
}

export class TurnLatencyDto extends FreshnessDto {
  turnCount: number;
  /** From the player's act to the last answer; null where there is no turn. */
  p50Ms: number | null;
  p90Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
  items: TurnLatencyBandDto[];
  /** The same by chapter, in the order of the story. */
  chapters: ChapterWaitDto[];
}
