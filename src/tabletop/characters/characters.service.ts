import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import {
  IdempotencyService,
  type IdempotentRequest,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import { decodeCursor, type Page, toPage } from '../../platform/http/keyset.js';
import { CampaignAccess } from '../campaigns/campaign-access.service.js';
import { CampaignObjects } from '../objects/campaign-objects.service.js';
import { assertSeen } from '../tabletop.errors.js';
import { CharacterListsRepository } from './character-lists.repository.js';
import { type CharacterFacts, versionOf } from './character-state.js';
import { type CharacterDraft, CharacterWriter } from './character-writer.service.js';
import type {
  ChangedCharacterDto,
  CharacterChangeDto,
  CharacterDto,
  CharacterFactsDto,
  CharactersQueryDto,
  NewCharacterDto,
} from './characters.dto.js';
import { toCharacterDto, toCharacterFactsDto } from './characters.mapper.js';
import type { JsonObject } from './merge-patch.js';
import { toProposalDto } from './proposals.mapper.js';
import { Proposals } from './proposals.service.js';

/** Characters of campaigns: players' own, the masters' people, creatures. */
@Injectable()
export class Characters {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly access: CampaignAccess,
    private readonly objects: CampaignObjects,
    private readonly lists: CharacterListsRepository,
    private readonly writer: CharacterWriter,
    private readonly proposals: Proposals,
    private readonly idempotency: IdempotencyService,
  ) {}

  /** @throws DomainError as {@link CharacterWriter.create} */
  create(
    caller: Principal,
    campaignId: string,
    wish: NewCharacterDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<CharacterDto>> {
    return this.uow.run(caller, (tx) =>
      this.idempotency.once(tx, caller, request, 201, async () => {
        const seat = await this.access.require(tx, caller, campaignId, 'player');
        return toCharacterDto(await this.writer.create(tx, caller, seat, draftOf(wish)));
      }),
    );
  }

  /** By name, without how they are played. @throws DomainError unknown campaign */
  list(caller: Principal, campaignId: string, query: CharactersQueryDto): Promise<Page<CharacterFactsDto>> {
    const after =
      query.cursor === undefined ? null : decodeCursor(query.cursor, ['string', 'string'] as const);
    const { characterKind = null, ownerId = null, limit } = query;
    return this.uow.run(caller, async (tx) => {
      const seat = await this.access.require(tx, caller, campaignId);
      const filter = { characterKind, ownerId };
      const rows = await this.lists.listPage(tx, seat.campaignId, filter, after, limit + 1);
      const sheets = await this.lists.sheetVersions(
        tx,
        rows.map(({ id }) => id),
      );
      return toPage(
        rows,
        limit,
        ({ name, id }) => [name, id],
        (row) => toCharacterFactsDto(row, seat, sheets.get(row.id) ?? null),
      );
    });
  }

  /** @throws DomainError unknown object */
  find(caller: Principal, id: string): Promise<CharacterDto> {
    return this.uow.run(caller, async (tx) => toCharacterDto(await this.writer.find(tx, caller, id)));
  }

  /**
   * Of a player whose campaign has a master approve, it becomes a proposal.
   * @throws DomainError as {@link CharacterWriter.apply}
   */
  change(
    caller: Principal,
    id: string,
    wish: CharacterChangeDto,
    seen: number | undefined,
  ): Promise<ChangedCharacterDto> {
    const { ownerId, ...rest } = wish;
    const patch = plain(rest);
    return this.uow.run(caller, async (tx) => {
      const found = await this.writer.lock(tx, caller, id);
      const { object, seat } = found;
      const isOwn = object.ownerId === caller.id && (ownerId === undefined || ownerId === caller.id);
      if (seat.role !== 'gm' && seat.campaign.needsApproval && isOwn) {
        assertSeen(versionOf(object, found.play, seat), seen);
        const proposal = await this.proposals.propose(tx, caller, found, patch);
        return {
          character: toCharacterDto(await this.writer.find(tx, caller, id)),
          proposal: toProposalDto(proposal),
        };
      }
      const changed = await this.writer.apply(tx, caller, found, patch, seen, ownerId);
      return { character: toCharacterDto(changed), proposal: null };
    });
  }

  /** By a master or its player; a master can restore it. @throws DomainError as {@link CampaignObjects.remove} */
  async remove(caller: Principal, id: string, seen: number | undefined): Promise<void> {
    await this.uow.run(caller, async (tx) => {
      await this.objects.lock(tx, caller, 'character', id);
      const { object, seat, play } = await this.writer.find(tx, caller, id);
      assertSeen(versionOf(object, play, seat), seen);
      await this.objects.remove(tx, caller, 'character', id);
    });
  }
}

function draftOf(wish: NewCharacterDto): CharacterDraft {
  const { characterKind, ancestry, calling, pronouns, appearance, sheet, voice, guidance, ...object } = wish;
  const facts = plain({ characterKind, ancestry, calling, pronouns, appearance }, true);
  return {
    ...object,
    facts: facts as unknown as CharacterFacts,
    sheet: sheet == null ? null : plain(sheet),
    voice: voice && plain(voice, true),
    guidance: guidance && plain(guidance, true),
  };
}

/** JSON as it was sent, without what was left out. @param isNew null means nothing then */
function plain(value: object, isNew = false): JsonObject {
  const json = JSON.parse(JSON.stringify(value)) as JsonObject;
  return isNew ? Object.fromEntries(Object.entries(json).filter(([, one]) => one !== null)) : json;
}
