import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { CampaignAccess } from '../campaigns/campaign-access.service.js';
import { CampaignObjects } from '../objects/campaign-objects.service.js';
import { ObjectSecrets } from '../secrets/object-secrets.service.js';
import { generationClosed, unknownGeneration, wrongAudience } from '../tables/tables.errors.js';
import { DraftSeals } from './draft-seals.service.js';
import type { AcceptGenerationDto, GenerationDto } from './generations.dto.js';
import { OBJECT_OF, toGenerationDto } from './generations.mapper.js';
import { type GenerationRow, GenerationsRepository } from './generations.repository.js';
import { storedDraft } from './stored-draft.js';

/**
 * A draft becomes an object of the campaign: in one transaction, under an id that was given out with the draft. Its secrets follow, each in a
 * transaction of its own as secrets are written; whoever asks again after an interruption goes on there, and otherwise changes nothing.
 */
@Injectable()
export class AcceptGeneration {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly access: CampaignAccess,
    private readonly rows: GenerationsRepository,
    private readonly objects: CampaignObjects,
    private readonly secrets: ObjectSecrets,
    private readonly seals: DraftSeals,
  ) {}

  /** @throws DomainError unknown draft; one that is pending or discarded; a visibility beyond its audience; a parent that is none */
  async accept(caller: Principal, id: string, wish: AcceptGenerationDto): Promise<GenerationDto> {
    const row = await this.uow.run(caller, async (tx) => {
      const before = isUuid(id) ? await this.rows.lock(tx, id) : null;
      if (before === null) throw unknownGeneration();
      if (before.state === 'accepted') return before;
      if (before.state !== 'draft') throw generationClosed(before.state);
      if (before.audience === 'gm' && (wish.visibility ?? 'gm') !== 'gm') throw wrongAudience();
      const seat = await this.access.require(tx, caller, before.campaignId, 'gm');
      // Neither seed nor inputs go along: with them anybody could make the draft again, with its secrets.
      const { name, summary, body, tags, details } = storedDraft(before.output, []);
      await this.objects.create(tx, caller, seat, {
        id: before.objectId,
        kind: OBJECT_OF[before.kind],
        name,
        summary,
        body,
        tags,
        details,
        visibility: wish.visibility ?? 'gm',
        parentId: wish.parentId,
      });
      return (await this.rows.updateGeneration(tx, id, before.version, { ...before, state: 'accepted' }))!;
    });
    return toGenerationDto(await this.handSecretsOver(caller, row), []);
  }

  private async handSecretsOver(caller: Principal, row: GenerationRow): Promise<GenerationRow> {
    if (row.secrets === null) return row;
    for (const { field, text } of await this.seals.open(row))
      await this.secrets.put(caller, row.objectId, field, { text });
    return this.uow.run(caller, async (tx) => {
      const now = await this.rows.lock(tx, row.id);
      if (now === null) throw unknownGeneration();
      return (await this.rows.updateGeneration(tx, row.id, now.version, { ...now, secrets: null }))!;
    });
  }
}
