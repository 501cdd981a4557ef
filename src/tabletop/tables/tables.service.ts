import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import {
  IdempotencyService,
  type IdempotentRequest,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import { decodeCursor, type Page, toPage } from '../../platform/http/keyset.js';
import type { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { CampaignAccess, type Seat } from '../campaigns/campaign-access.service.js';
import { CampaignObjects } from '../objects/campaign-objects.service.js';
import { ObjectReader } from '../objects/object-reader.service.js';
import type { ObjectRow } from '../objects/objects.repository.js';
import { assertSeen } from '../tabletop.errors.js';
import { readStoredTable } from './table-details.js';
import type {
  NewRandomTableDto,
  RandomTableChangeDto,
  RandomTableDto,
  RandomTableSummaryDto,
} from './tables.dto.js';
import { toRandomTableDto, toRandomTableSummaryDto } from './tables.mapper.js';
import { TablesRepository } from './tables.repository.js';
import { TableWriter } from './table-writer.service.js';

/** Tables to roll on. Masters make them; who sees one may read and roll it. */
@Injectable()
export class TablesService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly access: CampaignAccess,
    private readonly objects: CampaignObjects,
    private readonly reader: ObjectReader,
    private readonly writer: TableWriter,
    private readonly tables: TablesRepository,
    private readonly idempotency: IdempotencyService,
  ) {}

  /** @throws DomainError unknown campaign; a role below a master's; invalid table */
  create(
    caller: Principal,
    campaignId: string,
    { rows, dice, isDeck, variables, ...wish }: NewRandomTableDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<RandomTableDto>> {
    return this.uow.run(caller, (tx) =>
      this.idempotency.once(tx, caller, request, 201, async () => {
        const seat = await this.access.require(tx, caller, campaignId, 'gm');
        const table = await this.writer.judge(tx, seat.campaignId, null, { rows, dice, isDeck, variables });
        const row = await this.objects.create(tx, caller, seat, { ...wish, kind: 'table', details: table });
        return this.shown(tx, row, seat);
      }),
    );
  }

  /** By name. @throws DomainError unknown campaign */
  list(
    caller: Principal,
    campaignId: string,
    { cursor, limit }: PageQueryDto,
  ): Promise<Page<RandomTableSummaryDto>> {
    const after = cursor === undefined ? null : decodeCursor(cursor, ['string', 'string'] as const);
    return this.uow.run(caller, async (tx) => {
      const seat = await this.access.require(tx, caller, campaignId);
      const rows = await this.objects.list(tx, seat, { kinds: ['table'] }, after, limit + 1);
      return toPage(
        rows,
        limit,
        ({ name, id }) => [name, id],
        (row) => toRandomTableSummaryDto(row, seat),
      );
    });
  }

  /** @throws DomainError unknown object */
  find(caller: Principal, id: string): Promise<RandomTableDto> {
    return this.uow.run(caller, async (tx) => {
      const { object, seat } = await this.objects.find(tx, caller, 'table', id);
      return this.shown(tx, object, seat);
    });
  }

  /** @throws DomainError unknown object, stale, invalid table, one that the caller may see and not write */
  change(
    caller: Principal,
    id: string,
    { rows, dice, isDeck, variables, ...wish }: RandomTableChangeDto,
    seen: number | undefined,
  ): Promise<RandomTableDto> {
    const isOfRows =
      rows !== undefined || dice !== undefined || isDeck !== undefined || variables !== undefined;
    return this.uow.run(caller, async (tx) => {
      // Whoever may read it and no more is told so before anything of its rows is judged.
      const { object, seat } = await this.reader.lock(tx, caller, 'table', id);
      assertSeen(object.version, seen);
      if (!isOfRows)
        return this.shown(tx, await this.objects.change(tx, caller, 'table', id, wish, seen), seat);
      const before = readStoredTable(object.details);
      const details = await this.writer.judge(
        tx,
        object.campaignId,
        object.id,
        {
          rows: rows ?? before.rows,
          dice: dice === undefined ? before.dice : dice,
          isDeck: isDeck ?? before.isDeck,
          variables: variables ?? before.variables,
        },
        before,
      );
      return this.shown(tx, await this.objects.change(tx, caller, 'table', id, { ...wish, details }), seat);
    });
  }

  /** By masters; tables that ask it cannot be rolled until it is restored. @throws DomainError unknown object, stale, a role below a master's */
  async remove(caller: Principal, id: string, seen: number | undefined): Promise<void> {
    await this.uow.run(caller, (tx) => this.objects.remove(tx, caller, 'table', id, seen));
  }

  private async shown(tx: Tx, row: ObjectRow, seat: Seat): Promise<RandomTableDto> {
    const { nested } = readStoredTable(row.details);
    const names =
      nested.length === 0 ? [] : await tx.query<{ id: string; name: string }>(this.tables.listShown(nested));
    return toRandomTableDto(row, seat, new Map(names.map(({ id, name }) => [id, name])));
  }
}
