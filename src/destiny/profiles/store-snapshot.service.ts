import { Injectable } from '@nestjs/common';
import { digestUuid } from '../../platform/crypto/digest.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { StoreOutcome } from '../../platform/sync/sync-source.js';
import type { ItemSnapshot, ProfileSnapshot } from '../bungie/profile-snapshot.js';
import { CatalogDirectory } from '../catalysts/catalog-directory.service.js';
import { CatalystNotices } from '../catalysts/catalyst-notices.service.js';
import { CatalystStalls } from '../catalysts/catalyst-stalls.service.js';
import { CatalystStatusesRepository, type Holder } from '../catalysts/catalyst-statuses.repository.js';
import { judgeCatalyst } from '../catalysts/judge-catalyst.js';
import { WeaponsRepository, type WeaponRow } from '../weapons/weapons.repository.js';
import { advanceStatus, type Reading } from './advance-status.js';
import { minutesPlayedSoFar } from './minutes-played.js';
import { type ProfileRow, ProfilesRepository } from './profiles.repository.js';
import { refreshIntervalMs } from './refresh-interval.js';
import { contentOf, isWeapon } from './weapon-content.js';

const UNCHANGED: StoreOutcome = { inserted: 0, updated: 0, unchanged: 1 };

/**
 * One reading of a player becomes what everybody reads. Bungie's servers answer from caches of different age, so the records and the rest
 * each have a time of their own, and what was made before what is stored is thrown away. Parts that did not come leave what was stored,
 * and of the records the time of what was stored.
 */
@Injectable()
export class StoreSnapshot {
  constructor(
    private readonly profiles: ProfilesRepository,
    private readonly catalog: CatalogDirectory,
    private readonly statuses: CatalystStatusesRepository,
    private readonly weapons: WeaponsRepository,
    private readonly notices: CatalystNotices,
    private readonly stalls: CatalystStalls,
  ) {}

  /** In the transaction of the page, of the system role. A membership that is gone meanwhile is no fault. */
  async store(
    tx: Tx,
    membershipId: string,
    snapshot: ProfileSnapshot,
    nowMs = Date.now(),
  ): Promise<StoreOutcome> {
    const before = await this.profiles.lockProfile(tx, membershipId);
    if (before === undefined) return UNCHANGED;
    const holder = { membershipId, userId: before.userId };
    const isNewer = snapshot.mintedAtMs > (before.mintedAt?.getTime() ?? -Infinity);
    const areRecordsNewer = snapshot.recordsMintedAtMs > (before.recordsMintedAt?.getTime() ?? -Infinity);
    if (!isNewer && !areRecordsNewer) return UNCHANGED;
    const minutesPlayed = minutesOf(before, snapshot);
    const hasRecords = areRecordsNewer && snapshot.records === 'present';
    const reading = { mintedAt: new Date(snapshot.recordsMintedAtMs), minutesPlayed };
    const changedCatalysts = hasRecords ? await this.storeCatalysts(tx, holder, snapshot, reading) : 0;
    const changedWeapons = isNewer ? await this.storeWeapons(tx, holder, snapshot) : 0;
    const after = {
      ...(isNewer && readOf(before, snapshot, minutesPlayed)),
      ...(hasRecords && { recordsMintedAt: reading.mintedAt }),
      ...(areRecordsNewer && { recordsState: snapshot.records }),
    };
    const row = { ...before, ...after };
    const areRecordsOther = row.recordsState !== before.recordsState;
    const isInventoryOther = row.inventoryState !== before.inventoryState;
    await this.profiles.updateRead(tx, {
      ...row,
      catalystsVersion: before.catalystsVersion + (changedCatalysts > 0 || areRecordsOther ? 1 : 0),
      weaponsVersion: before.weaponsVersion + (changedWeapons > 0 || isInventoryOther ? 1 : 0),
      dueAt: new Date(nowMs + refreshIntervalMs(row.lastPlayedAt?.getTime() ?? null, nowMs)),
    });
    if (before.mintedAt === null) return { inserted: 1, updated: 0, unchanged: 0 };
    return changedCatalysts + changedWeapons === 0 ? UNCHANGED : { inserted: 0, updated: 1, unchanged: 0 };
  }

  /** @returns how many stand otherwise than before */
  private async storeCatalysts(
    tx: Tx,
    holder: Holder,
    snapshot: ProfileSnapshot,
    reading: Reading,
  ): Promise<number> {
    const stored = new Map(
      (await this.statuses.listStatuses(tx, holder.membershipId)).map((row) => [row.recordHash, row]),
    );
    const { catalysts } = this.catalog.current();
    const steps = catalysts.flatMap((facts) => {
      const step = advanceStatus(stored.get(facts.recordHash), judgeCatalyst(snapshot, facts), reading);
      return step === undefined ? [] : [{ facts, ...step }];
    });
    const rows = steps.map(({ row }) => ({ ...row, objectives: [...row.objectives] }));
    await this.statuses.upsertStatuses(tx, holder, rows);
    await this.statuses.insertProgress(
      tx,
      holder,
      steps.flatMap(({ moves }) => moves),
    );
    await this.notices.tell(tx, holder, steps);
    for (const row of rows) stored.set(row.recordHash, row);
    const standing = catalysts.flatMap((facts) => {
      const row = stored.get(facts.recordHash);
      return row === undefined ? [] : [{ facts, row }];
    });
    const { mintedAt, minutesPlayed } = reading;
    await this.stalls.tell(tx, holder, standing, { atMs: mintedAt.getTime(), minutesPlayed });
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
    contentHash: digestUuid(contentOf(item)),
  };
}

/** What a newer answer says of the player and the characters; who is not told stays as known. */
function readOf(
  before: ProfileRow,
  { mintedAtMs, inventory, lastPlayedAtMs, characters }: ProfileSnapshot,
  minutesPlayed: number,
): Partial<ProfileRow> {
  return {
    mintedAt: new Date(mintedAtMs),
    inventoryState: inventory,
    lastPlayedAt: lastPlayedAtMs === null ? before.lastPlayedAt : new Date(lastPlayedAtMs),
    minutesPlayed,
    characters: characters.length === 0 ? before.characters : [...characters],
  };
}

function minutesOf(before: ProfileRow, { mintedAtMs, characters }: ProfileSnapshot): number {
  const elapsedMs = before.mintedAt === null ? null : mintedAtMs - before.mintedAt.getTime();
  return minutesPlayedSoFar(before, characters, elapsedMs);
}
