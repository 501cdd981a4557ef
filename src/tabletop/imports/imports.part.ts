import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import type { Seat } from '../campaigns/campaign-access.service.js';
import { type CampaignPart, FIRST_ID, type PartPage, partPage } from '../campaigns/campaign-part.js';
import { OffersPart } from '../campaigns/offers-part.decorator.js';
import { toCampaignImportDto } from './campaign-imports.mapper.js';
import {
  type CampaignImportRow,
  CampaignImportsRepository,
  type ImportSourceRow,
} from './campaign-imports.repository.js';
import { ImportSeals } from './import-seals.service.js';

/** A report may name thousands of objects. */
const REPORTS = 5;
/** Rows at most, and about as many bytes of what is sealed, which lies packed. */
const SOURCES = { rows: 100, bytes: 262_144 };

/** What came in and what became of it: one's own, and all for masters. */
@Injectable()
@OffersPart('imports', 'import')
export class ImportsPart implements CampaignPart {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly imports: CampaignImportsRepository,
  ) {}

  async page(caller: Principal, { campaignId }: Seat, after: string | null): Promise<PartPage> {
    const rows = await this.uow.run(caller, (tx) =>
      tx.query<CampaignImportRow>(this.imports.listCampaign(campaignId, after ?? FIRST_ID, REPORTS)),
    );
    return partPage(rows, ({ id }) => id, toCampaignImportDto);
  }
}

/** Where objects came from, with the original for the way back: one's own, and all for masters. */
@Injectable()
@OffersPart('importSources', 'import_source')
export class ImportSourcesPart implements CampaignPart {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly imports: CampaignImportsRepository,
    private readonly seals: ImportSeals,
  ) {}

  async page(caller: Principal, { campaignId }: Seat, after: string | null): Promise<PartPage> {
    const rows = await this.uow.run(caller, (tx) =>
      tx.query<ImportSourceRow>(this.imports.listSourcesOf(campaignId, after ?? FIRST_ID, SOURCES)),
    );
    const items: object[] = [];
    for (const row of rows) items.push(await this.itemOf(row));
    return { items, next: rows.at(-1)?.id ?? null };
  }

  private async itemOf({ id, campaignId, mapped, original, ...row }: ImportSourceRow): Promise<object> {
    const place = { table: 'tabletop.import_source', rowId: id, campaignId } as const;
    const [said, file] = await this.seals.open([
      { ...place, column: 'mapped', sealed: mapped },
      ...(original === null ? [] : [{ ...place, column: 'original' as const, sealed: original }]),
    ]);
    return {
      objectId: row.objectId,
      source: row.source,
      sourceKey: row.sourceKey,
      importedBy: row.importedBy,
      importedAt: row.importedAt.toISOString(),
      mapped: JSON.parse(said!.toString('utf8')) as object,
      original: file?.toString('utf8') ?? null,
    };
  }
}
