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
import type { ObjectRow } from '../objects/objects.repository.js';
import type { AchievementDetails, ArcDetails } from './character-arcs.mapper.js';
import { CharacterListsRepository } from './character-lists.repository.js';
import { CharacterSheetsRepository } from './character-sheets.repository.js';
import { CharacterWriter } from './character-writer.service.js';
import type { CharacterDto, EvolutionStepDto, ExperienceDto } from './characters.dto.js';
import { toCharacterDto } from './characters.mapper.js';
import { levelOf, MOST_XP } from './experience.js';

const MOST_STEPS = 500;
const MOST_SHOWN = 1_000;

/** How characters get on: points and levels, and their way so far. */
@Injectable()
export class CharacterProgress {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly objects: CampaignObjects,
    private readonly writer: CharacterWriter,
    private readonly sheets: CharacterSheetsRepository,
    private readonly lists: CharacterListsRepository,
    private readonly idempotency: IdempotencyService,
  ) {}

  /** By a master. The level follows from the system's table where nobody says it. @throws DomainError unknown object, the role is too low */
  addExperience(
    caller: Principal,
    id: string,
    { amount, level, reason }: ExperienceDto,
    request: IdempotentRequest | undefined,
    now = new Date(),
  ): Promise<Outcome<CharacterDto>> {
    return this.uow.run(caller, (tx) =>
      this.idempotency.once(tx, caller, request, 200, async () => {
        const found = await this.writer.lock(tx, caller, id);
        assertRole(found.seat, 'gm');
        const { object, seat } = found;
        const play = found.play!;
        const xp = Math.min(MOST_XP, Math.max(0, play.xp + amount));
        const reached = level ?? levelOf(seat.campaign.system, xp) ?? play.level;
        const step = { at: now.toISOString(), amount: xp - play.xp, xp, level: reached, reason };
        const progress = [...play.progress, step].slice(-MOST_STEPS);
        await this.sheets.updateProgress(tx, object.id, { xp, level: reached, progress });
        return toCharacterDto(await this.writer.raise(tx, caller, found, { xp, level: reached }));
      }),
    );
  }

  /** Of what the caller sees: points where they see how it is played, achievements, milestones of arcs, relations. @throws DomainError unknown object */
  evolution(caller: Principal, id: string): Promise<EvolutionStepDto[]> {
    return this.uow.run(caller, async (tx) => {
      const { object, seat, play } = await this.writer.find(tx, caller, id);
      const filter = { kinds: ['arc', 'achievement'], parentId: object.id } as const;
      const belongings = await this.objects.list(tx, seat, filter, null, MOST_STEPS);
      const relations = await this.lists.listRelationSteps(tx, object.campaignId, object.id, MOST_STEPS);
      const steps: EvolutionStepDto[] = [
        ...(play?.progress ?? []).map(({ at, reason, level }) => ({
          at,
          kind: 'experience' as const,
          text: reason,
          refId: null,
          level,
        })),
        ...belongings.flatMap(stepsOf),
        ...relations.map(({ at, linkId, type, otherName }) => ({
          at: at.toISOString(),
          kind: 'relationship' as const,
          text: `${type}: ${otherName}`,
          refId: linkId,
          level: null,
        })),
      ];
      return steps
        .sort((one, other) => (one.at < other.at ? -1 : Number(one.at > other.at)))
        .slice(-MOST_SHOWN);
    });
  }
}

function stepsOf(row: ObjectRow): EvolutionStepDto[] {
  if (row.kind === 'achievement') {
    const { awardedAt } = row.details as AchievementDetails;
    return [
      {
        at: awardedAt ?? row.createdAt.toISOString(),
        kind: 'achievement',
        text: row.name,
        refId: row.id,
        level: null,
      },
    ];
  }
  const { milestones = [] } = row.details as ArcDetails;
  return milestones.flatMap(({ text, reachedAt }) =>
    reachedAt == null
      ? []
      : [
          {
            at: new Date(reachedAt).toISOString(),
            kind: 'milestone' as const,
            text: `${row.name}: ${text}`,
            refId: row.id,
            level: null,
          },
        ],
  );
}
