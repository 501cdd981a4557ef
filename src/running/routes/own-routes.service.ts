import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { assertSeen, unknownRoute } from '../running.errors.js';
import { RoutesRepository, type UsedRouteRow } from './routes.repository.js';

/** A route that is about to be changed by its owner. A stranger's is as unknown here as one that never was. */
@Injectable()
export class OwnRoutes {
  constructor(private readonly routes: RoutesRepository) {}

  /** Until the end of the transaction nobody else changes the library. @param seen its version by If-Match @throws DomainError unknown, stale */
  async lock(tx: Tx, caller: Principal, id: string, seen: number | undefined): Promise<UsedRouteRow> {
    await this.routes.lockLibrary(tx, caller.id);
    const row = isUuid(id) ? await this.routes.findRoute(tx, caller.id, id) : null;
    if (row === null) throw unknownRoute();
    assertSeen(seen, row.version, 'route');
    return row;
  }
}
