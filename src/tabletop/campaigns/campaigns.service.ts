import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../platform/auth/principal.js';
import { SystemUnitOfWork } from '../../platform/database/database.module.js';
import { SYSTEM_SCOPE } from '../../platform/database/system-scope.js';
import { type Tx, UnitOfWork } from '../../platform/database/unit-of-work.js';
import { isUuid } from '../../platform/database/uuid.js';
import {
  IdempotencyService,
  type IdempotentRequest,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import type { Page } from '../../platform/http/keyset.js';
import { cleanHtml } from '../../platform/http/clean-html.js';
import { toPage } from '../../platform/http/keyset.js';
import { CampaignChanges } from '../objects/campaign-changes.service.js';
import { assertSeen, invalidTone, objectIdTaken, staleObject, unknownCampaign } from '../tabletop.errors.js';
import { CampaignAccess } from './campaign-access.service.js';
import { isTone } from './campaign-tone.js';
import type { CampaignChangeDto, CampaignDto, CampaignFieldsDto, NewCampaignDto } from './campaigns.dto.js';
import { toCampaignDto } from './campaigns.mapper.js';
import {
  type CampaignChange,
  type CampaignRow,
  CampaignsRepository,
  type SeatedCampaignRow,
} from './campaigns.repository.js';

const NEW: CampaignChange = {
  name: '',
  description: '',
  system: 'generic',
  language: 'en',
  tone: {},
  calendar: null,
  changeDays: null,
  aiPolicy: 'off',
  hasExports: true,
  needsApproval: false,
};

/** Campaigns: founded by anybody, changed by their masters, deleted and restored by their owner. */
@Injectable()
export class CampaignsService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly system: SystemUnitOfWork,
    private readonly campaigns: CampaignsRepository,
    private readonly access: CampaignAccess,
    private readonly changes: CampaignChanges,
    private readonly idempotency: IdempotencyService,
  ) {}

  /** Whoever founds it is its first master. @throws DomainError a tone that is none */
  found(
    caller: Principal,
    wish: NewCampaignDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<CampaignDto>> {
    return this.uow.run(caller, (tx) =>
      this.idempotency.once(tx, caller, request, 201, async () => {
        const id = wish.id?.toLowerCase() ?? uuidv7();
        const row = changed(NEW, wish);
        if (!(await this.campaigns.insertCampaign(tx, id, caller.id, row)))
          return this.ownAgain(tx, caller, id);
        await this.changes.record(tx, caller, {
          campaignId: id,
          kind: 'campaign',
          action: 'founded',
          after: row,
        });
        return toCampaignDto(await this.seated(tx, caller, id), caller.id);
      }),
    );
  }

  /** Those at whose table the caller sits, newest first. @param before only older ones than this id */
  async list(caller: Principal, before: string | null, limit: number): Promise<Page<CampaignDto>> {
    const rows = await this.uow.read<SeatedCampaignRow>(
      caller,
      this.campaigns.listSeated(caller.id, before, limit + 1),
    );
    return toPage(
      rows,
      limit,
      ({ id }) => [id],
      (row) => toCampaignDto(row, caller.id),
    );
  }

  /** @throws DomainError unknown campaign */
  async find(caller: Principal, id: string): Promise<CampaignDto> {
    return this.uow.run(caller, async (tx) => toCampaignDto(await this.seated(tx, caller, id), caller.id));
  }

  /** @throws DomainError unknown campaign, stale, a role below a master's, a tone that is none */
  change(
    caller: Principal,
    id: string,
    wish: CampaignChangeDto,
    seen: number | undefined,
  ): Promise<CampaignDto> {
    return this.uow.run(caller, async (tx) => {
      const { campaign: before } = await this.access.require(tx, caller, id, 'gm');
      assertSeen(before.version, seen);
      const after = await this.campaigns.updateCampaign(tx, id, before.version, changed(before, wish));
      if (after === null) throw staleObject(before.version + 1);
      await this.changes.record(tx, caller, {
        campaignId: before.id,
        kind: 'campaign',
        action: 'changed',
        before: pick(before),
        after: pick(after),
      });
      return toCampaignDto({ ...after, role: 'gm' }, caller.id);
    });
  }

  /** By its owner. Nobody sees anything of it from now on; for 30 days it can be restored. @throws DomainError unknown campaign, a member's role */
  async remove(caller: Principal, id: string): Promise<void> {
    await this.uow.run(caller, async (tx) => {
      const { campaign } = await this.access.require(tx, caller, id, 'gm');
      if (campaign.userId !== caller.id) throw unknownCampaign();
    });
    await this.changeDeleted(caller, id, new Date());
  }

  /** With all who sat there. Safe to repeat. @throws DomainError no campaign of the caller's */
  async restore(caller: Principal, id: string): Promise<CampaignDto> {
    const own = isUuid(id) && (await this.uow.run(caller, (tx) => this.campaigns.lockOwn(tx, caller.id, id)));
    if (!own) throw unknownCampaign();
    if (own.deletedAt !== null) await this.changeDeleted(caller, own.id, null);
    return this.find(caller, id);
  }

  /** With the seats, which the platform's role alone writes, and the log of it. */
  private changeDeleted(caller: Principal, campaignId: string, at: Date | null): Promise<void> {
    return this.system.run(SYSTEM_SCOPE, async (tx) => {
      await this.campaigns.updateDeleted(tx, campaignId, at);
      const action = at === null ? 'restored' : 'deleted';
      await this.changes.record(tx, caller, { campaignId, kind: 'campaign', action });
    });
  }

  /** A campaign that the client made before is its answer; another one's id is nobody's business. */
  private async ownAgain(tx: Tx, caller: Principal, id: string): Promise<CampaignDto> {
    const own = await this.campaigns.lockOwn(tx, caller.id, id);
    if (own === null || own.deletedAt !== null) throw objectIdTaken();
    return toCampaignDto({ ...own, role: 'gm' }, caller.id);
  }

  private async seated(tx: Tx, caller: Principal, id: string): Promise<SeatedCampaignRow> {
    const { campaign, role } = await this.access.require(tx, caller, id);
    return { ...campaign, role };
  }
}

/** @throws DomainError a tone that is none */
function changed(before: CampaignChange, wish: CampaignFieldsDto & { name?: string }): CampaignChange {
  if (wish.tone !== undefined && !isTone(wish.tone)) throw invalidTone();
  return {
    name: wish.name ?? before.name,
    description: wish.description === undefined ? before.description : cleanHtml(wish.description),
    system: wish.system ?? before.system,
    language: wish.language ?? before.language,
    tone: wish.tone ?? before.tone,
    calendar: before.calendar,
    changeDays: wish.changeDays === undefined ? before.changeDays : wish.changeDays,
    aiPolicy: wish.aiPolicy ?? before.aiPolicy,
    hasExports: wish.hasExports ?? before.hasExports,
    needsApproval: wish.needsApproval ?? before.needsApproval,
  };
}

/** For the log. */
function pick(row: CampaignRow): object {
  const { name, description, system, language, tone, changeDays, aiPolicy, hasExports, needsApproval } = row;
  return { name, description, system, language, tone, changeDays, aiPolicy, hasExports, needsApproval };
}
