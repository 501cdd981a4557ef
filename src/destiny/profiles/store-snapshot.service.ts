import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { StoreOutcome } from '../../platform/sync/sync-source.js';
import type { ItemSnapshot, ProfileSnapshot } from '../bungie/profile-snapshot.js';
import { CatalystNotices } from '../catalysts/catalyst-notices.service.js';
import { CatalystStatusesRepository, type Holder } from '../catalysts/catalyst-statuses.repository.js';
import { CatalogDirectory } from '../catalysts/catalog-directory.service.js';
import { judgeCatalyst } from '../catalysts/judge-catalyst.js';
import { WeaponsRepository, type WeaponRow } from '../weapons/weapons.repository.js';
import { advanceStatus } from './advance-status.js';
import { type ProfileRow, ProfilesRepository } from './profiles.repository.js';
import { contentOf, isWeapon } from './weapon-content.js';
import { digestId } from './digest-id.js';

const UNCHANGED: StoreOutcome = { inserted: 0, updated: 0, unchanged: 1 };

/**
 * One reading of a player becomes what everybody reads. Bungie's servers answer from caches of different age, so the records and the rest
 * each have a time of their own, and what was made before what is stored is thrown away. Parts that did not come leave what was stored.
 */
@Injectable()
export class StoreSnapshot {
  constructor(
    private readonly profiles: ProfilesRepository,
    private readonly catalog: CatalogDirectory,
    private readonly statuses: CatalystStatusesRepository,
    private readonly weapons: WeaponsRepository,
    private readonly notices: CatalystNotices,
  ) {}

  /** In the transaction of the page, of the system role. A membership that is gone meanwhile is no fault. */
  async store(tx: Tx, membershipId: string, snapshot: ProfileSnapshot): Promise<StoreOutcome> {
    const before = await this.profiles.lockProfile(tx, membershipId);
    if (before === undefined) return UNCHANGED;
    const holder = { membershipId, userId: before.userId };
    const minutesPlayed = snapshot.characters.reduce((sum, { minutesPlayed: minutes }) => sum + minutes, 0);
    const isNewer = snapshot.mintedAtMs > (before.mintedAt?.getTime() ?? -Infinity);
    const areRecordsNewer = snapshot.recordsMintedAtMs > (before.recordsMintedAt?.getTime() ?? -Infinity);
    if (!isNewer && !areRecordsNewer) return UNCHANGED;
    const changedCatalysts = areRecordsNewer
      ? await this.storeCatalysts(tx, holder, snapshot, { before, minutesPlayed })
      : 0;
    const changedWeapons = isNewer ? await this.storeWeapons(tx, holder, snapshot) : 0;
    const isRecordsStateOther = areRecordsNewer && snapshot.records !== before.recordsState;
    const isInventoryStateOther = isNewer && snapshot.inventory !== before.inventoryState;
    await this.profiles.updateRead(tx, {
      membershipId,
      mintedAt: isNewer ? new Date(snapshot.mintedAtMs) : before.mintedAt,
      recordsMintedAt: areRecordsNewer ? new Date(snapshot.recordsMintedAtMs) : before.recordsMintedAt,
      recordsState: areRecordsNewer ? snapshot.records : before.recordsState,
      inventoryState: isNewer ? snapshot.inventory : before.inventoryState,
      lastPlayedAt: isNewer ? dateOf(snapshot.lastPlayedAtMs) : before.lastPlayedAt,
      minutesPlayed: isNewer ? minutesPlayed : before.minutesPlayed,
      characters: isNewer ? [...snapshot.characters] : before.characters,
      catalystsVersion: before.catalystsVersion + (changedCatalysts > 0 || isRecordsStateOther ? 1 : 0),
      weaponsVersion: before.weaponsVersion + (changedWeapons > 0 || isInventoryStateOther ? 1 : 0),
    });
    if (before.mintedAt === null) return { inserted: 1, updated: 0, unchanged: 0 };
    return changedCatalysts + changedWeapons === 0 ? UNCHANGED : { inserted: 0, updated: 1, unchanged: 0 };
  }

  /** @returns how many stand otherwise than before */
  private async storeCatalysts(
    tx: Tx,
    holder: Holder,
    snapshot: ProfileSnapshot,
    { before, minutesPlayed }: { before: ProfileRow; minutesPlayed: number },
  ): Promise<number> {
    if (snapshot.records !== 'present') return 0;
    const stored = new Map(
      (await this.statuses.listStatuses(tx, holder.membershipId)).map((row) => [row.recordHash, row]),
    );
    const reading = {
      mintedAt: new Date(snapshot.recordsMintedAtMs),
      minutesPlayed: Math.max(minutesPlayed, before.minutesPlayed),
    };
    const steps = this.catalog.current().catalysts.flatMap((facts) => {
      const known = stored.get(facts.recordHash);
      const status = judgeCatalyst(snapshot, facts);
      const step = advanceStatus(known, status, reading);
      return step === undefined ? [] : [{ facts, known, ...step }];
    });
    const rows = steps.map(({ row }) => ({ ...row, objectives: [...row.objectives] }));
    await this.statuses.upsertStatuses(tx, holder, rows);
    await this.statuses.insertProgress(
      tx,
      holder,
      steps.flatMap(({ moves }) => moves),
    );
    await this.notices.tell(tx, holder, steps);
    return steps.length;
  }

  /** @returns how many are new, gone or otherwise than before */
  private async storeWeapons(
    tx: Tx,
    holder: Holder,
    { inventory, items, mintedAtMs }: ProfileSnapshot,
  ): Promise<number> {
    if (inventory !== 'present') return 0;
    const left = await this.weapons.listHashes(tx, holder.membershipId);
    const rows = new Map(items.filter(isWeapon).map((item) => [item.itemInstanceId, rowOf(item)]));
    const changed = [...rows.values()].filter((row) => left.get(row.itemInstanceId) !== row.contentHash);
    for (const id of rows.keys()) left.delete(id);
    await this.weapons.upsertWeapons(tx, holder, new Date(mintedAtMs), changed);
    await this.weapons.deleteWeapons(tx, holder.membershipId, [...left.keys()]);
    return changed.length + left.size;
  }
}

function rowOf(item: ItemSnapshot): WeaponRow {
  const { itemInstanceId, itemHash, location, characterId, power } = item;
  return {
    itemInstanceId,
    itemHash,
    location,
    characterId,
    power,
    item,
    contentHash: digestId(contentOf(item)),
  };
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
