import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { decodeCursor, type Page, toPage } from '../../platform/http/keyset.js';
import { assertRole, CampaignAccess } from '../campaigns/campaign-access.service.js';
import { staleObject } from '../tabletop.errors.js';
import { CampaignChanges } from './campaign-changes.service.js';
import { CampaignObjects } from './campaign-objects.service.js';
import { type ChangeRow, ChangesRepository } from './changes.repository.js';
import { OBJECT_KINDS, type ObjectKind } from './object-kinds.js';
import { ObjectReader } from './object-reader.service.js';
import type {
  AnyObjectDto,
  CampaignLogEntryDto,
  CampaignLogQueryDto,
  ObjectsQueryDto,
} from './objects.dto.js';
import { toAnyObjectDto, toCampaignLogEntryDto } from './objects.mapper.js';
import { ObjectsRepository } from './objects.repository.js';

/** Objects of every kind alike: lists over kinds, what was deleted, what was changed. */
@Injectable()
export class ObjectsService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly access: CampaignAccess,
    private readonly objects: CampaignObjects,
    private readonly reader: ObjectReader,
    private readonly rows: ObjectsRepository,
    private readonly changeRows: ChangesRepository,
    private readonly changes: CampaignChanges,
  ) {}

  /** What the caller sees, by name. @throws DomainError unknown campaign; deleted ones for others than masters */
  list(caller: Principal, campaignId: string, query: ObjectsQueryDto): Promise<Page<AnyObjectDto>> {
    const after =
      query.cursor === undefined ? null : decodeCursor(query.cursor, ['string', 'string'] as const);
    const kinds = (query.kinds?.split(',') as ObjectKind[] | undefined) ?? OBJECT_KINDS;
    const isDeleted = query.deleted === 'true';
    return this.uow.run(caller, async (tx) => {
      const seat = await this.access.require(tx, caller, campaignId, isDeleted ? 'gm' : 'observer');
      const filter = { kinds, tag: query.tag, namePrefix: query.name, isDeleted };
      const rows = await this.objects.list(tx, seat, filter, after, query.limit + 1);
      return toPage(
        rows,
        query.limit,
        ({ name, id }) => [name, id],
        (row) => toAnyObjectDto(row, seat),
      );
    });
  }

  /** @throws DomainError unknown object */
  find(caller: Principal, id: string): Promise<AnyObjectDto> {
    return this.uow.run(caller, async (tx) => {
      const { object, seat } = await this.reader.find(tx, caller, null, id);
      return toAnyObjectDto(object, seat);
    });
  }

  /** By masters. Safe to repeat. @throws DomainError unknown object; a role below a master's */
  restore(caller: Principal, id: string): Promise<AnyObjectDto> {
    return this.uow.run(caller, async (tx) => {
      const { object, seat } = await this.reader.lock(tx, caller, null, id, { withDeleted: true });
      assertRole(seat, 'gm');
      if (object.deletedAt === null) return toAnyObjectDto(object, seat);
      if (!(await this.rows.updateDeleted(tx, id, object.version, null))) throw staleObject(object.version);
      await this.changes.record(tx, caller, {
        campaignId: seat.campaignId,
        objectId: object.id,
        kind: object.kind,
        action: 'restored',
      });
      return toAnyObjectDto((await this.reader.find(tx, caller, null, id)).object, seat);
    });
  }

  /** The campaign's log, newest first. @throws DomainError unknown campaign; a role below a master's */
  log(caller: Principal, campaignId: string, query: CampaignLogQueryDto): Promise<Page<CampaignLogEntryDto>> {
    const before = query.cursor === undefined ? null : decodeCursor(query.cursor, ['number'] as const)[0];
    return this.uow.run(caller, async (tx) => {
      const seat = await this.access.require(tx, caller, campaignId, 'gm');
      const rows = await tx.query<ChangeRow>(
        this.changeRows.listPage(
          seat.campaignId,
          { objectId: query.objectId, actorId: query.actorId },
          before === null ? null : String(before),
          query.limit + 1,
        ),
      );
      return toPage(rows, query.limit, ({ id }) => [Number(id)], toCampaignLogEntryDto);
    });
  }
}
