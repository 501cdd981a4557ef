import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { IngestRepository } from '../ingest/ingest.repository.js';
import { ServerLanes } from '../ingest/server-lanes.service.js';
import { unknownObservation } from '../market.errors.js';
import { RollupRequests } from '../rollups/rollup-requests.service.js';
import { type FoundRow, ObservationsRepository } from './observations.repository.js';

/** How an observation is named in paths. */
export interface ObservationPlace {
  game: string;
  server: string;
  id: number;
}

/** The same for clients that know ids only. */
export interface ObservationInGame {
  game: string;
  id: number;
}

/** The same in the lane of its server. */
export interface ObservationInLane {
  serverId: number;
  id: number;
}

/**
 * Where single observations are looked at and changed: in the server's lane, as the ingest works. What is derived of the day follows
 * within seconds.
 */
@Injectable()
export class ObservationLane {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly observations: ObservationsRepository,
    private readonly ingest: IngestRepository,
    private readonly lanes: ServerLanes,
    private readonly rollups: RollupRequests,
  ) {}

  /** @throws DomainError unknown game, server or observation, and whatever `work` throws */
  async run<T>(
    principal: Principal,
    place: ObservationPlace | ObservationInGame,
    work: (tx: Tx, row: FoundRow) => Promise<T>,
  ): Promise<T> {
    const serverId = await this.serverIdOf(principal, place);
    return this.lanes.run([serverId], () =>
      this.uow.run(principal, async (tx) => {
        await this.ingest.lockLane(tx, serverId);
        return this.within(tx, { serverId, id: place.id }, work);
      }),
    );
  }

  /** The same in a transaction that is in the server's lane. @throws DomainError unknown observation, and whatever `work` throws */
  async within<T>(
    tx: Tx,
    { serverId, id }: ObservationInLane,
    work: (tx: Tx, row: FoundRow) => Promise<T>,
  ): Promise<T> {
    const row = await this.observations.findRow(tx, serverId, id);
    if (row === null) throw unknownObservation();
    const result = await work(tx, row);
    await this.rollups.markRows(tx, serverId, {
      itemIds: Int32Array.of(row.itemId),
      capturedAtMs: Float64Array.of(row.capturedAtMs),
    });
    await this.observations.bumpVersion(tx, serverId);
    return result;
  }

  private async serverIdOf(
    principal: Principal,
    place: ObservationPlace | ObservationInGame,
  ): Promise<number> {
    if ('server' in place) return (await this.directory.server(place.game, place.server)).id;
    const game = await this.directory.game(place.game);
    const statement = this.observations.serverStatement(game.id, place.id);
    const [found] = await this.uow.read<{ serverId: number }>(principal, statement);
    if (!found) throw unknownObservation();
    return found.serverId;
  }
}
