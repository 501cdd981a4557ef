import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { TRACE_GAPS } from '../figures/trace-gaps.js';
import { Projects } from '../sync/projects.service.js';
import type { GapDto, GapsDto, GapsQueryDto } from './gaps.dto.js';
import { type GapAgentRow, type GapRow, GapsRepository, type UnseenRow } from './gaps.repository.js';

/** What instrumentation has left out. */
@Injectable()
export class GapsService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly projects: Projects,
    private readonly gaps: GapsRepository,
  ) {}

  async list(caller: Principal, query: GapsQueryDto, nowMs = Date.now()): Promise<GapsDto> {
    const [project, range] = [this.projects.resolve(query.project), this.projects.recentRange(query, nowMs)];
    const unseenStatement = this.gaps.unseenStatement(project, range, query.unseenForH);
    const freshness = await this.projects.freshness(caller, project);
    const [rows, agents, [totals], unseen] = await Promise.all([
      this.uow.read<GapRow>(caller, this.gaps.gapsStatement(project, range)),
      this.uow.read<GapAgentRow>(caller, this.gaps.agentsStatement(project, range)),
      this.uow.read<{ traceCount: number; tracelessCount: number }>(
        caller,
        this.gaps.totalsStatement(project, range),
      ),
      this.uow.read<UnseenRow>(caller, unseenStatement),
    ]);
    const sorted = [...rows].sort((a, b) => TRACE_GAPS.indexOf(a.kind) - TRACE_GAPS.indexOf(b.kind));
    return {
      ...freshness,
      traceCount: totals!.traceCount,
      items: sorted.map((row) => toGapDto(row, agents)),
      tracelessCount: totals!.tracelessCount,
      unseenAgents: unseen.map(({ name, lastSeenAt, runCount }) => ({
        name,
        lastSeenAt: lastSeenAt.toISOString(),
        runCount,
      })),
    };
  }
}

function toGapDto(
  { kind, count, traceCount, lastAt, traceIds }: GapRow,
  agents: readonly GapAgentRow[],
): GapDto {
  return {
    kind,
    count,
    traceCount,
    lastAt: lastAt.toISOString(),
    traceIds,
    agents: agents
      .filter((row) => row.kind === kind)
      .map((row) => ({ agent: row.agent === '' ? null : row.agent, count: row.count })),
  };
}
