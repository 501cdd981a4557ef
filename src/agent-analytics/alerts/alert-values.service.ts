import { Injectable } from '@nestjs/common';
import type { Statement } from '../../platform/database/unit-of-work.js';
import { settledBefore } from '../figures/session-state.js';
import { type SeriesRow, SeriesRepository } from '../metrics/series.repository.js';
import type { AlertRule } from './alert-rule.js';

export interface WindowValue {
  readonly windowEndMs: number;
  readonly value: number | null;
}

/** In whose scope the figures are read: the caller's of a preview, the system's of a judgment. */
export type ReadSeries = (statement: Statement) => Promise<SeriesRow[]>;

/** What the metric of a rule was in windows of its length. */
@Injectable()
export class AlertValues {
  constructor(private readonly series: SeriesRepository) {}

  async current(
    read: ReadSeries,
    projectId: string,
    rule: AlertRule,
    throughMs: number,
  ): Promise<number | null> {
    const [last] = await this.past(read, projectId, rule, throughMs, 1);
    return last!.value;
  }

  /** Windows that follow each other and end where everything has been read, oldest first. */
  async past(
    read: ReadSeries,
    projectId: string,
    rule: AlertRule,
    throughMs: number,
    count: number,
  ): Promise<WindowValue[]> {
    const windowMs = rule.windowS * 1_000;
    const starts = Array.from({ length: count }, (_, index) => throughMs - (count - index) * windowMs);
    const question = {
      projectId,
      metric: rule.metric,
      filter: rule.filter,
      span: { from: new Date(starts[0]!), to: new Date(throughMs) },
      starts,
      settledBefore: settledBefore(throughMs),
    };
    const rows = await read(this.series.statement(question));
    return this.series
      .fill(question, rows)
      .map((value, index) => ({ windowEndMs: starts[index]! + windowMs, value }));
  }
}
