import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { decodeCursor, type Page, toPage } from '../../platform/http/keyset.js';
import type { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { CampaignAccess } from '../campaigns/campaign-access.service.js';
import { ObjectReader } from '../objects/object-reader.service.js';
import type { ObjectRow } from '../objects/objects.repository.js';
import { unknownObject } from '../tabletop.errors.js';
import { toAsker } from './asker.js';
import type { MentionDto, RelatedObjectsDto } from './mentions.dto.js';
import { toMentionDto, toRelatedObjectDto } from './mentions.mapper.js';
import { type MentioningRow, MentionsRepository, type RelatedRow } from './mentions.repository.js';
import type { Asker } from './search.repository.js';

const MOST_RELATED = 20;

/** Where something is spoken of, and what it may have to do with. */
@Injectable()
export class Mentions {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly access: CampaignAccess,
    private readonly reader: ObjectReader,
    private readonly rows: MentionsRepository,
  ) {}

  /** Newest first. @throws DomainError unknown campaign or object */
  async list(
    caller: Principal,
    campaignId: string,
    objectId: string,
    query: PageQueryDto,
  ): Promise<Page<MentionDto>> {
    const after = query.cursor === undefined ? null : decodeCursor(query.cursor, ['string'] as const)[0];
    const { asker, object } = await this.find(caller, campaignId, objectId);
    const rows = await this.system.read<MentioningRow>(
      SYSTEM_SCOPE,
      this.rows.listMentioning(asker, object.id, namesOf(object), after, query.limit + 1),
    );
    return toPage(rows, query.limit, ({ id }) => [id], toMentionDto);
  }

  /** What is not linked to it, with the reasons for which it might be. @throws DomainError unknown campaign or object */
  async related(caller: Principal, campaignId: string, objectId: string): Promise<RelatedObjectsDto> {
    const { asker, object } = await this.find(caller, campaignId, objectId);
    const rows = await this.system.read<RelatedRow>(
      SYSTEM_SCOPE,
      this.rows.listRelated(asker, object.id, namesOf(object), MOST_RELATED),
    );
    return { items: rows.map(toRelatedObjectDto) };
  }

  private find(
    caller: Principal,
    campaignId: string,
    objectId: string,
  ): Promise<{ asker: Asker; object: ObjectRow }> {
    return this.uow.run(caller, async (tx) => {
      const seat = await this.access.require(tx, caller, campaignId);
      const { object } = await this.reader.find(tx, caller, null, objectId);
      if (object.campaignId !== seat.campaignId) throw unknownObject();
      return { asker: toAsker(seat), object };
    });
  }
}

function namesOf({ name, aliases }: ObjectRow): string[] {
  return [name, ...aliases];
}
