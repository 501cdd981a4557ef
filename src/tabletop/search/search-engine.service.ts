import { Injectable } from '@nestjs/common';
import type { Seat } from '../campaigns/campaign-access.service.js';
import { IndexEngine, type NoAnswer } from '../search-index/index-engine.service.js';
import type { Found } from './found.js';
import { PostgresEngine } from './postgres-engine.service.js';
import type { SearchFilter } from './search.repository.js';

export interface Answered {
  readonly found: Found;
  /** null = not told, see `toldTo`. */
  readonly engine: 'postgresql' | 'search-server' | null;
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
    if (!this.index.isOn)
      return {
        found: await this.postgres.find(seat, granted, filter, text),
        engine: 'postgresql',
        standsInFor: null,
      };
    const found = await this.index.find(seat, granted, filter, text);
    if (typeof found !== 'string') return toldTo(seat, { found, engine: 'search-server', standsInFor: null });
    const own = await this.postgres.find(seat, granted, filter, text);
    return toldTo(seat, { found: own, engine: 'postgresql', standsInFor: found });
  }
}

/** An index is behind while somebody writes, perhaps what players must not know of: they are not told which engine it was, unless the server is down. */
function toldTo({ role }: Seat, answered: Answered): Answered {
  if (role === 'gm') return answered;
  return { ...answered, engine: null, standsInFor: answered.standsInFor === 'down' ? 'down' : null };
}
