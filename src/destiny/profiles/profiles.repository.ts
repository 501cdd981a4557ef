import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { ProfileEntity } from './profile.entity.js';

export type ProfileRow = ProfileEntity;

const COLUMNS = `p.membership_id AS "membershipId", p.user_id AS "userId", p.minted_at AS "mintedAt",
  p.records_minted_at AS "recordsMintedAt", p.records_state AS "recordsState", p.inventory_state AS "inventoryState",
  p.last_played_at AS "lastPlayedAt", p.minutes_played AS "minutesPlayed", p.characters,
  p.catalysts_version AS "catalystsVersion", p.weapons_version AS "weaponsVersion", p.requested_at AS "requestedAt", p.due_at AS "dueAt"`;

/** A membership that a run reads. */
export interface DueMembership {
  id: string;
  userId: string;
  membershipType: number;
  /** Bungie's. */
  membershipId: string;
  lastPlayedAt: Date | null;
}

const MEMBERSHIP = `m.id, m.user_id AS "userId", m.membership_type AS "membershipType", m.membership_id AS "membershipId",
  coalesce(p.last_played_at, m.last_played_at) AS "lastPlayedAt"`;

/** Profiles as they were last read. Requests see those of their own account, runs of the platform those of all. */
@Injectable()
export class ProfilesRepository {
  /** Of the account's active membership. */
  findActive(): Statement {
    return {
      name: 'destiny.profiles.find-active',
      text: `SELECT ${COLUMNS} FROM destiny.membership m JOIN destiny.profile p ON p.membership_id = m.id WHERE m.is_active`,
      values: [],
    };
  }

  /**
   * Makes the row where there is none, and holds it until the end of the transaction. The membership is held first, in the order in which
   * its end takes both: held the other way round, the two would wait for each other.
   * @returns undefined for a membership that is gone
   */
  async lockProfile(tx: Tx, membershipId: string): Promise<ProfileRow | undefined> {
    await tx.query({
      name: 'destiny.profiles.insert-missing',
      text: `INSERT INTO destiny.profile (membership_id, user_id) SELECT id, user_id FROM destiny.membership WHERE id = $1
             FOR KEY SHARE ON CONFLICT (membership_id) DO NOTHING`,
      values: [membershipId],
    });
    const [row] = await tx.query<ProfileRow>({
      name: 'destiny.profiles.lock-profile',
      text: `SELECT ${COLUMNS} FROM destiny.profile p WHERE p.membership_id = $1 FOR UPDATE`,
      values: [membershipId],
    });
    return row;
  }

  /** @param row its `dueAt` only brings the next reading forward */
  async updateRead(tx: Tx, row: Omit<ProfileRow, 'userId' | 'requestedAt'>): Promise<void> {
    await tx.query({
      name: 'destiny.profiles.update-read',
      text: `UPDATE destiny.profile SET minted_at = $2, records_minted_at = $3, records_state = $4, inventory_state = $5,
               last_played_at = $6, minutes_played = $7, characters = $8::jsonb, catalysts_version = $9, weapons_version = $10,
               due_at = least(due_at, $11)
             WHERE membership_id = $1`,
      values: [
        row.membershipId,
        row.mintedAt,
        row.recordsMintedAt,
        row.recordsState,
        row.inventoryState,
        row.lastPlayedAt,
        row.minutesPlayed,
        JSON.stringify(row.characters),
        row.catalystsVersion,
        row.weaponsVersion,
        row.dueAt,
      ],
    });
  }

  /** Its owner asks for a fresh copy, at most once in so long. @returns milliseconds to wait; 0 = it is noted */
  async updateRequested(tx: Tx, membershipId: string, now: Date, floorMs: number): Promise<number> {
    const profile = await this.lockProfile(tx, membershipId);
    const waitMs = (profile?.requestedAt?.getTime() ?? -Infinity) + floorMs - now.getTime();
    if (waitMs > 0) return waitMs;
    await tx.query({
      name: 'destiny.profiles.update-requested',
      text: 'UPDATE destiny.profile SET requested_at = $2 WHERE membership_id = $1',
      values: [membershipId, now],
    });
    return 0;
  }

  async findMembership(tx: Tx, id: string): Promise<DueMembership | undefined> {
    const [row] = await tx.query<DueMembership>({
      name: 'destiny.profiles.find-membership',
      text: `SELECT ${MEMBERSHIP} FROM destiny.membership m LEFT JOIN destiny.profile p ON p.membership_id = m.id WHERE m.id = $1`,
      values: [id],
    });
    return row;
  }

  /**
   * Active memberships that are due, those first that have waited longest. Each is due again after the interval of how lately it was
   * played (refresh-interval.ts), whatever becomes of this run. @param intervals ascending by `playedWithinMs`
   */
  async listDue(
    tx: Tx,
    now: Date,
    intervals: readonly { playedWithinMs: number; everyMs: number }[],
    limit: number,
  ): Promise<string[]> {
    await tx.query({
      name: 'destiny.profiles.insert-all-missing',
      text: `INSERT INTO destiny.profile (membership_id, user_id)
             SELECT m.id, m.user_id FROM destiny.membership m
             WHERE m.is_active AND NOT EXISTS (SELECT FROM destiny.profile p WHERE p.membership_id = m.id)
             ORDER BY m.id ON CONFLICT (membership_id) DO NOTHING`, // in one order: two workers at once wait, and do not lock each other out
      values: [],
    });
    const rows = await tx.query<{ id: string; dueAt: Date }>({
      name: 'destiny.profiles.list-due',
      text: `WITH due AS MATERIALIZED (
               SELECT p.membership_id, p.due_at FROM destiny.profile p JOIN destiny.membership m ON m.id = p.membership_id
               WHERE m.is_active AND p.due_at <= $1 ORDER BY p.due_at, p.membership_id LIMIT $4 FOR UPDATE OF p SKIP LOCKED)
             UPDATE destiny.profile p SET due_at = $1 + interval '1 millisecond' * (
               SELECT i.every_ms FROM unnest($2::float8[], $3::float8[]) AS i (within_ms, every_ms)
               WHERE p.last_played_at IS NULL OR extract(epoch FROM $1 - p.last_played_at) * 1000 <= i.within_ms
               ORDER BY i.within_ms LIMIT 1)
             FROM due WHERE due.membership_id = p.membership_id RETURNING p.membership_id AS id, due.due_at AS "dueAt"`,
      values: [
        now,
        intervals.map(({ playedWithinMs }) => playedWithinMs),
        intervals.map(({ everyMs }) => everyMs),
        limit,
      ],
    });
    return rows.sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime()).map(({ id }) => id);
  }

  /** Its owner's memberships are due again: whatever they waited for has come. */
  async updateDueNow(tx: Tx, userId: string): Promise<void> {
    await tx.query({
      name: 'destiny.profiles.update-due-now',
      text: 'UPDATE destiny.profile SET due_at = now() WHERE user_id = $1 AND due_at > now()',
      values: [userId],
    });
  }

  /** Not before then; where it would be later anyway, it stays so. */
  async updateDue(tx: Tx, membershipId: string, dueAt: Date): Promise<void> {
    await tx.query({
      name: 'destiny.profiles.update-due',
      text: 'UPDATE destiny.profile SET due_at = greatest(due_at, $2) WHERE membership_id = $1',
      values: [membershipId, dueAt],
    });
  }
}
