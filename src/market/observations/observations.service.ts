import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { PriceHistory } from '../ingest/price-history.service.js';
import { nothingToChange } from '../market.errors.js';
import type { ObservationDto } from '../prices/prices.dto.js';
import { toObservationDto } from '../prices/prices.mapper.js';
import {
  type ObservationInGame,
  type ObservationInLane,
  ObservationLane,
  type ObservationPlace,
} from './observation-lane.service.js';
import type { ObservationChangeDto } from './observations.dto.js';
import {
  type FoundRow,
  type GoneRow,
  ObservationsRepository,
  type RowKey,
} from './observations.repository.js';

/**
 * Corrections of single observations. Safe to repeat: a second edit changes nothing more, a second delete finds nothing. A curator's
 * word stands: the client that sends the price once more does not bring it back. A price that was wrong was wrong each time it was seen, so what
 * only repeats it goes with it.
 */
@Injectable()
export class ObservationsService {
  constructor(
    private readonly lane: ObservationLane,
    private readonly observations: ObservationsRepository,
    private readonly history: PriceHistory,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError unknown game, server or observation; nothing to change */
  change(
    principal: Principal,
    place: ObservationPlace | ObservationInGame,
    change: ObservationChangeDto,
  ): Promise<ObservationDto> {
    if (change.unitPrice === undefined && change.lots === undefined)
      throw nothingToChange('Give unitPrice, lots or both.');
    return this.lane.run(principal, place, (tx, row) => this.correct(tx, principal, place.id, row, change));
  }

  /** Corrects a price in a transaction that is in the server's lane. @throws DomainError unknown observation */
  async changePriceWithin(
    tx: Tx,
    principal: Principal,
    place: ObservationInLane,
    unitPrice: number,
  ): Promise<void> {
    await this.lane.within(tx, place, (_tx, row) =>
      this.correct(tx, principal, place.id, row, { unitPrice }),
    );
  }

  /** @throws DomainError unknown game, server or observation */
  remove(principal: Principal, place: ObservationPlace | ObservationInGame): Promise<void> {
    return this.lane.run(principal, place, async (tx, row) => {
      await this.observations.deleteObservation(tx, row);
      const gone = await this.decide(tx, row, true);
      await this.audit.record(tx, principal, {
        action: 'market.observation-deleted',
        object: { type: 'market.observation', id: String(place.id) },
        before: { ...placeOf(row), unitPrice: row.price, lots: row.lots, ...gone },
      });
    });
  }

  private async correct(
    tx: Tx,
    principal: Principal,
    id: number,
    row: FoundRow,
    { unitPrice, lots }: ObservationChangeDto,
  ): Promise<ObservationDto> {
    const after = toObservationDto(
      await this.observations.updateObservation(tx, row, { price: unitPrice, lots }),
    );
    const gone = await this.decide(tx, row, after.unitPrice !== row.price);
    await this.audit.record(tx, principal, {
      action: 'market.observation-changed',
      object: { type: 'market.observation', id: String(id) },
      before: { ...placeOf(row), unitPrice: row.price, lots: row.lots, ...gone },
      after: { ...placeOf(row), unitPrice: after.unitPrice, lots: after.lots },
    });
    return after;
  }

  /**
   * @param isWrong the price was, not only the lots
   * @returns what was withheld and goes with it: repeats, and what its source said of the instant besides
   */
  private async decide(tx: Tx, row: FoundRow, isWrong: boolean): Promise<{ withheld?: GoneRow[] }> {
    const withheld = await this.observations.insertDecided(tx, row);
    if (isWrong) withheld.push(...(await this.observations.insertRepeatsDecided(tx, row, row.price)));
    await this.history.settle(tx, row.serverId, row.itemId, row.capturedAtMs);
    return withheld.length > 0 ? { withheld } : {};
  }
}

function placeOf({ serverId, itemId, capturedAt, sourceId }: RowKey): object {
  return { serverId, itemId, capturedAt, sourceId };
}
