import { Injectable } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import { nothingToChange } from '../market.errors.js';
import type { ObservationDto } from '../prices/prices.dto.js';
import { toObservationDto } from '../prices/prices.mapper.js';
import {
  type ObservationInGame,
  ObservationLane,
  type ObservationPlace,
} from './observation-lane.service.js';
import type { ObservationChangeDto } from './observations.dto.js';
import { ObservationsRepository, type RowKey } from './observations.repository.js';

/** Corrections of single observations. Safe to repeat: a second edit changes nothing more, a second delete finds nothing. */
@Injectable()
export class ObservationsService {
  constructor(
    private readonly lane: ObservationLane,
    private readonly observations: ObservationsRepository,
    private readonly audit: Audit,
  ) {}

  /** @throws DomainError unknown game, server or observation; nothing to change */
  change(
    principal: Principal,
    place: ObservationPlace | ObservationInGame,
    { unitPrice, lots }: ObservationChangeDto,
  ): Promise<ObservationDto> {
    if (unitPrice === undefined && lots === undefined) throw nothingToChange('Give unitPrice, lots or both.');
    return this.lane.run(principal, place, async (tx, row) => {
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
    return this.lane.run(principal, place, async (tx, row) => {
      await this.observations.deleteObservation(tx, row);
      await this.audit.record(tx, principal, {
        action: 'market.observation-deleted',
        object: { type: 'market.observation', id: String(place.id) },
        before: { ...placeOf(row), unitPrice: row.price, lots: row.lots },
      });
    });
  }
}

function placeOf({ serverId, itemId, capturedAt, sourceId }: RowKey): object {
  return { serverId, itemId, capturedAt, sourceId };
}
