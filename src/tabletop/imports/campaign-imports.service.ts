import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { decodeCursor, toPage } from '../../platform/http/keyset.js';
import type { PageQueryDto } from '../../platform/http/page-query.dto.js';
import { Jobs } from '../../platform/jobs/jobs.service.js';
import { CampaignAccess } from '../campaigns/campaign-access.service.js';
import { CampaignChanges } from '../objects/campaign-changes.service.js';
import type { ObjectKind } from '../objects/object-kinds.js';
import { unknownTabletopImport } from '../tabletop.errors.js';
import type { CampaignImportDto, CampaignImportPageDto } from './campaign-imports.dto.js';
import { toCampaignImportDto } from './campaign-imports.mapper.js';
import { type CampaignImportRow, CampaignImportsRepository } from './campaign-imports.repository.js';
import { IMPORT_OBJECTS } from './campaign-import.jobs.js';
import { ImportSeals } from './import-seals.service.js';
import type { ImportSource } from './mapping-report.js';

/** Lists and folders that come into a campaign: a job works through them. And all imports as their bringers and the masters see them. */
@Injectable()
export class CampaignImports {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly access: CampaignAccess,
    private readonly imports: CampaignImportsRepository,
    private readonly seals: ImportSeals,
    private readonly jobs: Jobs,
    private readonly changes: CampaignChanges,
  ) {}

  /** @throws DomainError unknown campaign; an observer's role */
  async begin(
    caller: Principal,
    campaignId: string,
    source: Extract<ImportSource, 'csv' | 'json' | 'obsidian'>,
    kind: ObjectKind,
    bytes: Buffer,
  ): Promise<CampaignImportDto> {
    const seat = await this.uow.run(caller, (tx) => this.access.require(tx, caller, campaignId, 'player'));
    const id = uuidv7();
    const place = {
      table: 'tabletop.import',
      column: 'file',
      rowId: id,
      campaignId: seat.campaignId,
    } as const;
    const [file] = await this.seals.seal([{ ...place, bytes }]);
    return this.uow.run(caller, async (tx) => {
      await this.access.require(tx, caller, campaignId, 'player');
      const jobId = (await this.jobs.enqueue(tx, caller, IMPORT_OBJECTS, { importId: id })) ?? null;
      const row = {
        id,
        campaignId: seat.campaignId,
        importedBy: caller.id,
        source,
        kind,
        file: file!,
        jobId,
      };
      await this.imports.insertImport(tx, row);
      const after = { source, sizeBytes: bytes.length };
      await this.changes.record(tx, caller, {
        campaignId: seat.campaignId,
        kind: 'import',
        action: 'requested',
        after,
      });
      return toCampaignImportDto((await this.imports.findImport(tx, id))!);
    });
  }

  /** Newest first. @throws DomainError unknown campaign */
  list(caller: Principal, campaignId: string, query: PageQueryDto): Promise<CampaignImportPageDto> {
    const before = query.cursor === undefined ? null : decodeCursor(query.cursor, ['string'] as const)[0];
    if (before !== null && !isUuid(before)) return Promise.resolve({ items: [], nextCursor: null });
    return this.uow.run(caller, async (tx) => {
      const seat = await this.access.require(tx, caller, campaignId);
      const statement = this.imports.listImports(seat.campaignId, before, query.limit + 1);
      const rows = await tx.query<CampaignImportRow>(statement);
      return toPage(rows, query.limit, ({ id }) => [id], toCampaignImportDto);
    });
  }

  /** @throws DomainError unknown import */
  find(caller: Principal, id: string): Promise<CampaignImportDto> {
    return this.uow.run(caller, async (tx) => {
      const row = isUuid(id) ? await this.imports.findImport(tx, id) : null;
      if (row === null) throw unknownTabletopImport();
      return toCampaignImportDto(row);
    });
  }
}
