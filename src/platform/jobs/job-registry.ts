import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { StartupError } from '../config/startup-error.js';
import { HANDLES_JOB_METADATA } from './handles-job.js';
import { JOB_CATALOG, type JobCatalog } from './job-catalog.js';
import type { AnyJob, JobHandler } from './job-definition.js';

export interface RegisteredJob {
  definition: AnyJob;
  handler: JobHandler<unknown>;
}

/** Which provider runs which job. Fails the boot unless every declared job has exactly one handler, and no other has one. */
@Injectable()
export class JobRegistry implements OnModuleInit {
  private readonly jobs = new Map<string, RegisteredJob>();

  constructor(
    @Inject(JOB_CATALOG) readonly catalog: JobCatalog,
    private readonly discovery: DiscoveryService,
  ) {}

  onModuleInit(): void {
    const faults: string[] = [];
    for (const { metatype, instance } of this.discovery.getProviders()) {
      if (typeof metatype !== 'function' || !instance) continue;
      const definition = Reflect.getMetadata(HANDLES_JOB_METADATA, metatype) as AnyJob | undefined;
      if (!definition) continue;
      const handler = instance as JobHandler<unknown>;
      const known = this.jobs.get(definition.name);
      if (!this.catalog.jobs.includes(definition))
        faults.push(`${metatype.name} handles ${definition.name}, which is not declared`);
      else if (known && known.handler !== handler) faults.push(`${definition.name} has two handlers`);
      else this.jobs.set(definition.name, { definition, handler });
    }
    for (const { name } of this.catalog.jobs) {
      if (!this.jobs.has(name)) faults.push(`${name} has no handler`);
    }
    if (faults.length > 0)
      throw new StartupError(`Jobs and their handlers do not match: ${faults.join('; ')}.`);
  }

  /** Names of all jobs that this process can run. */
  names(): string[] {
    return [...this.jobs.keys()];
  }

  find(name: string): RegisteredJob | undefined {
    return this.jobs.get(name);
  }
}
