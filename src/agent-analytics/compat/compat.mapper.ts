import { byChapter, chapterName, chapterOf } from '../figures/chapters.js';
import type { Message } from '../figures/conversation.js';
import { categoryOf, type StoryNames } from '../figures/story-names.js';
import type {
  CompatAgentChartsDto,
  CompatAgentDetailDto,
  CompatAgentDto,
  CompatAgentStatsDto,
  CompatChapterCostDto,
  CompatConversationDto,
  CompatDashboardDto,
  CompatLineDto,
  CompatSessionDto,
  CompatStatsDto,
  CompatSyncStatusDto,
} from './compat.dto.js';
import type { AgentRunRow, AgentSum, ChapterSum, SessionRow, SessionSums } from './compat.repository.js';
import type { SourceView } from '../../platform/sync/sync-desk.service.js';

const HOURS = Array.from({ length: 24 }, (_none, hour) => hour);

export function toSession(row: SessionRow): CompatSessionDto {
  return {
    id: row.id,
    created_at: row.createdText,
    trace_count: row.traceCount,
    total_cost: row.costUsd,
    avg_latency: mean(row.latencySumS, row.latencyCount),
    mortal_name: row.mortal,
    match_name: row.match,
    max_chapter: row.maxChapter,
    is_complete: row.isComplete,
    first_trace_at: row.firstText,
    last_trace_at: row.lastText,
    duration_seconds: row.durationS,
  };
}

/** The original takes the mean of the sessions' means, in which a session without traces counts as 0 s; here it is that of the traces. */
export function toStats(sums: SessionSums): CompatStatsDto {
  return {
    total_sessions: sums.count,
    total_cost: sums.costUsd,
    avg_duration_seconds: mean(sums.durationSumS, sums.durationCount),
    avg_latency_seconds: mean(sums.latencySumS, sums.latencyCount),
    complete_sessions: sums.completeCount,
    incomplete_sessions: sums.count - sums.completeCount,
  };
}

export function toConversation(row: SessionRow, messages: readonly Message[]): CompatConversationDto {
  return {
    session: {
      id: row.id,
      mortal_name: row.mortal,
      match_name: row.match,
      max_chapter: row.maxChapter,
      is_complete: row.isComplete,
      total_cost: row.costUsd,
      duration_seconds: row.durationS,
    },
    messages: messages.map(toMessage),
  };
}

function toMessage({ by, atText, chapter, agent, content, usage }: Message): CompatLineDto {
  return {
    type: by,
    timestamp: atText,
    chapter,
    agent,
    content,
    metadata: usage && {
      latency_ms: usage.latencyMs,
      cost: usage.costUsd,
      total_tokens: usage.totalTokens,
      prompt_tokens: usage.promptTokens,
      completion_tokens: usage.completionTokens,
      model: usage.model,
    },
  };
}

export function toAgent(row: AgentSum, names: StoryNames): CompatAgentDto {
  const { name } = row;
  return { name, category: categoryOf(names.compatCategories, name), ...toAgentStats(row) };
}

export function toAgentDetail(
  row: AgentSum,
  runs: readonly AgentRunRow[],
  names: StoryNames,
): CompatAgentDetailDto {
  const { name } = row;
  return {
    name,
    category: categoryOf(names.compatCategories, name),
    stats: toAgentStats(row),
    recent_executions: runs.map((run) => ({
      trace_id: run.traceId,
      timestamp: run.atText,
      latency_ms: run.latencyMs,
      tokens: run.totalTokens,
      cost: run.costUsd,
      status: run.isError ? 'error' : 'success',
    })),
  };
}

function toAgentStats(row: AgentSum): CompatAgentStatsDto {
  return {
    execution_count: row.runCount,
    avg_latency_ms: mean(row.latencySumMs, row.latencyCount),
    total_cost: row.costUsd,
    total_tokens: row.totalTokens,
    success_rate: (100 * (row.runCount - row.errorCount)) / row.runCount,
  };
}

/** @param runs newest first */
export function toAgentCharts(
  runs: readonly AgentRunRow[],
  hours: readonly { hour: number; count: number }[],
): CompatAgentChartsDto {
  const counts = new Map(hours.map(({ hour, count }) => [hour, count]));
  return {
    latency_over_time: [...runs]
      .reverse()
      .map(({ atText, latencyMs }) => ({ timestamp: atText, latency_ms: latencyMs! })),
    executions_by_hour: HOURS.map((hour) => ({ hour, count: counts.get(hour) ?? 0 })),
  };
}

/**
 * Everything is of the traces that began in the range. The original takes the cost of its first line by when sessions were made and that
 * of the chapters by traces, so that at the edge of a range the two did not agree; and days without traces were left out.
 */
export function toDashboard(
  chapters: readonly ChapterSum[],
  sessionCount: number,
  days: readonly { date: string; count: number }[],
  names: StoryNames,
): CompatDashboardDto {
  const sum = (figure: (row: ChapterSum) => number): number =>
    chapters.reduce((total, row) => total + figure(row), 0);
  const cost = sum(({ costUsd }) => costUsd);
  return {
    kpis: {
      unique_sessions: sessionCount,
      total_traces: sum(({ traceCount }) => traceCount),
      total_cost: cost,
      avg_latency_seconds: mean(
        sum(({ latencySumS }) => latencySumS),
        sum(({ latencyCount }) => latencyCount),
      ),
      cost_per_session: mean(cost, sessionCount),
    },
    cost_by_chapter: toChapterCosts(chapters, names),
    traces_per_day: days.map(({ date, count }) => ({ date, count })),
  };
}

function toChapterCosts(rows: readonly ChapterSum[], names: StoryNames): CompatChapterCostDto[] {
  return rows
    .flatMap(({ chapter, costUsd }) => {
      const known = chapterOf([chapter], names);
      return known === null ? [] : [{ known, costUsd }];
    })
    .sort((a, b) => byChapter(a.known, b.known))
    .map(({ known, costUsd }) => ({ chapter: chapterName(known, names), cost: costUsd }));
}

/** @param source undefined = no project is configured */
export function toSyncStatus(source: SourceView | undefined, intervalMs: number): CompatSyncStatusDto {
  const last = source?.lastSuccessAt ?? null;
  return {
    // The page locks its button while this is `running`, which a reconcile of the background may be for hours.
    status: source?.copy.state ?? 'unknown',
    last_sync_at: last === null ? null : pythonIso(last),
    next_sync_at: last === null ? null : pythonIso(new Date(last.getTime() + intervalMs)),
    error_message: source?.copy.error ?? null,
  };
}

/** As Python writes an instant of UTC: with microseconds and its offset. */
function pythonIso(at: Date): string {
  return at.toISOString().replace('Z', '000+00:00');
}

function mean(sum: number, count: number): number {
  return count === 0 ? 0 : sum / count;
}
