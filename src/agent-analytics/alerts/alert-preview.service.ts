import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Projects } from '../sync/projects.service.js';
import { type AlertState, ARMED, judge } from './alert-judgment.js';
import { AlertValues } from './alert-values.service.js';
import type { AgentAlertPreviewDto, AgentAlertPreviewQueryDto } from './alerts.dto.js';
import { readRule } from './alerts.service.js';

const PAST_WINDOWS = 30;

/** What a rule would have told, by the very rule that alerts are judged by. */
@Injectable()
export class AgentAlertPreview {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly projects: Projects,
    private readonly values: AlertValues,
  ) {}

  /** @throws DomainError unknown project, a rule with faults */
  async preview(caller: Principal, given: AgentAlertPreviewQueryDto): Promise<AgentAlertPreviewDto> {
    const rule = readRule(given.rule);
    const projectId = this.projects.resolve(given.project);
    const freshness = await this.projects.freshness(caller, projectId);
    const { completeThrough } = freshness;
    if (completeThrough === null) return { ...freshness, items: [], firedCount: 0 };
    const windows = await this.values.past(
      (statement) => this.uow.read(caller, statement),
      projectId,
      rule,
      Date.parse(completeThrough),
      PAST_WINDOWS,
    );
    let state: AlertState = ARMED;
    const items = windows.map(({ windowEndMs, value }) => {
      const judged = judge(state, { ...given, rule }, { value, windowEndMs });
      state = judged.state;
      return {
        from: new Date(windowEndMs - rule.windowS * 1_000).toISOString(),
        to: new Date(windowEndMs).toISOString(),
        value,
        isFiring: judged.isFiring,
      };
    });
    return { ...freshness, items, firedCount: items.filter(({ isFiring }) => isFiring).length };
  }
}
