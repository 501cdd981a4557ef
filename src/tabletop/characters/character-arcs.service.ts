import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import {
  IdempotencyService,
  type IdempotentRequest,
  type Outcome,
} from '../../platform/http/idempotency.service.js';
import { assertRole } from '../campaigns/campaign-access.service.js';
import { CampaignObjects } from '../objects/campaign-objects.service.js';
import { roleTooLow } from '../tabletop.errors.js';
import type {
  AchievementDto,
  CharacterArcChangeDto,
  CharacterArcDto,
  NewAchievementDto,
  NewCharacterArcDto,
} from './character-arcs.dto.js';
import {
  type AchievementDetails,
  type ArcDetails,
  toAchievementDto,
  toCharacterArcDto,
} from './character-arcs.mapper.js';

const MOST_LISTED = 200;

/** What belongs to a character as objects of their own: its arcs, by a master or its player, and what it has achieved, by a master. */
@Injectable()
export class CharacterArcs {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly objects: CampaignObjects,
    private readonly idempotency: IdempotencyService,
  ) {}

  /** A master's belongs to the character's player, where it is shown to them: an owner sees what is theirs. @throws DomainError unknown object; somebody else's character */
  create(
    caller: Principal,
    characterId: string,
    wish: NewCharacterArcDto,
    request: IdempotentRequest | undefined,
  ): Promise<Outcome<CharacterArcDto>> {
    return this.uow.run(caller, (tx) =>
      this.idempotency.once(tx, caller, request, 201, async () => {
        const { object, seat } = await this.objects.find(tx, caller, 'character', characterId);
        assertRole(seat, 'player');
        if (seat.role !== 'gm' && object.ownerId !== caller.id) throw roleTooLow('gm');
        const { status, goals, milestones, ...draft } = wish;
        const details: ArcDetails = {
          status: status ?? 'planned',
          goals: goals ?? [],
          milestones: (milestones ?? []).map(({ text, reachedAt }) => ({
            text,
            reachedAt: reachedAt ?? null,
          })),
        };
        const isShown =
          seat.role !== 'gm' ||
          draft.visibility === 'party' ||
          (object.ownerId !== null && draft.shownTo?.includes(object.ownerId) === true);
        const ownerId = draft.ownerId === undefined && isShown ? object.ownerId : (draft.ownerId ?? null);
        const row = await this.objects.create(tx, caller, seat, {
          ...draft,
          ownerId,
          kind: 'arc',
          parentId: object.id,
          details,
        });
        return toCharacterArcDto(row, seat);
      }),
    );
  }

  /** By name. @throws DomainError unknown object */
  list(caller: Principal, characterId: string): Promise<CharacterArcDto[]> {
    return this.uow.run(caller, async (tx) => {
      const { object, seat } = await this.objects.find(tx, caller, 'character', characterId);
      const rows = await this.objects.list(
        tx,
        seat,
        { kinds: ['arc'], parentId: object.id },
        null,
        MOST_LISTED,
      );
      return rows.map((row) => toCharacterArcDto(row, seat));
    });
  }

  /** @throws DomainError as {@link CampaignObjects.change} */
  change(
    caller: Principal,
    id: string,
    wish: CharacterArcChangeDto,
    seen: number | undefined,
  ): Promise<CharacterArcDto> {
    return this.uow.run(caller, async (tx) => {
      const { object, seat } = await this.objects.find(tx, caller, 'arc', id);
      const { status, goals, milestones, spotlightMinutes, ...patch } = wish;
      const before = object.details as ArcDetails;
      const details: ArcDetails = {
        ...before,
        ...(status !== undefined && { status }),
        ...(goals !== undefined && { goals }),
        ...(milestones !== undefined && {
          milestones: milestones.map(({ text, reachedAt }) => ({ text, reachedAt: reachedAt ?? null })),
        }),
        ...(spotlightMinutes !== undefined && { spotlightMinutes }),
      };
      // Details are written whole, so what they were made from must be what is there.
      const from = seen ?? object.version;
      return toCharacterArcDto(
        await this.objects.change(tx, caller, 'arc', id, { ...patch, details }, from),
        seat,
      );
    });
  }

  /** @throws DomainError as {@link CampaignObjects.remove} */
  async remove(caller: Principal, id: string, seen: number | undefined): Promise<void> {
    await this.uow.run(caller, (tx) => this.objects.remove(tx, caller, 'arc', id, seen));
  }

  /** By a master; seen by whoever may see the character, unless said otherwise. @throws DomainError unknown object, the role is too low */
  award(
    caller: Principal,
    characterId: string,
    wish: NewAchievementDto,
    request: IdempotentRequest | undefined,
    now = new Date(),
  ): Promise<Outcome<AchievementDto>> {
    return this.uow.run(caller, (tx) =>
      this.idempotency.once(tx, caller, request, 201, async () => {
        const { object, seat } = await this.objects.find(tx, caller, 'character', characterId);
        assertRole(seat, 'gm');
        const { awardedAt, ...draft } = wish;
        const details: AchievementDetails = { awardedAt: new Date(awardedAt ?? now).toISOString() };
        const shown = {
          visibility: draft.visibility ?? object.visibility,
          shownTo: draft.shownTo ?? object.shownTo,
        };
        const row = await this.objects.create(tx, caller, seat, {
          ...draft,
          ...shown,
          kind: 'achievement',
          parentId: object.id,
          details,
        });
        return toAchievementDto(row, seat);
      }),
    );
  }

  /** By name. @throws DomainError unknown object */
  listAchievements(caller: Principal, characterId: string): Promise<AchievementDto[]> {
    return this.uow.run(caller, async (tx) => {
      const { object, seat } = await this.objects.find(tx, caller, 'character', characterId);
      const filter = { kinds: ['achievement'], parentId: object.id } as const;
      const rows = await this.objects.list(tx, seat, filter, null, MOST_LISTED);
      return rows.map((row) => toAchievementDto(row, seat));
    });
  }

  /** @throws DomainError as {@link CampaignObjects.remove} */
  async revoke(caller: Principal, id: string): Promise<void> {
    await this.uow.run(caller, (tx) => this.objects.remove(tx, caller, 'achievement', id));
  }
}
