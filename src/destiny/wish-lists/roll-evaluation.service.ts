import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { Definitions } from '../manifest/definitions.service.js';
import { WeaponsService } from '../weapons/weapons.service.js';
import { rateRoll } from '../weapons/roll-tiers.js';
import type { PlugCategory, WeaponDefinitions } from '../weapons/weapon-definition.js';
import type {
  EvaluateRollsDto,
  RollEvaluationDto,
  RollEvaluationsDto,
  RollToEvaluateDto,
  WishVerdictDto,
} from './rolls.dto.js';
import { type RolledWeapon, rolledWeaponOf } from './wish-list-match.js';
import { toWishHitDto } from './wish-lists.mapper.js';
import { WishLists, type WishVerdict } from './wish-lists.service.js';

const SCORED: ReadonlySet<PlugCategory> = new Set(['barrel', 'magazine', 'trait']);

/** How good rolls are: by the table of synergies, and by the caller's wish lists. */
@Injectable()
export class RollEvaluation {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly definitions: Definitions,
    private readonly wishes: WishLists,
    private readonly weapons: WeaponsService,
  ) {}

  /** @throws DomainError unknown weapon */
  async matches(caller: Principal, itemInstanceId: string): Promise<WishVerdictDto> {
    const { view } = await this.weapons.view(caller, itemInstanceId);
    return toVerdictDto(await this.uow.run(caller, (tx) => this.wishes.matches(tx, rolledWeaponOf(view))));
  }

  async evaluate(caller: Principal, { context, weapons }: EvaluateRollsDto): Promise<RollEvaluationsDto> {
    const hashes = weapons.flatMap(({ itemHash, perks }) => [itemHash ?? [], perks ?? []].flat());
    const known = await this.definitions.lookup(hashes);
    const verdicts = await this.uow.run(caller, async (tx) => {
      const found: (WishVerdict | null)[] = [];
      for (const weapon of weapons) {
        const rolled = toRolledWeapon(weapon, known);
        found.push(rolled === null ? null : await this.wishes.matches(tx, rolled));
      }
      return found;
    });
    const items = weapons.map((weapon, index): RollEvaluationDto => {
      const roll = namedRoll(weapon, known);
      const isNamed = roll.column3 !== null || roll.column4 !== null;
      const rating = isNamed
        ? rateRoll(
            {
              archetype: roll.archetype ?? '',
              column3: roll.column3 ?? '',
              column4: roll.column4 ?? '',
            },
            context,
          )
        : null;
      return {
        ...roll,
        score: rating?.score ?? null,
        tier: rating?.tier ?? null,
        explanation: rating?.explanation ?? null,
        wishList: verdictOf(verdicts[index]),
      };
    });
    return { context, items };
  }
}

function namedRoll(
  { itemHash, archetype, column3, column4, perks }: RollToEvaluateDto,
  known: WeaponDefinitions,
): Pick<RollEvaluationDto, 'itemHash' | 'name' | 'archetype' | 'column3' | 'column4'> {
  const weapon = itemHash === undefined ? null : known.weapon(itemHash);
  const traits = (perks ?? []).flatMap((hash) => {
    const plug = known.plug(hash);
    return plug?.category === 'trait' && plug.name !== '' ? [plug.name] : [];
  });
  return {
    itemHash: itemHash ?? null,
    name: weapon?.name || null,
    archetype: archetype ?? (weapon?.weaponType || null),
    column3: column3 ?? traits[0] ?? null,
    column4: column4 ?? traits[1] ?? null,
  };
}

/** Each perk stands for a column: what nothing is known of may be one of the four. */
function toRolledWeapon(
  { itemHash, perks }: RollToEvaluateDto,
  known: WeaponDefinitions,
): RolledWeapon | null {
  if (itemHash === undefined) return null;
  return {
    itemHash,
    categoryHashes: known.weapon(itemHash)?.categoryHashes ?? [],
    columns: [...new Set(perks ?? [])].map((hash) => {
      const category = known.plug(hash)?.category;
      return {
        isScored: category === undefined || SCORED.has(category),
        selected: hash,
        selectable: [hash],
      };
    }),
  };
}

function verdictOf(verdict: WishVerdict | null | undefined): WishVerdictDto | null {
  return verdict ? toVerdictDto(verdict) : null;
}

function toVerdictDto(verdict: WishVerdict): WishVerdictDto {
  return {
    score: verdict.score,
    matchedColumns: verdict.matchedColumns,
    hitCount: verdict.hitCount,
    trashCount: verdict.trashCount,
    hits: verdict.hits.map(toWishHitDto),
    trash: verdict.trash.map(toWishHitDto),
  };
}
