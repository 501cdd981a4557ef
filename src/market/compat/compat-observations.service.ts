import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit.service.js';
import type { Principal } from '../../platform/auth/principal.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import { batchEvent } from '../ingest/batch-event.js';
import { IngestService, type StoredIds } from '../ingest/ingest.service.js';
import type { ObservationInGame } from '../observations/observation-lane.service.js';
import { ObservationsService } from '../observations/observations.service.js';
import {
  observationIdSchema,
  observationPriceSchema,
  observationSchema,
  readBody,
} from './compat-body.reader.js';
import { MARKET_ERROR } from '../market.errors.js';
import { passOver } from './compat.errors.js';
import { COMPAT_GAME } from './compat-game.js';
import { formatInstant } from './compat-instant.js';
import type {
  CompatObservationAddedDto,
  CompatObservationChangedDto,
  CompatObservationDeletedDto,
} from './compat-observations.dto.js';
import {
  CompatObservationsRepository,
  type HandClaim,
  type StoredObservationRow,
} from './compat-observations.repository.js';
import { type CompatRequest, CompatResources, replyOf } from './compat-resources.service.js';
import { CompatServersService } from './compat-servers.service.js';

/** As the original names what the web page adds by hand. */
const BY_HAND = 'manual_web_edit';

/**
 * Single observations as the web page corrects them. Added ones go through the door of the ingest, so that nothing is lost or
 * counted twice; where the original stores a repeated price once more, the answer here is the row that says it already. A second
 * price for the same moment corrects the first. As there, an id that is not known is no failure.
 */
@Injectable()
export class CompatObservations implements OnModuleInit {
  private readonly schema = observationSchema(Date.now);

  constructor(
    private readonly resources: CompatResources,
    private readonly servers: CompatServersService,
    private readonly ingest: IngestService,
    private readonly observations: ObservationsService,
    private readonly rows: CompatObservationsRepository,
    private readonly audit: Audit,
  ) {}

  onModuleInit(): void {
    this.resources.register('market_v2', 'observations', {
      POST: async (request) => replyOf(await this.add(request)),
      PUT: async (request) => replyOf(await this.change(request)),
      DELETE: async (request) => replyOf(await this.remove(request)),
    });
  }

  private async add({ principal, body }: CompatRequest): Promise<CompatObservationAddedDto> {
    const sent = readBody(this.schema, body);
    const servers = await this.servers.ensure(principal, COMPAT_GAME, [sent.server]);
    const server = servers.get(sent.server)!;
    const { price_unit_avg: price, captured_at: capturedAtMs, item_name: label } = sent;
    const claim = { serverId: server.id, gameId: server.gameId, label, capturedAtMs, source: BY_HAND };
    const observation = {
      externalId: null,
      name: label,
      category: null,
      price,
      lots: 1,
      capturedAtMs,
      source: BY_HAND,
      sourceVersion: '',
    };
    const batches = [{ server, observations: [observation] }];
    let isKnown = false;
    const first = async (tx: Tx): Promise<void> => {
      isKnown = await this.makeWay(tx, principal, claim, price);
    };
    const answer = async (
      stored: StoredIds[],
      tx: Tx,
      displacedCounts: readonly number[],
    ): Promise<StoredObservationRow> => {
      if (!isKnown || stored[0]![0] !== null)
        await this.audit.record(tx, principal, batchEvent(batches, stored, displacedCounts));
      return this.rows.getStored(tx, claim, price);
    };
    const { body: row } = await this.ingest.store(principal, batches, undefined, answer, { first });
    return { status: 'ok', data: toStoredDto(row) };
  }

  /**
   * A row of that very moment says what is said now; without one, nothing that was decided of the moment stands against it.
   * @returns whether there is a row
   */
  private async makeWay(tx: Tx, principal: Principal, claim: HandClaim, price: number): Promise<boolean> {
    const { serverId } = claim;
    const own = await this.rows.findOwn(tx, claim);
    if (own) {
      if (own.price !== price)
        await this.observations.changePriceWithin(tx, principal, { serverId, id: own.id }, price);
      return true;
    }
    for (const before of await this.rows.deleteForgone(tx, claim)) {
      const object = { type: 'market.server', id: String(serverId) };
      await this.audit.record(tx, principal, { action: 'market.observation-reopened', object, before });
    }
    return false;
  }

  private async change({ principal, body }: CompatRequest): Promise<CompatObservationChangedDto> {
    const { id, price_unit_avg: unitPrice } = readBody(observationPriceSchema, body);
    await this.observations
      .change(principal, inGame(id), { unitPrice })
      .catch(passOver(MARKET_ERROR.unknownObservation));
    return { status: 'ok', updated_id: id };
  }

  private async remove({ principal, body }: CompatRequest): Promise<CompatObservationDeletedDto> {
    const { id } = readBody(observationIdSchema, body);
    await this.observations.remove(principal, inGame(id)).catch(passOver(MARKET_ERROR.unknownObservation));
    return { status: 'ok', deleted_id: id };
  }
}

function inGame(id: number): ObservationInGame {
  return { game: COMPAT_GAME, id };
}

function toStoredDto(row: StoredObservationRow): CompatObservationAddedDto['data'] {
  return {
    id: row.id,
    item_id: row.itemId,
    server: row.server,
    price_unit_avg: row.price,
    captured_at: formatInstant(row.seenAtUtc),
    nb_lots: row.lots,
    source_client: row.source,
  };
}
