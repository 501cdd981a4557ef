import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { CatalogDirectory } from '../catalog/catalog-directory.service.js';
import { IngestRepository } from '../ingest/ingest.repository.js';
import { ServerLanes } from '../ingest/server-lanes.service.js';
import { nothingToChange, unknownObservation } from '../market.errors.js';
import type { ObservationDto } from '../prices/prices.dto.js';
import { toObservationDto } from '../prices/prices.mapper.js';
import { RollupRequests } from '../rollups/rollup-requests.service.js';
import type { ObservationChangeDto } from './observations.dto.js';
import { type FoundRow, ObservationsRepository, type RowKey } from './observations.repository.js';

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

/**
 * Corrections of single observations. They take the server's lane as the ingest does, so that `latest` and raw rows cannot
 * part, and mark the day for the rollups. Safe to repeat: a second edit changes nothing more, a second delete finds nothing.
 */
@Injectable()
export class ObservationsService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly directory: CatalogDirectory,
    private readonly observations: ObservationsRepository,
    private readonly ingest: IngestRepository,
    private readonly lanes: ServerLanes,
    private readonly rollups: RollupRequests,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError unknown game, server or observation; nothing to change */
  change(
    principal: Principal,
    place: ObservationPlace | ObservationInGame,
    { unitPrice, lots }: ObservationChangeDto,
  ): Promise<ObservationDto> {
    if (unitPrice === undefined && lots === undefined) throw nothingToChange('Give unitPrice, lots or both.');
    return this.inLane(principal, place, async (tx, row) => {
      const after = toObservationDto(
        await this.observations.updateObservation(tx, row, { price: unitPrice, lots }),
      );
      await this.audit.record(tx, principal, {
        action: 'market.observation-changed',
        object: { type: 'market.observation', id: String(place.id) },
        before: { ...placeOf(row), unitPrice: row.price, lots: row.lots },
        after: { ...placeOf(row), unitPrice: after.unitPrice, lots: after.lots },
      });
      return after;
    });
  }

  /** @throws DomainError unknown game, server or observation */
  remove(principal: Principal, place: ObservationPlace | ObservationInGame): Promise<void> {
    return this.inLane(principal, place, async (tx, row) => {
      await this.observations.deleteObservation(tx, row);
      await this.audit.record(tx, principal, {
        action: 'market.observation-deleted',
        object: { type: 'market.observation', id: String(place.id) },
        before: { ...placeOf(row), unitPrice: row.price, lots: row.lots },
      });
    });
  }

  private async inLane<T>(
    principal: Principal,
    place: ObservationPlace | ObservationInGame,
    work: (tx: Tx, row: FoundRow) => Promise<T>,
  ): Promise<T> {
    const serverId = await this.serverIdOf(principal, place);
    return this.lanes.run([serverId], () =>
      this.uow.run(principal, async (tx) => {
        await this.ingest.lockLane(tx, serverId);
        const row = await this.observations.findRow(tx, serverId, place.id);
        if (row === null) throw unknownObservation();
        const isLatest = await this.observations.isLatest(tx, serverId, row.itemId, place.id);
        const result = await work(tx, row);
        if (isLatest) await this.observations.deriveLatest(tx, serverId, row.itemId);
        await this.rollups.markRows(tx, serverId, {
          itemIds: Int32Array.of(row.itemId),
          capturedAtMs: Float64Array.of(row.capturedAtMs),
        });
        await this.observations.bumpVersion(tx, serverId);
        return result;
      }),
    );
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

function placeOf({ serverId, itemId, capturedAt, sourceId }: RowKey): object {
  return { serverId, itemId, capturedAt, sourceId };
}
