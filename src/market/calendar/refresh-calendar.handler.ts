import { Injectable } from '@nestjs/common';
import { HandlesJob } from '../../platform/jobs/handles-job.js';
import type { JobHandler, JobRun } from '../../platform/jobs/job-definition.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { OutboundError } from '../../platform/outbound/outbound.errors.js';
import { CalendarRefresh } from './calendar-refresh.service.js';
import { REFRESH_CALENDAR } from './calendar.jobs.js';

@Injectable()
@HandlesJob(REFRESH_CALENDAR)
export class RefreshCalendarHandler implements JobHandler<object> {
  constructor(
    private readonly calendar: CalendarRefresh,
    private readonly jobs: Jobs,
  ) {}

  /** Each portion is committed with its place, so a second run has only the rest to do. */
  async handle(_payload: object, run: JobRun): Promise<void> {
    try {
      const onProgress = run.progress.bind(run);
      await this.calendar.refresh({ nowMs: Date.now(), signal: run.signal, onProgress });
    } catch (error) {
      if (!(error instanceof OutboundError) || error.retryAfterMs === undefined) throw error;
      // The provider says when: a try before that would only be refused.
      const { retryAfterMs: delayMs } = error;
      await run.once((tx) => this.jobs.enqueueShared(tx, REFRESH_CALENDAR, [{}], { delayMs }));
    }
  }
}
