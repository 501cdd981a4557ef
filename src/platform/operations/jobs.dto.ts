import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { JOB_STATES, type JobState } from '../jobs/job.entity.js';
import { PageQueryDto } from '../http/page-query.dto.js';

/** Progress in units of the job's own. */
export class JobProgressDto {
  done: number;
  /** Null while it is not known. */
  total: number | null;
  /** What it is at. */
  note: string | null;
}

export class JobDto {
  id: string;
  /** `<domain>.<verb-noun>` */
  name: string;
  queue: string;
  /**
   * `waiting` for its children, `open` until a worker's relay has taken it, `relayed` until its end, then `done`, `dead`
   * (failed for good) or `cancelled`.
   */
  state: JobState;
  /** It runs still, and has been told to stop. */
  isCancelRequested: boolean;
  /** Tries that have failed. */
  attempts: number;
  progress: JobProgressDto | null;
  /** What the last failed try said. */
  error: string | null;
  createdAt: string;
  /** Not started before this instant. */
  runAt: string;
  /** Null for jobs that have not started, and for short ones without progress. */
  startedAt: string | null;
  finishedAt: string | null;
}

export class JobsDto {
  items: JobDto[];
  nextCursor: string | null;
}

export class JobsQueryDto extends PageQueryDto {
  /** Only jobs in this state. */
  @ApiPropertyOptional({ enum: JOB_STATES })
  @IsOptional()
  @IsIn(JOB_STATES)
  state?: JobState;

  /** Only jobs of this name. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(100)
  name?: string;
}
