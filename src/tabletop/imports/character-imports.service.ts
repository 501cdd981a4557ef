import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../platform/auth/principal.js';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { CampaignAccess, type Seat } from '../campaigns/campaign-access.service.js';
import { CampaignChanges } from '../objects/campaign-changes.service.js';
import { importMoved } from '../tabletop.errors.js';
import {
  type CampaignImportRow,
  CampaignImportsRepository,
  type ImportSourceRow,
} from './campaign-imports.repository.js';
import { type CharacterFile, type CharacterSource, readCharacterFile } from './character-file.reader.js';
import { CharacterMerge, type WrittenCharacter } from './character-merge.service.js';
import { withThings } from './import-outcome.js';
import { ImportSeals } from './import-seals.service.js';
import { orRefused } from './import-refusals.mapper.js';
import type { MappingReport } from './mapping-report.js';
import type { JsonObject } from './three-way-merge.js';

export interface BroughtCharacter {
  readonly row: CampaignImportRow;
  /** Null where a master has the last word. */
  readonly objectId: string | null;
  /** For masters alone; '' = the file has none. */
  readonly secretBiography: string;
  readonly isMaster: boolean;
}

/**
 * Sheets of other programs become characters. The same sheet brought again updates the character field by field against what it said the last time:
 * what was changed here stays, and what both have changed is told.
 */
@Injectable()
export class CharacterImports {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly access: CampaignAccess,
    private readonly merge: CharacterMerge,
    private readonly imports: CampaignImportsRepository,
    private readonly seals: ImportSeals,
    private readonly changes: CampaignChanges,
  ) {}

  /** @throws DomainError unknown campaign; an observer's role; a file that is none; as {@link CharacterWriter.create} */
  async bring(
    caller: Principal,
    campaignId: string,
    source: CharacterSource,
    bytes: Buffer,
  ): Promise<BroughtCharacter> {
    const seat = await this.uow.run(caller, (tx) => this.access.require(tx, caller, campaignId, 'player'));
    const file = orRefused(() => readCharacterFile(source, bytes));
    const known = await this.uow.run(caller, (tx) => this.known(tx, caller, seat, source, file));
    const before = known === null ? null : await this.mappedOf(known);
    const id = known?.id ?? uuidv7();
    const place = { table: 'tabletop.import_source', rowId: id, campaignId: seat.campaignId } as const;
    const [mapped, original] = await this.seals.seal([
      { ...place, column: 'mapped', bytes: Buffer.from(JSON.stringify(file.state)) },
      { ...place, column: 'original', bytes },
    ]);
    return this.uow.run(caller, async (tx) => {
      const key = file.character.sourceId;
      if (key !== null)
        await this.imports.lockKey(tx, ADVISORY_LOCK.tabletopImports, `${seat.campaignId}/${source}/${key}`);
      const now = await this.known(tx, caller, seat, source, file);
      if (now?.importedAt.getTime() !== known?.importedAt.getTime()) throw importMoved();
      const written =
        known === null || before === null
          ? await this.merge.create(tx, caller, seat, file)
          : await this.merge.update(tx, caller, known.objectId, before, file);
      const { thing } = written;
      if (thing.outcome !== 'proposed' && thing.id !== null)
        await this.imports.upsertSource(tx, {
          id,
          campaignId: seat.campaignId,
          objectId: thing.id,
          source,
          sourceKey: key ?? id,
          importedBy: known === null ? caller.id : known.importedBy,
          mapped: mapped!,
          original: original!,
        });
      const row = await this.report(tx, caller, seat, source, file, written);
      const objectId = thing.outcome === 'proposed' ? null : thing.id;
      const { secretBiography } = file.character;
      return { row, objectId, secretBiography, isMaster: seat.role === 'gm' };
    });
  }

  private async known(
    tx: Tx,
    caller: Principal,
    { campaignId }: Seat,
    source: CharacterSource,
    { character }: CharacterFile,
  ): Promise<ImportSourceRow | null> {
    if (character.sourceId === null) return null;
    const rows = await this.imports.listSources(tx, campaignId, source, [character.sourceId], caller.id);
    return rows[0] ?? null;
  }

  private async mappedOf(row: ImportSourceRow): Promise<JsonObject> {
    const place = {
      table: 'tabletop.import_source',
      column: 'mapped',
      rowId: row.id,
      campaignId: row.campaignId,
    } as const;
    const [bytes] = await this.seals.open([{ ...place, sealed: row.mapped }]);
    return JSON.parse(bytes!.toString('utf8')) as JsonObject;
  }

  private async report(
    tx: Tx,
    caller: Principal,
    { campaignId }: Seat,
    source: CharacterSource,
    file: CharacterFile,
    { thing, conflicts, leftOut }: WrittenCharacter,
  ): Promise<CampaignImportRow> {
    const id = uuidv7();
    const row = {
      id,
      campaignId,
      importedBy: caller.id,
      source,
      kind: 'character',
      file: null,
      jobId: null,
    } as const;
    await this.imports.insertImport(tx, row);
    const progress = withThings({ counts: {}, objects: [], conflicts: [] }, [thing], conflicts);
    await this.imports.updateProgress(tx, id, 0, {
      position: 1,
      total: 1,
      progress,
      report: withLeftOut(file.report, leftOut),
      isOver: true,
    });
    const after = { source, outcome: thing.outcome };
    await this.changes.record(tx, caller, {
      campaignId,
      objectId: thing.id ?? undefined,
      kind: 'import',
      action: 'brought',
      after,
    });
    return (await this.imports.findImport(tx, id))!;
  }
}

/** What a character has no room for is told with what was read of its file. */
function withLeftOut(report: MappingReport, leftOut: number): MappingReport {
  if (leftOut === 0) return report;
  const odd = [...report.odd, { at: '/inventory', reason: `${leftOut} things have no room; left out` }];
  return { ...report, odd, counts: { ...report.counts, odd: report.counts.odd + 1 } };
}
