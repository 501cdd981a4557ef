import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../platform/auth/principal.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import { type Page, toPage } from '../../platform/http/keyset.js';
import { assertRole } from '../campaigns/campaign-access.service.js';
import { CampaignChanges } from '../objects/campaign-changes.service.js';
import { CampaignObjects } from '../objects/campaign-objects.service.js';
import { roleTooLow, staleProposal, tooMany, unknownProposal } from '../tabletop.errors.js';
import { stateOf } from './character-state.js';
import { CharacterWriter, type FoundCharacter } from './character-writer.service.js';
import { isSameJson, type JsonObject, touched } from './merge-patch.js';
import type { ProposalDto } from './proposals.dto.js';
import { toProposalDto } from './proposals.mapper.js';
import { type ProposalRow, ProposalsRepository } from './proposals.repository.js';
import type { ProposalStatus } from './proposal-statuses.js';

/** Of one account to one character. */
const MOST_OPEN = 20;

/**
 * What players would change of their characters, where a master has the last word. A proposal remembers how the places that it touches were: where
 * somebody has changed one of them since, it is not accepted, whatever else has changed.
 */
@Injectable()
export class Proposals {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly proposals: ProposalsRepository,
    private readonly writer: CharacterWriter,
    private readonly objects: CampaignObjects,
    private readonly changes: CampaignChanges,
  ) {}

  /** @throws DomainError somebody else's character; as many as there may be */
  async propose(tx: Tx, caller: Principal, found: FoundCharacter, patch: JsonObject): Promise<ProposalRow> {
    const { object, seat, play } = found;
    assertRole(seat, 'player');
    if (object.ownerId !== caller.id) throw roleTooLow('gm');
    if ((await this.proposals.countOpen(tx, caller.id, object.id)) >= MOST_OPEN)
      throw tooMany(MOST_OPEN, 'open proposals for a character');
    const row = await this.proposals.insertProposal(tx, {
      id: uuidv7(),
      userId: caller.id,
      campaignId: object.campaignId,
      objectId: object.id,
      patch,
      before: touched(stateOf(object, play), patch) ?? {},
    });
    await this.record(tx, caller, row, 'proposed');
    return row;
  }

  /** One's own, and a master's all; newest first. @throws DomainError unknown object */
  list(
    caller: Principal,
    characterId: string,
    status: ProposalStatus | null,
    before: string | null,
    limit: number,
  ): Promise<Page<ProposalDto>> {
    return this.uow.run(caller, async (tx) => {
      const { object } = await this.objects.find(tx, caller, 'character', characterId);
      const rows = await tx.query<ProposalRow>(
        this.proposals.listOf(object.campaignId, object.id, status, before, limit + 1),
      );
      return toPage(rows, limit, ({ id }) => [id], toProposalDto);
    });
  }

  /** By a master. Said again it says the same. @throws DomainError unknown or stale proposal; rejected before; as {@link CharacterWriter.apply} */
  accept(caller: Principal, id: string, now = new Date()): Promise<ProposalDto> {
    return this.uow.run(caller, async (tx) => {
      const row = await this.find(tx, caller, id);
      const found = await this.writer.lock(tx, caller, row.objectId);
      assertRole(found.seat, 'gm');
      if (row.status !== 'open') return this.decided(row, 'accepted');
      const state = stateOf(found.object, found.play);
      if (!isSameJson(touched(state, row.patch) ?? {}, row.before)) throw staleProposal();
      await this.writer.apply(tx, caller, found, row.patch, undefined);
      return this.decide(tx, caller, row, 'accepted', '', now);
    });
  }

  /** By a master. Said again it says the same. @throws DomainError unknown proposal; accepted before */
  reject(caller: Principal, id: string, reason: string, now = new Date()): Promise<ProposalDto> {
    return this.uow.run(caller, async (tx) => {
      const row = await this.find(tx, caller, id);
      const { seat } = await this.objects.find(tx, caller, 'character', row.objectId);
      assertRole(seat, 'gm');
      if (row.status !== 'open') return this.decided(row, 'rejected');
      return this.decide(tx, caller, row, 'rejected', reason, now);
    });
  }

  /** By whoever proposed it, while it is open. @throws DomainError unknown proposal; decided */
  async withdraw(caller: Principal, id: string): Promise<void> {
    await this.uow.run(caller, async (tx) => {
      const row = await this.find(tx, caller, id);
      if (row.userId !== caller.id) throw roleTooLow('gm');
      if (row.status !== 'open') throw staleProposal();
      await this.proposals.deleteOwn(tx, caller.id, row.id);
      await this.record(tx, caller, row, 'withdrawn');
    });
  }

  private async find(tx: Tx, caller: Principal, id: string): Promise<ProposalRow> {
    const row = isUuid(id) ? await this.proposals.findProposal(tx, id) : null;
    if (row === null) throw unknownProposal();
    await this.objects.find(tx, caller, 'character', row.objectId);
    return row;
  }

  private decided(row: ProposalRow, wanted: ProposalStatus): ProposalDto {
    if (row.status !== wanted) throw staleProposal();
    return toProposalDto(row);
  }

  private async decide(
    tx: Tx,
    caller: Principal,
    row: ProposalRow,
    status: 'accepted' | 'rejected',
    reason: string,
    now: Date,
  ): Promise<ProposalDto> {
    const decided = await this.proposals.updateDecided(tx, row.id, status, reason, now);
    if (decided === null) throw staleProposal();
    await this.record(tx, caller, row, status);
    return toProposalDto(decided);
  }

  private record(tx: Tx, caller: Principal, row: ProposalRow, action: string): Promise<void> {
    const { campaignId, objectId, id, userId } = row;
    return this.changes.record(tx, caller, {
      campaignId,
      objectId,
      kind: 'proposal',
      action,
      after: { id, userId },
    });
  }
}
