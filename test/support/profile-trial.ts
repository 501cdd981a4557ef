import { v7 as uuidv7 } from 'uuid';
import { CatalogDirectory } from '../../src/destiny/catalysts/catalog-directory.service.js';
import type { CatalystFacts } from '../../src/destiny/catalysts/catalog.js';
import { CatalystNotices } from '../../src/destiny/catalysts/catalyst-notices.service.js';
import { CatalystStalls } from '../../src/destiny/catalysts/catalyst-stalls.service.js';
import { CatalystStatusesRepository } from '../../src/destiny/catalysts/catalyst-statuses.repository.js';
import type {
  ItemSnapshot,
  ObjectiveSnapshot,
  ProfileSnapshot,
  RecordSnapshot,
} from '../../src/destiny/bungie/profile-snapshot.js';
import { ProfilesRepository } from '../../src/destiny/profiles/profiles.repository.js';
import { StoreSnapshot } from '../../src/destiny/profiles/store-snapshot.service.js';
import { WeaponsRepository } from '../../src/destiny/weapons/weapons.repository.js';
import { SYSTEM_SCOPE } from '../../src/platform/database/system-scope.js';
import { JobsRepository } from '../../src/platform/jobs/jobs.repository.js';
import { Jobs } from '../../src/platform/jobs/jobs.service.js';
import { parseEnvironment } from '../../src/platform/config/env.js';
import { Mailer } from '../../src/platform/notifications/mailer.service.js';
import { NotificationDeliveriesRepository } from '../../src/platform/notifications/notification-deliveries.repository.js';
import { NotificationsRepository } from '../../src/platform/notifications/notifications.repository.js';
import { Notifications } from '../../src/platform/notifications/notifications.service.js';
import type { StoreOutcome } from '../../src/platform/sync/sync-source.js';
import type { TestUnits } from './units.js';

// What becomes of a reading of a profile, on a database, without Bungie.

export interface TrialMembership {
  readonly id: string;
  readonly userId: string;
  readonly membershipType: number;
  readonly membershipId: string;
}

export interface StoredCatalyst {
  state: string;
  pct: number;
  objectives: { progress: number | null; target: number | null }[];
  foundAt: Date | null;
  completedAt: Date | null;
  progressedAt: Date | null;
}

export class ProfileTrial {
  readonly profiles = new ProfilesRepository();
  readonly statuses = new CatalystStatusesRepository();
  readonly weapons = new WeaponsRepository();
  readonly catalog = new CatalogDirectory();
  readonly snapshots: StoreSnapshot;

  constructor(readonly units: TestUnits) {
    const jobs = new Jobs(new JobsRepository(), { ring: () => undefined });
    const mailer = new Mailer(parseEnvironment({ NODE_ENV: 'test' }));
    const notifications = new Notifications(
      new NotificationsRepository(),
      new NotificationDeliveriesRepository(),
      jobs,
      mailer,
    );
    const notices = new CatalystNotices(notifications);
    this.snapshots = new StoreSnapshot(
      this.profiles,
      this.catalog,
      this.statuses,
      this.weapons,
      notices,
      new CatalystStalls(this.statuses, notices),
    );
  }

  async addMembership(
    given: Partial<TrialMembership> & { isActive?: boolean } = {},
  ): Promise<TrialMembership> {
    const { isActive = true, ...rest } = given;
    const membership = {
      id: uuidv7(),
      userId: uuidv7(),
      membershipType: 3,
      membershipId: '4611686018499999999',
      ...rest,
    };
    await this.units.owner(
      `INSERT INTO destiny.membership (id, user_id, membership_type, membership_id, is_active, is_overridden, is_cross_save_primary, seen_at)
       VALUES ($1, $2, $3, $4, $5, false, false, now())`,
      [membership.id, membership.userId, membership.membershipType, membership.membershipId, isActive],
    );
    return membership;
  }

  store({ id }: TrialMembership, snapshot: ProfileSnapshot, nowMs?: number): Promise<StoreOutcome> {
    return this.units.system.run(SYSTEM_SCOPE, (tx) => this.snapshots.store(tx, id, snapshot, nowMs));
  }

  async catalyst({ id }: TrialMembership, { recordHash }: CatalystFacts): Promise<StoredCatalyst> {
    const [row] = await this.units.owner<StoredCatalyst>(
      `SELECT state, pct, objectives, found_at AS "foundAt", completed_at AS "completedAt", progressed_at AS "progressedAt"
       FROM destiny.catalyst_status WHERE membership_id = $1 AND record_hash = $2`,
      [id, recordHash],
    );
    return row!;
  }

  /** `step` of each, in the order in which they were told. */
  async told({ userId }: Pick<TrialMembership, 'userId'>): Promise<string[]> {
    const rows = await this.units.owner<{ step: string }>(
      `SELECT payload ->> 'step' AS step FROM platform.notification WHERE user_id = $1 ORDER BY seq`,
      [userId],
    );
    return rows.map(({ step }) => step);
  }

  /** `progress/target` of each move, oldest first. */
  async moves({ id }: TrialMembership, { recordHash }: CatalystFacts): Promise<string[]> {
    const rows = await this.units.owner<{ move: string }>(
      `SELECT progress || '/' || target AS move FROM destiny.catalyst_progress
       WHERE membership_id = $1 AND record_hash = $2 ORDER BY minted_at, objective_hash`,
      [id, recordHash],
    );
    return rows.map(({ move }) => move);
  }

  async weaponsOf({ id }: TrialMembership): Promise<{ id: string; location: string; seen: Date }[]> {
    return this.units.owner(
      `SELECT item_instance_id AS id, location, first_seen_at AS seen FROM destiny.weapon WHERE membership_id = $1 ORDER BY 1`,
      [id],
    );
  }

  async profile({ id }: TrialMembership): Promise<Record<string, unknown> | undefined> {
    const [row] = await this.units.owner<Record<string, unknown>>(
      'SELECT * FROM destiny.profile WHERE membership_id = $1',
      [id],
    );
    return row;
  }

  /** Names of all row versions: equal before and after means that nothing was written. Of the profile apart. */
  async versions({ id }: TrialMembership): Promise<{ rows: string; profile: string }> {
    const versionsOf = async (table: string): Promise<string> => {
      const rows = await this.units.owner<{ at: string }>(
        `SELECT coalesce(string_agg(ctid || ':' || xmin, ' ' ORDER BY ctid), '') AS at FROM destiny.${table} WHERE membership_id = $1`,
        [id],
      );
      return rows[0]!.at;
    };
    const tables = ['catalyst_status', 'catalyst_progress', 'weapon'];
    const rows = await Promise.all(tables.map(versionsOf));
    return { rows: rows.join('\n'), profile: await versionsOf('profile') };
  }

  async track({ userId }: TrialMembership, { recordHash }: CatalystFacts): Promise<void> {
    await this.units.app.run({ id: userId }, (tx) => this.statuses.insertTracked(tx, userId, recordHash));
  }
}

/** Unix milliseconds; minutes of the trials are counted from here. */
export const FIRST_MINT = Date.UTC(2026, 5, 9, 17);
export const minted = (minutes: number): number => FIRST_MINT + minutes * 60_000;

/** A reading with nothing in it but a character. */
export function snapshotOf(minutes: number, given: Partial<ProfileSnapshot> = {}): ProfileSnapshot {
  const mintedAtMs = minted(minutes);
  return {
    membershipType: 3,
    membershipId: '4611686018499999999',
    mintedAtMs,
    recordsMintedAtMs: mintedAtMs,
    lastPlayedAtMs: mintedAtMs,
    characters: [characterOf(1_000)],
    records: 'present',
    profileRecords: new Map(),
    characterRecords: new Map(),
    inventory: 'present',
    items: [],
    ...given,
  };
}

export function characterOf(
  minutesPlayed: number,
  characterId = '2305843009600000001',
): ProfileSnapshot['characters'][number] {
  return { characterId, classType: 2, minutesPlayed, lastPlayedAtMs: FIRST_MINT, power: 2_000 };
}

/** @param state bits of DestinyRecordState */
export function recordOf(
  { recordHash, objectives }: CatalystFacts,
  state: number,
  progress: readonly (number | null)[] = [],
  given: Partial<ObjectiveSnapshot> = {},
): [number, RecordSnapshot] {
  const read = progress.map((done, index) => {
    const completionValue = objectives[index]?.target ?? 100;
    const isComplete = done !== null && done >= completionValue;
    return {
      objectiveHash: index + 1,
      progress: done,
      completionValue,
      isComplete,
      isVisible: true,
      ...given,
    };
  });
  return [recordHash, { recordHash, state, objectives: read }];
}

export function weaponOf(number: number, given: Partial<ItemSnapshot> = {}): ItemSnapshot {
  return {
    itemInstanceId: `69175294000000000${String(number).padStart(2, '0')}`,
    itemHash: 4_190_156_464,
    bucketHash: 138_197_802,
    location: 'vault',
    characterId: null,
    state: 0,
    power: 2_000,
    damageType: 3,
    stats: [{ statHash: 4_043_523_819, value: 92 }],
    sockets: [{ plugHash: 878_286_503, isEnabled: true, isVisible: true, choices: [878_286_503] }],
    ...given,
  };
}
