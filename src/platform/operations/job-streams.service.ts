import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import type { EventSink } from '../http/event-sink.js';
import { EventStreams } from '../http/event-streams.service.js';
import { eventBytes } from '../http/event-text.js';
import type { JobRow } from '../jobs/jobs.repository.js';
import { ENDS, JobWatcher } from './job-watcher.service.js';
import { JobsDesk } from './jobs-desk.service.js';
import { toJobDto } from './jobs.mapper.js';

/** Tells callers of their own jobs as they go on. */
@Injectable()
export class JobStreams {
  constructor(
    private readonly desk: JobsDesk,
    private readonly watcher: JobWatcher,
    private readonly streams: EventStreams,
  ) {}

  /**
   * The job now and after each change, until its end; nothing for a client that has seen the end.
   * @param lastEventId version of the last event that the client has
   * @throws DomainError for a job that is unknown and for a caller who has too many streams
   */
  async open(caller: Principal, id: string, lastEventId: string | undefined, sink: EventSink): Promise<void> {
    const seen = /^\d{1,9}$/.test(lastEventId ?? '') ? Number(lastEventId) : 0;
    const job = await this.desk.get(caller, id);
    if (seen >= job.version && ENDS.has(job.state)) return sink.endEmpty();
    let stop = (): void => undefined;
    const stream = this.streams.open(caller, sink, () => stop());
    stop = this.watcher.watch(id, seen, {
      changed: (row) => stream.send(jobEvent(row)),
      ended: () => stream.end('over'),
    });
  }
}

function jobEvent(job: JobRow): Buffer {
  return eventBytes('job', String(job.version), JSON.stringify(toJobDto(job)));
}
