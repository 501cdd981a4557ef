import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { readIdCursor } from '../../platform/http/id-cursor.js';
import { type Page, toPage } from '../../platform/http/keyset.js';
import { CampaignAccess } from '../campaigns/campaign-access.service.js';
import { CampaignChanges } from '../objects/campaign-changes.service.js';
import { assertSeen, staleObject } from '../tabletop.errors.js';
import { generationClosed, unknownGeneration } from '../tables/tables.errors.js';
import { DraftSeals } from './draft-seals.service.js';
import { GENERATION_KINDS } from './draft.js';
import { inputSchemasOf, RULES_ENGINE } from './generate.js';
import { readGeneratorBook } from './generator-book.reader.js';
import type {
  DraftChangeDto,
  GenerationDto,
  GenerationsQueryDto,
  GenerationSummaryDto,
  GeneratorsDto,
} from './generations.dto.js';
import { GENERATOR_ATTRIBUTION, toGenerationDto, toGenerationSummaryDto } from './generations.mapper.js';
import { type GenerationRow, GenerationsRepository } from './generations.repository.js';
import { openPart, storedDraft } from './stored-draft.js';

/** Drafts as masters look at them. Nobody else learns that there are any. */
@Injectable()
export class GenerationsService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly access: CampaignAccess,
    private readonly rows: GenerationsRepository,
    private readonly seals: DraftSeals,
    private readonly changes: CampaignChanges,
  ) {}

  /** What can be generated, and from which inputs. */
  generators(): GeneratorsDto {
    const schemas = inputSchemasOf(readGeneratorBook());
    return {
      engineVersion: RULES_ENGINE,
      items: GENERATION_KINDS.map((kind) => ({
        kind,
        inputs: z.toJSONSchema(schemas[kind], { io: 'input' }),
      })),
      attribution: GENERATOR_ATTRIBUTION,
    };
  }

  /** Newest first. @throws DomainError unknown campaign; a role below a master's */
  list(
    caller: Principal,
    campaignId: string,
    { cursor, limit, kind, state }: GenerationsQueryDto,
  ): Promise<Page<GenerationSummaryDto>> {
    const before = readIdCursor(cursor);
    return this.uow.run(caller, async (tx) => {
      const seat = await this.access.require(tx, caller, campaignId, 'gm');
      const rows = await tx.query<GenerationRow>(
        this.rows.listPage(seat.campaignId, { kind, state }, before, limit + 1),
      );
      return toPage(rows, limit, ({ id }) => [id], toGenerationSummaryDto);
    });
  }

  /** @throws DomainError unknown draft */
  async find(caller: Principal, id: string): Promise<GenerationDto> {
    const [row] = isUuid(id)
      ? await this.uow.run(caller, (tx) => tx.query<GenerationRow>(this.rows.find(id)))
      : [];
    if (row === undefined) throw unknownGeneration();
    return toGenerationDto(row, await this.seals.open(row));
  }

  /** @throws DomainError unknown draft, stale, one that is none any more or not yet */
  async change(
    caller: Principal,
    id: string,
    { secrets, ...wish }: DraftChangeDto,
    seen: number | undefined,
  ): Promise<GenerationDto> {
    const known = await this.find(caller, id);
    const sealed = secrets === undefined ? undefined : await this.seals.seal(known, secrets);
    const changed = await this.uow.run(caller, async (tx) => {
      const row = await this.lockDraft(tx, id);
      assertSeen(row.version, seen);
      const before = openPart(storedDraft(row.output, []));
      const output = {
        ...before,
        name: wish.name ?? before.name,
        summary: wish.summary ?? before.summary,
        body: wish.body ?? before.body,
        tags: wish.tags ?? before.tags,
      };
      const after = await this.rows.updateGeneration(tx, id, row.version, {
        ...row,
        output,
        secrets: sealed ?? row.secrets,
      });
      if (after === null) throw staleObject(row.version);
      await this.changes.record(tx, caller, {
        campaignId: row.campaignId,
        objectId: row.id,
        kind: 'generation',
        action: 'changed',
        before,
        after: output,
      });
      return after;
    });
    return toGenerationDto(changed, await this.seals.open(changed));
  }

  /** It stays in the list, without its secrets. Safe to repeat. @throws DomainError unknown draft; one that was taken over */
  async discard(caller: Principal, id: string): Promise<void> {
    await this.uow.run(caller, async (tx) => {
      const row = isUuid(id) ? await this.rows.lock(tx, id) : null;
      if (row === null) throw unknownGeneration();
      if (row.state === 'accepted') throw generationClosed(row.state);
      await this.rows.updateGeneration(tx, id, row.version, { ...row, state: 'discarded', secrets: null });
      await this.changes.record(tx, caller, {
        campaignId: row.campaignId,
        objectId: row.id,
        kind: 'generation',
        action: 'discarded',
      });
    });
  }

  private async lockDraft(tx: Tx, id: string): Promise<GenerationRow> {
    const row = await this.rows.lock(tx, id);
    if (row === null) throw unknownGeneration();
    if (row.state !== 'draft') throw generationClosed(row.state);
    return row;
  }
}
