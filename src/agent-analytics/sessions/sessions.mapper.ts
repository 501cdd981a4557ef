import { chapterName } from '../figures/chapters.js';
import { sessionState } from '../figures/session-state.js';
import type { StoryNames } from '../figures/story-names.js';
import type { Turn } from '../figures/transcript.js';
import type { AgentSessionDto, SessionTraceDto, TurnDto } from './sessions.dto.js';
import type { SessionRow, TraceRow } from './sessions.repository.js';

export function toSessionDto(row: SessionRow, nowMs: number, names: StoryNames): AgentSessionDto {
  const { state, reason } = sessionState(
    {
      hasEnd: row.hasEnd,
      isComplete: row.isComplete,
      endedMs: row.endedAt?.getTime() ?? null,
      createdMs: row.createdAt.getTime(),
    },
    nowMs,
  );
  const maxChapter = row.maxChapter < 0 ? null : row.maxChapter;
  return {
    id: row.id,
    environment: row.environment,
    release: row.release,
    createdAt: row.createdAt.toISOString(),
    state,
    stateReason: reason,
    mortal: row.mortal,
    match: row.match,
    maxChapter,
    maxChapterName: maxChapter === null ? null : chapterName({ tag: '', number: maxChapter }, names),
    traceCount: row.traceCount,
    errorCount: row.errorCount,
    costUsd: row.costUsd,
    totalTokens: row.totalTokens,
    meanLatencyS: row.latencyCount === 0 ? null : row.latencySumS / row.latencyCount,
    firstTraceAt: row.firstAt?.toISOString() ?? null,
    lastTraceAt: row.lastAt?.toISOString() ?? null,
    durationS: row.durationS,
    wallS: row.wallS,
    engagedS: row.engagedS,
  };
}

export function toSessionTraceDto(row: TraceRow): SessionTraceDto {
  const { id, at, chapter, latencyS, costUsd, totalTokens, isError } = row;
  return { id, at: at.toISOString(), chapter, latencyS, costUsd, totalTokens, isError };
}

export function toTurnDto(turn: Turn): TurnDto {
  return {
    ordinal: turn.ordinal,
    chapter: turn.chapter,
    startedAt: turn.startedText,
    latencyMs: turn.latencyMs,
    player: turn.player,
    picked: turn.picked && { key: turn.picked.key, title: turn.picked.title },
    lines: turn.lines.map(({ agent, atText, text, isInternal, usage }) => ({
      agent,
      at: atText,
      text,
      isInternal,
      latencyMs: usage.latencyMs,
      costUsd: usage.costUsd,
      totalTokens: usage.totalTokens,
      model: usage.model,
    })),
    offered: turn.offered.map(({ key, title }) => ({ key, title })),
    costUsd: turn.costUsd,
    totalTokens: turn.totalTokens,
  };
}
