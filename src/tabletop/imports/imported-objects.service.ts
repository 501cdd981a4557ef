import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../platform/auth/principal.js';
import { cleanHtml } from '../../platform/http/clean-html.js';
import { DomainError } from '../../platform/http/domain-error.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { CharacterWriter } from '../characters/character-writer.service.js';
import { CampaignAccess, type Seat } from '../campaigns/campaign-access.service.js';
import { CampaignObjects } from '../objects/campaign-objects.service.js';
import type { ObjectKind } from '../objects/object-kinds.js';
import {
  type CampaignImportRow,
  CampaignImportsRepository,
  type ImportSourceRow,
} from './campaign-imports.repository.js';
import { type ImportedThing, type ImportProgress, withThings } from './import-outcome.js';
import { ImportSeals } from './import-seals.service.js';
import type { MappingReport } from './mapping-report.js';
import type { ImportedObject } from './object-draft.js';
import { isSame, type JsonObject, type MergeConflict, mergeThreeWays } from './three-way-merge.js';

export interface ImportPortion {
  readonly position: number;
  readonly total: number;
  readonly report: MappingReport;
  readonly portion: readonly ImportedObject[];
}

interface Planned {
  readonly object: ImportedObject;
  readonly state: JsonObject;
  readonly known: ImportSourceRow | null;
  readonly before: JsonObject | null;
  readonly id: string;
  readonly sealed: Buffer;
}

/** Kinds that a list can make; the others need more than a list says, and become notes. */
const MADE: readonly ObjectKind[] = ['character', 'location', 'plot', 'item', 'event', 'note'];

/** Things of lists and notes of folders become objects; what comes again is merged field by field, as sheets are. */
@Injectable()
export class ImportedObjects {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly access: CampaignAccess,
    private readonly objects: CampaignObjects,
    private readonly characters: CharacterWriter,
    private readonly imports: CampaignImportsRepository,
    private readonly seals: ImportSeals,
  ) {}

  /**
   * A portion and how far the import has come, in one transaction.
   * @returns null where another try was faster
   * @throws DomainError the caller does not sit at the table any more
   */
  async bring(
    caller: Principal,
    row: CampaignImportRow,
    { position, total, report, portion }: ImportPortion,
    before: ImportProgress,
  ): Promise<ImportProgress | null> {
    const planned = await this.plan(caller, row, portion);
    return this.uow.run(caller, async (tx) => {
      const seat = await this.access.require(tx, caller, row.campaignId, 'player');
      const things: ImportedThing[] = [];
      const conflicts: MergeConflict[] = [];
      for (const one of planned) {
        const written = await this.write(tx, caller, seat, row, one);
        things.push(written.thing);
        conflicts.push(...written.conflicts);
      }
      const progress = withThings(before, things, conflicts);
      const next = position + portion.length;
      const to = { position: next, total, progress, report, isOver: next >= total };
      return (await this.imports.updateProgress(tx, row.id, position, to)) ? progress : null;
    });
  }

  private async plan(
    caller: Principal,
    row: CampaignImportRow,
    portion: readonly ImportedObject[],
  ): Promise<Planned[]> {
    const { campaignId, source } = row;
    const keys = portion.map(({ sourceKey }) => sourceKey);
    const sources = await this.uow.run(caller, (tx) =>
      this.imports.listSources(tx, campaignId, source, keys, caller.id),
    );
    const known = portion.map(({ sourceKey }) => sources.find((one) => one.sourceKey === sourceKey) ?? null);
    const place = { table: 'tabletop.import_source', column: 'mapped', campaignId } as const;
    const opened = await this.seals.open(
      known.filter((one) => one !== null).map(({ id, mapped }) => ({ ...place, rowId: id, sealed: mapped })),
    );
    const ids = known.map((one) => one?.id ?? uuidv7());
    const states = portion.map(stateOf);
    const sealed = await this.seals.seal(
      states.map((state, at) => ({ ...place, rowId: ids[at]!, bytes: Buffer.from(JSON.stringify(state)) })),
    );
    let nextOpened = 0;
    return portion.map((object, at) => ({
      object,
      state: states[at]!,
      known: known[at]!,
      before: known[at] === null ? null : (JSON.parse(opened[nextOpened++]!.toString('utf8')) as JsonObject),
      id: ids[at]!,
      sealed: sealed[at]!,
    }));
  }

  private async write(
    tx: Tx,
    caller: Principal,
    seat: Seat,
    { source }: CampaignImportRow,
    planned: Planned,
  ): Promise<{ thing: ImportedThing; conflicts: readonly MergeConflict[] }> {
    const { object, known, before, id, sealed } = planned;
    if (seat.role !== 'gm' && !['character', 'note'].includes(kindOf(object)))
      return { thing: { id: null, name: object.name, outcome: 'refused' }, conflicts: [] };
    const written =
      known === null || before === null
        ? { thing: await this.create(tx, caller, seat, object), conflicts: [] }
        : await this.update(tx, caller, known.objectId, before, planned);
    if (written.thing.id !== null && written.thing.outcome !== 'refused')
      await this.imports.upsertSource(tx, {
        id,
        campaignId: seat.campaignId,
        objectId: written.thing.id,
        source,
        sourceKey: object.sourceKey,
        importedBy: known === null ? caller.id : known.importedBy,
        mapped: sealed,
        original: null,
      });
    return written;
  }

  private async create(
    tx: Tx,
    caller: Principal,
    seat: Seat,
    object: ImportedObject,
  ): Promise<ImportedThing> {
    const kind = kindOf(object);
    const { name, summary, body, tags, aliases } = object;
    const common = { name, summary, body: cleanHtml(body), tags, aliases };
    if (kind === 'character') {
      const made = await this.characters.create(tx, caller, seat, {
        ...common,
        facts: { characterKind: 'npc' },
      });
      return { id: made.object.id, name, outcome: 'created' };
    }
    const row = await this.objects.create(tx, caller, seat, {
      ...common,
      kind,
      details: { imported: object.extra },
    });
    return { id: row.id, name, outcome: 'created' };
  }

  private async update(
    tx: Tx,
    caller: Principal,
    objectId: string,
    before: JsonObject,
    { object, state }: Planned,
  ): Promise<{ thing: ImportedThing; conflicts: readonly MergeConflict[] }> {
    const kind = kindOf(object);
    const thing = { id: objectId, name: object.name };
    try {
      const { object: now } = await this.objects.find(tx, caller, kind, objectId);
      const { name, summary, body, tags, aliases } = now;
      const ours = { name, summary, body, tags, aliases } as unknown as JsonObject;
      const { merged, conflicts } = mergeThreeWays(before, ours, state);
      if (isSame(merged, ours)) return { thing: { ...thing, outcome: 'unchanged' }, conflicts };
      await this.objects.change(tx, caller, kind, objectId, merged as object);
      return { thing: { ...thing, outcome: 'updated' }, conflicts };
    } catch (error) {
      // It has another kind by now, or the caller may not write it any more: one thing less, not the whole file.
      if (error instanceof DomainError && (error.kind === 'notFound' || error.kind === 'forbidden'))
        return { thing: { ...thing, outcome: 'refused' }, conflicts: [] };
      throw error;
    }
  }
}

function kindOf({ kind }: ImportedObject): ObjectKind {
  return MADE.includes(kind) ? kind : 'note';
}

/** What a merge compares, cleaned as it is stored. */
function stateOf({ name, summary, body, tags, aliases }: ImportedObject): JsonObject {
  return { name, summary, body: cleanHtml(body), tags: [...tags], aliases: [...aliases] };
}
