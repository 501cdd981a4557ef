import type { JobRow } from '../jobs/jobs.repository.js';
import type { JobDto } from './jobs.dto.js';

export function toJobDto(job: JobRow): JobDto {
  return {
    id: job.id,
    name: job.name,
    queue: job.queue,
    state: job.state,
    isCancelRequested: job.isCancelRequested,
    attempts: job.attempts,
    progress: job.progress && {
      done: job.progress.done,
      total: job.progress.total,
      note: job.progress.note ?? null,
    },
    error: job.error,
    createdAt: job.createdAt.toISOString(),
    runAt: job.runAt.toISOString(),
    startedAt: job.startedAt?.toISOString() ?? null,
    finishedAt: job.finishedAt?.toISOString() ?? null,
  };
}
