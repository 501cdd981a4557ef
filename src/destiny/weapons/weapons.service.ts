import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/auth/principal.js';
import type { Cache } from '../../platform/cache/cache.js';
import { Caches } from '../../platform/cache/caches.service.js';
import { UnitOfWork } from '../../platform/database/unit-of-work.js';
import { decodeCursor, encodeCursor } from '../../platform/http/keyset.js';
import { Profiler } from '../../platform/profiling/profiler.service.js';
import type { ComponentState, ItemSnapshot } from '../bungie/profile-snapshot.js';
import { invalidCursor, unknownWeapon } from '../destiny.errors.js';
import { Definitions } from '../manifest/definitions.service.js';
import { isStale } from '../profiles/refresh-interval.js';
import { aggregate, filterWeapons, sortWeapons, type WeaponFilter } from './weapon-filters.js';
import { toWeaponView, type WeaponView } from './weapon-view.js';
import type {
  WeaponAgeDto,
  WeaponDetailDto,
  WeaponGroupsDto,
  WeaponGroupsQueryDto,
  WeaponsDto,
  WeaponsFilterDto,
  WeaponsQueryDto,
} from './weapons.dto.js';
import { toWeaponDto } from './weapons.mapper.js';
import { type WeaponRow, WeaponsRepository } from './weapons.repository.js';

interface ActiveRow {
  membershipId: string;
  version: number;
  mintedAt: Date | null;
  lastPlayedAt: Date | null;
  inventoryState: ComponentState;
}

/** Whole inventories in words that this process keeps, a megabyte or so each. */
const MOST_INVENTORIES = 64;
const INVENTORY_TTL_MS = 600_000;

/** A player's weapons with what is known of how old that is. */
export interface OwnWeapons {
  readonly views: readonly WeaponView[];
  readonly inventoryState: ComponentState;
  readonly asOf: Date | null;
  readonly isStale: boolean;
}

/** What a player sees of weapons: the last reading in the words of the definitions. */
@Injectable()
export class WeaponsService {
  private readonly inventories: Cache<readonly WeaponView[]>;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly rows: WeaponsRepository,
    private readonly definitions: Definitions,
    private readonly profiler: Profiler,
    caches: Caches,
  ) {
    this.inventories = caches.open({
      name: 'destiny.inventories',
      ttlMs: INVENTORY_TTL_MS,
      mostEntries: MOST_INVENTORIES,
      version: 1,
    });
  }

  read(caller: Principal, language?: string, nowMs = Date.now()): Promise<OwnWeapons> {
    return this.profiler.time('weapon_fetch', async (): Promise<OwnWeapons> => {
      const [row] = await this.uow.read<ActiveRow>(caller, this.rows.findActive());
      if (row === undefined) return { views: [], inventoryState: 'absent', asOf: null, isStale: false };
      const { inventoryState, mintedAt, lastPlayedAt } = row;
      const isOld = isStale(mintedAt?.getTime() ?? null, lastPlayedAt?.getTime() ?? null, nowMs);
      return {
        views: await this.inventory(caller, row, language),
        inventoryState,
        asOf: mintedAt,
        isStale: isOld || (mintedAt !== null && inventoryState !== 'present'),
      };
    });
  }

  /** @throws DomainError for a cursor of another list */
  async list(caller: Principal, query: WeaponsQueryDto): Promise<WeaponsDto> {
    const own = await this.read(caller, query.lang);
    const sorted = sortWeapons(filterWeapons(own.views, filterOf(query)), query.sort, query.order);
    const start = query.cursor === undefined ? 0 : placeAfter(sorted, query.cursor);
    const shown = sorted.slice(start, start + query.limit);
    const last = shown.at(-1);
    const hasMore = last !== undefined && start + query.limit < sorted.length;
    return {
      ...ageOf(own),
      items: shown.map(toWeaponDto),
      total: sorted.length,
      nextCursor: hasMore ? encodeCursor([last.itemInstanceId]) : null,
    };
  }

  /** @throws DomainError unknown weapon */
  async find(caller: Principal, itemInstanceId: string, language?: string): Promise<WeaponDetailDto> {
    const { view, asOf } = await this.view(caller, itemInstanceId, language);
    return { ...toWeaponDto(view), asOf: asOf?.toISOString() ?? null };
  }

  /** @throws DomainError unknown weapon */
  async view(
    caller: Principal,
    itemInstanceId: string,
    language?: string,
  ): Promise<{ view: WeaponView; asOf: Date | null }> {
    const statement = this.rows.findOne(itemInstanceId);
    const [row] = await this.uow.read<WeaponRow & { mintedAt: Date | null }>(caller, statement);
    const [view] = row === undefined ? [] : await this.viewsOf([row.item], language);
    if (row === undefined || view === undefined) throw unknownWeapon();
    return { view, asOf: row.mintedAt };
  }

  async groups(caller: Principal, query: WeaponGroupsQueryDto): Promise<WeaponGroupsDto> {
    const own = await this.read(caller, query.lang);
    const left = filterWeapons(own.views, filterOf(query));
    const items = aggregate(left, query.groupBy).map(({ key, count }) => ({ key, count }));
    return { ...ageOf(own), groupBy: query.groupBy, total: left.length, items };
  }

  /** Versions count what has changed, so whatever is known under one is right for as long as the manifest stays. */
  private async inventory(
    caller: Principal,
    { membershipId, version }: ActiveRow,
    language: string | undefined,
  ): Promise<readonly WeaponView[]> {
    const key = `${membershipId}/${version}/${await this.definitions.edition(language)}`;
    return this.inventories.get(key, async () => {
      const [row] = await this.uow.read<{ items: ItemSnapshot[] }>(caller, this.rows.listItems(membershipId));
      return this.viewsOf(row?.items ?? [], language);
    });
  }

  private async viewsOf(items: readonly ItemSnapshot[], language: string | undefined): Promise<WeaponView[]> {
    const hashes = new Set<number>();
    for (const { itemHash, sockets } of items) {
      hashes.add(itemHash);
      for (const { plugHash, choices } of sockets) {
        if (plugHash !== null) hashes.add(plugHash);
        for (const choice of choices) hashes.add(choice);
      }
    }
    const definitions = await this.profiler.time('manifest_lookup', () =>
      this.definitions.lookup(hashes, language),
    );
    return items.flatMap((item) => toWeaponView(item, definitions) ?? []);
  }
}

function ageOf({ asOf, isStale: isOld, inventoryState }: OwnWeapons): WeaponAgeDto {
  return { asOf: asOf?.toISOString() ?? null, isStale: isOld, inventoryState };
}

function filterOf(query: WeaponsFilterDto): WeaponFilter {
  const given = {
    types: query.type,
    elements: query.element,
    slots: query.slot,
    rarities: query.rarity,
    locations: query.location,
    perks: query.perk,
    isPerkSelected: query.isPerkSelected,
    q: query.q,
    isMasterwork: query.isMasterwork,
    isCrafted: query.isCrafted,
    isLocked: query.isLocked,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** @throws DomainError where the list has no such place any more */
function placeAfter(sorted: readonly WeaponView[], cursor: string): number {
  const [id] = decodeCursor(cursor, ['string'] as const);
  const place = sorted.findIndex(({ itemInstanceId }) => itemInstanceId === id);
  if (place === -1) throw invalidCursor();
  return place + 1;
}
