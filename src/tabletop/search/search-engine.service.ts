import { Injectable } from '@nestjs/common';
import type { Seat } from '../campaigns/campaign-access.service.js';
import { IndexEngine, type NoAnswer } from '../search-index/index-engine.service.js';
import type { Found } from './found.js';
import { PostgresEngine } from './postgres-engine.service.js';
import type { SearchFilter } from './search.repository.js';

export interface Answered {
  readonly found: Found;
  readonly engine: 'postgresql' | 'search-server';
  /** Why it was not the search server, where one is configured. */
  readonly standsInFor: NoAnswer | null;
}

/** The search server where one is configured and knows everything that is committed; PostgreSQL otherwise. */
@Injectable()
export class SearchEngine {
  constructor(
    private readonly postgres: PostgresEngine,
    private readonly index: IndexEngine,
  ) {}

  /** @param granted ids of what is lent to them @param text '' = whatever the filter leaves */
  async find(seat: Seat, granted: readonly string[], filter: SearchFilter, text: string): Promise<Answered> {
    const found = this.index.isOn ? await this.index.find(seat, granted, filter, text) : null;
    if (found !== null && typeof found !== 'string')
      return { found, engine: 'search-server', standsInFor: null };
    return {
      found: await this.postgres.find(seat, granted, filter, text),
      engine: 'postgresql',
      standsInFor: found,
    };
  }
}
