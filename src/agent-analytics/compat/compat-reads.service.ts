import { Inject, Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import type { Principal } from '../../platform/auth/principal.js';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import { productVersion } from '../../platform/config/product-version.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { conversationOf } from '../figures/conversation.js';
import type { StoryNames } from '../figures/story-names.js';
import { STORY_NAMES } from '../story-names.tokens.js';
import { type SpokenRow, SpokenStepsRepository, toSpokenTraces } from '../figures/spoken-steps.repository.js';
import type {
  CompatAgentChartsDto,
  CompatAgentDetailDto,
  CompatAgentsDto,
  CompatConversationDto,
  CompatDashboardDto,
  CompatSessionsDto,
  CompatStatsDto,
} from './compat.dto.js';
import { agentNotFound, sessionNotFound, unprocessable } from './compat.errors.js';
import {
  toAgent,
  toAgentCharts,
  toAgentDetail,
  toConversation,
  toDashboard,
  toSession,
  toStats,
} from './compat.mapper.js';
import {
  type CompatFault,
  type CompatQuery,
  cutOff,
  parseRange,
  parseSessions,
  type TimeRange,
} from './compat-query.js';
import {
  type AgentRunRow,
  type AgentSum,
  type ChapterSum,
  CompatRepository,
  type SessionRow,
  type SessionSums,
} from './compat.repository.js';

const SHOWN_RUNS = 20;
const SHOWN_DAYS = 7;
/** PostgreSQL's largest offset is more than that; nobody has so many sessions. */
const MOST_OFFSET = 2_000_000_000;

/** What the original's page reads. It knows one project: the first of the settings. */
@Injectable()
export class CompatReads {
  private readonly projectId: string;
  private readonly formTag: string;

  constructor(
    @Inject(ENV) env: Pick<Env, 'langfuse'>,
    private readonly uow: UnitOfWork,
    private readonly rows: CompatRepository,
    private readonly spoken: SpokenStepsRepository,
    @Inject(STORY_NAMES) private readonly names: StoryNames,
  ) {
    this.projectId = env.langfuse[0]?.name ?? '';
    const answeredBy = JSON.stringify([productVersion(), this.projectId, names]);
    this.formTag = createHash('sha256').update(answeredBy).digest('base64url').slice(0, 8);
  }

  /** Of sessions by a query; null where it moves with the clock or is refused. */
  sessionsVersion(caller: Principal, query: CompatQuery): Promise<string | null> {
    const parsed = parseSessions(query);
    return this.versionOf(caller, Array.isArray(parsed) ? parsed : parsed.range);
  }

  /** Likewise of what is asked for by its range alone. */
  rangeVersion(caller: Principal, query: CompatQuery): Promise<string | null> {
    return this.versionOf(caller, parseRange(query));
  }

  private async versionOf(caller: Principal, range: TimeRange | CompatFault[]): Promise<string | null> {
    return range === 'all' ? this.version(caller) : null;
  }

  /** Of the figures that all answers but conversations are made of, as they are called here. */
  async version(caller: Principal): Promise<string> {
    const [row] = await this.uow.read<{ version: string }>(
      caller,
      this.rows.versionStatement(this.projectId),
    );
    return `${row?.version ?? 'none'}-${this.formTag}`;
  }

  async sessions(caller: Principal, query: CompatQuery, nowMs = Date.now()): Promise<CompatSessionsDto> {
    const { range, status, search, page, limit } = understood(parseSessions(query));
    const filter = { from: cutOff(range, nowMs), status, search };
    const offset = Math.min((page - 1) * limit, MOST_OFFSET);
    const [rows, [counted]] = await Promise.all([
      this.uow.read<SessionRow>(caller, this.rows.pageStatement(this.projectId, filter, offset, limit)),
      this.uow.read<{ count: number }>(caller, this.rows.countStatement(this.projectId, filter)),
    ]);
    const total = counted!.count;
    return { data: rows.map(toSession), meta: { total, page, limit, pages: Math.ceil(total / limit) } };
  }

  async stats(caller: Principal, query: CompatQuery, nowMs = Date.now()): Promise<CompatStatsDto> {
    const from = cutOff(understood(parseRange(query)), nowMs);
    const [sums] = await this.uow.read<SessionSums>(caller, this.rows.sumsStatement(this.projectId, from));
    return toStats(sums!);
  }

  async conversation(caller: Principal, id: string): Promise<CompatConversationDto> {
    const [session] = await this.uow.read<SessionRow>(caller, this.rows.sessionStatement(this.projectId, id));
    if (session === undefined) throw sessionNotFound();
    const steps = await this.uow.read<SpokenRow>(caller, this.spoken.stepsStatement(this.projectId, [id]));
    return toConversation(session, conversationOf(toSpokenTraces(steps), this.names));
  }

  async agents(caller: Principal): Promise<CompatAgentsDto> {
    const rows = await this.uow.read<AgentSum>(caller, this.rows.agentsStatement(this.projectId, null));
    return { data: rows.map((row) => toAgent(row, this.names)) };
  }

  async agent(caller: Principal, name: string): Promise<CompatAgentDetailDto> {
    const [row] = await this.uow.read<AgentSum>(caller, this.rows.agentsStatement(this.projectId, name));
    if (row === undefined) throw agentNotFound();
    const runs = await this.uow.read<AgentRunRow>(
      caller,
      this.rows.runsStatement(this.projectId, name, false, SHOWN_RUNS),
    );
    return toAgentDetail(row, runs, this.names);
  }

  async agentCharts(caller: Principal, name: string): Promise<CompatAgentChartsDto> {
    const [runs, hours] = await Promise.all([
      this.uow.read<AgentRunRow>(caller, this.rows.runsStatement(this.projectId, name, true, SHOWN_RUNS)),
      this.uow.read<{ hour: number; count: number }>(caller, this.rows.hoursStatement(this.projectId, name)),
    ]);
    return toAgentCharts(runs, hours);
  }

  async dashboard(caller: Principal, query: CompatQuery, nowMs = Date.now()): Promise<CompatDashboardDto> {
    const from = cutOff(understood(parseRange(query)), nowMs);
    const [chapters, [played], days] = await Promise.all([
      this.uow.read<ChapterSum>(caller, this.rows.chaptersStatement(this.projectId, from)),
      this.uow.read<{ count: number }>(caller, this.rows.playedStatement(this.projectId, from)),
      this.uow.read<{ date: string; count: number }>(
        caller,
        this.rows.daysStatement(this.projectId, SHOWN_DAYS),
      ),
    ]);
    return toDashboard(chapters, played!.count, days, this.names);
  }
}

/** @throws CompatError 422 */
function understood<T>(parsed: T | CompatFault[]): T {
  if (Array.isArray(parsed)) throw unprocessable(parsed);
  return parsed;
}
