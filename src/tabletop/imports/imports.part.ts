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
    const [mapped, originals] = await this.open(rows);
    const items = rows.map((row, at) => toSourceItem(row, mapped[at]!, originals.get(row.id)));
    return { items, next: rows.at(-1)?.id ?? null };
  }

  /** All of a page in one go. @returns what was understood, in the order of the rows, and the originals by id */
  private async open(rows: readonly ImportSourceRow[]): Promise<[Buffer[], Map<string, Buffer>]> {
    const kept = rows.flatMap((row) => (row.original === null ? [] : [{ row, sealed: row.original }]));
    const opened = await this.seals.open([
      ...rows.map((row) => ({ ...placeOf(row), column: 'mapped' as const, sealed: row.mapped })),
      ...kept.map(({ row, sealed }) => ({ ...placeOf(row), column: 'original' as const, sealed })),
    ]);
    return [
      opened.slice(0, rows.length),
      new Map(kept.map(({ row }, at) => [row.id, opened[rows.length + at]!])),
    ];
  }
}

const placeOf = ({ id, campaignId }: ImportSourceRow) =>
  ({ table: 'tabletop.import_source', rowId: id, campaignId }) as const;

function toSourceItem(row: ImportSourceRow, mapped: Buffer, original: Buffer | undefined): object {
  const { objectId, source, sourceKey, importedBy, importedAt } = row;
  return {
    objectId,
    source,
    sourceKey,
    importedBy,
    importedAt: importedAt.toISOString(),
    mapped: JSON.parse(mapped.toString('utf8')) as object,
    original: original?.toString('utf8') ?? null,
  };
}
