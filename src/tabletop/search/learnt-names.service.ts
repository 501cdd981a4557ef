import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import {
  IdempotencyService,
  type IdempotentRequest,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import { decodeCursor, type Page, toPage } from '../../platform/http/keyset.js';
import type { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { CampaignAccess } from '../campaigns/campaign-access.service.js';
import { bareLetters } from '../names/name-text.js';
import { CampaignChanges } from '../objects/campaign-changes.service.js';
import { ObjectReader } from '../objects/object-reader.service.js';
import { emptySearch, roleTooLow, tooMany, unknownCorrection, unknownObject } from '../tabletop.errors.js';
import { type LearntNameRow, LearntNamesRepository } from './learnt-names.repository.js';
import type { CorrectionDto, LearntNameDto } from './search.dto.js';
import { toLearntNameDto } from './search.mapper.js';
import { SecretWords } from './secret-words.service.js';

const MOST_PER_OBJECT = 50;

/** Aliases that a table teaches: what was heard, and what was meant. */
@Injectable()
export class LearntNames {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly access: CampaignAccess,
    private readonly reader: ObjectReader,
    private readonly names: LearntNamesRepository,
    private readonly changes: CampaignChanges,
    private readonly idempotency: IdempotencyService,
    private readonly secrets: SecretWords,
  ) {}

  /**
   * By players and masters; a master's is the masters' own unless they say otherwise. Said again it is the one that there is.
   * @throws DomainError unknown campaign or object; an observer; nothing that can be heard; words of a secret; as many as an object may have
   */
  async learn(
    caller: Principal,
    campaignId: string,
    wish: CorrectionDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<LearntNameDto>> {
    if (bareLetters(wish.heard) === '') throw emptySearch();
    // It lies in the clear, in the names in memory and in the campaign's log.
    const asking = await this.uow.run(caller, (tx) => this.access.require(tx, caller, campaignId, 'player'));
    await this.secrets.refuseQuotes(asking, wish.heard, '/heard');
    return this.uow.run(caller, (tx) =>
      this.idempotency.once(tx, caller, request, 201, async () => {
        const seat = await this.access.require(tx, caller, campaignId, 'player');
        const { object } = await this.reader.find(tx, caller, null, wish.objectId);
        if (object.campaignId !== seat.campaignId) throw unknownObject();
        const isMaster = seat.role === 'gm';
        if (wish.isForMasters === true && !isMaster) throw roleTooLow('gm');
        if ((await this.names.countOf(tx, object.id)) >= MOST_PER_OBJECT)
          throw tooMany(MOST_PER_OBJECT, 'corrections of one object');
        const row = await this.names.insertOnce(tx, {
          id: uuidv7(),
          campaignId: seat.campaignId,
          objectId: object.id,
          heard: wish.heard.trim(),
          isForMasters: wish.isForMasters ?? isMaster,
        });
        await this.changes.record(tx, caller, {
          campaignId: seat.campaignId,
          objectId: object.id,
          kind: 'correction',
          action: 'learnt',
          after: shown(row),
        });
        return toLearntNameDto(row);
      }),
    );
  }

  /** Those of objects that the caller sees, newest first. @throws DomainError unknown campaign */
  list(caller: Principal, campaignId: string, query: PageQueryDto): Promise<Page<LearntNameDto>> {
    const before = query.cursor === undefined ? null : decodeCursor(query.cursor, ['string'] as const)[0];
    return this.uow.run(caller, async (tx) => {
      const seat = await this.access.require(tx, caller, campaignId);
      const rows = await tx.query<LearntNameRow>(
        this.names.listPage(seat.campaignId, before, query.limit + 1),
      );
      return toPage(rows, query.limit, ({ id }) => [id], toLearntNameDto);
    });
  }

  /** By masters. @throws DomainError unknown campaign or correction; a role below a master's */
  async forget(caller: Principal, campaignId: string, id: string): Promise<void> {
    await this.uow.run(caller, async (tx) => {
      const seat = await this.access.require(tx, caller, campaignId, 'gm');
      const row = isUuid(id) ? await this.names.deleteOne(tx, seat.campaignId, id) : null;
      if (row === null) throw unknownCorrection();
      await this.changes.record(tx, caller, {
        campaignId: seat.campaignId,
        objectId: row.objectId,
        kind: 'correction',
        action: 'forgotten',
        before: shown(row),
      });
    });
  }
}

function shown({ heard, isForMasters }: LearntNameRow): object {
  return { heard, isForMasters };
}
