import { SetMetadata } from '@nestjs/common';
import type { AnyJob } from './job-definition.js';

export const HANDLES_JOB_METADATA = 'guildhall:handles-job';

/** Declares the provider (a `JobHandler`) as the one that runs jobs of this definition. Boot fails on none or two. */
export const HandlesJob = (definition: AnyJob): ClassDecorator =>
  SetMetadata(HANDLES_JOB_METADATA, definition);
