import { Inject, Injectable } from '@nestjs/common';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import type { Scope } from '../../platform/database/unit-of-work.js';
import { SyncDesk } from '../../platform/sync/sync-desk.service.js';
import { invalidQuery, unknownProject } from '../agent-analytics.errors.js';
import { type AskedRange, type Range, readRange, recent } from '../figures/range.js';
import { LANGFUSE_DOMAIN } from '../langfuse/langfuse.source.js';
import type { FreshnessDto } from './freshness.dto.js';

/** Which project is asked about, and how fresh what is known of it is. */
@Injectable()
export class Projects {
  constructor(
    @Inject(ENV) private readonly env: Pick<Env, 'langfuse'>,
    private readonly desk: SyncDesk,
  ) {}

  /** @param name undefined = the first of the settings @throws DomainError */
  resolve(name: string | undefined): string {
    const known = this.env.langfuse.map((project) => project.name);
    const found = name === undefined ? known[0] : known.find((own) => own === name);
    if (found === undefined) throw unknownProject();
    return found;
  }

  /** @throws DomainError where it is no range */
  range(asked: AskedRange): Range {
    const read = readRange(asked);
    if ('fault' in read) throw invalidQuery(read.field, read.fault);
    return read;
  }

  /** Of figures that are made of every row of the range. @throws DomainError where it is no range */
  recentRange(asked: AskedRange, nowMs = Date.now()): Range & { readonly from: Date } {
    return recent(this.range(asked), nowMs);
  }

  async freshness(scope: Scope, project: string): Promise<FreshnessDto> {
    const sources = await this.desk.listSources(scope, LANGFUSE_DOMAIN);
    const source = sources.find(({ id }) => id === `langfuse:${project}`);
    return {
      asOf: source?.lastSuccessAt?.toISOString() ?? null,
      completeThrough: source?.completeThrough?.toISOString() ?? null,
    };
  }
}
