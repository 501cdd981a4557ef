import { Injectable } from '@nestjs/common';
import { ADVISORY_LOCK } from '../../platform/database/advisory-locks.js';
import type { Tx } from '../../platform/database/unit-of-work.js';
import type { RaceGhostEntity } from './race-ghost.entity.js';
import type { RaceEntity } from './race.entity.js';

export type RaceRow = RaceEntity;
export type RaceGhostRow = RaceGhostEntity;
export type NewRace = Pick<RaceRow, 'id' | 'userId' | 'mode' | 'name' | 'clock' | 'plannedAt'>;
export type RaceChange = Pick<RaceRow, 'name' | 'plannedAt' | 'status'>;

const RACE = `r.id, r.user_id AS "userId", r.mode, r.name, r.clock, r.status, r.planned_at AS "plannedAt", r.warmed_at AS "warmedAt",
  r.invite_digest AS "inviteDigest", r.invite_expires_at AS "inviteExpiresAt", r.version, r.created_at AS "createdAt",
  r.updated_at AS "updatedAt"`;
/** Whoever made it or takes part in it; who has left has left. */
const MAY_SEE = `(r.user_id = $1 OR EXISTS (
  SELECT FROM running.race_participant p WHERE p.race_id = r.id AND p.user_id = $1 AND p.state <> 'left'))`;

/**
 * Races and their ghosts, in the scope of whoever makes a race; and for the system role, since those who take part are several accounts: the
 * WHERE of what is read for somebody says that it is theirs to see.
 */
@Injectable()
export class RacesRepository {
  /** Until the end of the transaction nobody else adds a race to the account. @returns those that are planned or under way */
  async lockCountOpen(tx: Tx, userId: string): Promise<number> {
    await tx.query({
      name: 'running.races.lock-room',
      text: `SELECT pg_advisory_xact_lock(${ADVISORY_LOCK.runningRaces}, hashtext($1))`,
      values: [userId],
    });
    const [row] = await tx.query<{ count: number }>({
      name: 'running.races.count-open',
      text: `SELECT count(*)::int AS count FROM running.race WHERE user_id = $1 AND status IN ('planned', 'racing')`,
      values: [userId],
    });
    return row!.count;
  }

  async insertRace(tx: Tx, race: NewRace): Promise<void> {
    await tx.query({
      name: 'running.races.insert-race',
      text: 'INSERT INTO running.race (id, user_id, mode, name, clock, planned_at) VALUES ($1, $2, $3, $4, $5, $6)',
      values: [race.id, race.userId, race.mode, race.name, race.clock, race.plannedAt],
    });
  }

  async insertGhosts(tx: Tx, ghosts: readonly Omit<RaceGhostRow, 'curveVersion'>[]): Promise<void> {
    await tx.query({
      name: 'running.races.insert-ghosts',
      text: `INSERT INTO running.race_ghost (race_id, position, user_id, ghost_id, origin_ghost_id, name, type)
             SELECT * FROM unnest($1::uuid[], $2::int[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[])`,
      values: [
        ghosts.map(({ raceId }) => raceId),
        ghosts.map(({ position }) => position),
        ghosts.map(({ userId }) => userId),
        ghosts.map(({ ghostId }) => ghostId),
        ghosts.map(({ originGhostId }) => originGhostId),
        ghosts.map(({ name }) => name),
        ghosts.map(({ type }) => type),
      ],
    });
  }

  /** In their order; the first is the course. */
  listGhosts(tx: Tx, raceIds: readonly string[]): Promise<RaceGhostRow[]> {
    return tx.query<RaceGhostRow>({
      name: 'running.races.list-ghosts',
      text: `SELECT race_id AS "raceId", position, user_id AS "userId", ghost_id AS "ghostId", origin_ghost_id AS "originGhostId",
               curve_version AS "curveVersion", name, type
             FROM running.race_ghost WHERE race_id = ANY($1::uuid[]) ORDER BY race_id, position`,
      values: [raceIds],
    });
  }

  /** Newest first. @param before only older ones than this id */
  listPage(tx: Tx, callerId: string, before: string | null, limit: number): Promise<RaceRow[]> {
    return tx.query<RaceRow>({
      name: 'running.races.list-page',
      text: `SELECT ${RACE} FROM running.race r WHERE r.id IN (
               SELECT id FROM running.race WHERE user_id = $1
               UNION SELECT race_id FROM running.race_participant WHERE user_id = $1 AND state <> 'left')
             AND ($2::uuid IS NULL OR r.id < $2) ORDER BY r.id DESC LIMIT $3`,
      values: [callerId, before, limit],
      isPlannedAnew: true,
    });
  }

  async findRace(tx: Tx, callerId: string, id: string): Promise<RaceRow | null> {
    const [row] = await tx.query<RaceRow>({
      name: 'running.races.find-race',
      text: `SELECT ${RACE} FROM running.race r WHERE r.id = $2 AND ${MAY_SEE}`,
      values: [callerId, id],
    });
    return row ?? null;
  }

  /** The same under a lock: one change of a race, its ghosts and participants at a time. */
  async lockRace(tx: Tx, callerId: string, id: string): Promise<RaceRow | null> {
    const [row] = await tx.query<RaceRow>({
      name: 'running.races.lock-race',
      text: `SELECT ${RACE} FROM running.race r WHERE r.id = $2 AND ${MAY_SEE} FOR UPDATE OF r`,
      values: [callerId, id],
    });
    return row ?? null;
  }

  /** One's own alone. */
  async lockOwnRace(tx: Tx, userId: string, id: string): Promise<RaceRow | null> {
    const [row] = await tx.query<RaceRow>({
      name: 'running.races.lock-own-race',
      text: `SELECT ${RACE} FROM running.race r WHERE r.id = $2 AND r.user_id = $1 FOR UPDATE`,
      values: [userId, id],
    });
    return row ?? null;
  }

  async findAnyRace(tx: Tx, id: string): Promise<RaceRow | null> {
    const [row] = await tx.query<RaceRow>({
      name: 'running.races.find-any-race',
      text: `SELECT ${RACE} FROM running.race r WHERE r.id = $1`,
      values: [id],
    });
    return row ?? null;
  }

  /** Whosoever it is: for jobs. */
  async lockAnyRace(tx: Tx, id: string): Promise<RaceRow | null> {
    const [row] = await tx.query<RaceRow>({
      name: 'running.races.lock-any-race',
      text: `SELECT ${RACE} FROM running.race r WHERE r.id = $1 FOR UPDATE`,
      values: [id],
    });
    return row ?? null;
  }

  /** The one that an invitation is for. @param isLocked until the end of the transaction */
  async findByInvite(tx: Tx, digest: Buffer, now: Date, isLocked = false): Promise<RaceRow | null> {
    const [row] = await tx.query<RaceRow>({
      name: isLocked ? 'running.races.lock-by-invite' : 'running.races.find-by-invite',
      text: `SELECT ${RACE} FROM running.race r WHERE r.invite_digest = $1 AND r.invite_expires_at > $2${isLocked ? ' FOR UPDATE' : ''}`,
      values: [digest, now],
    });
    return row ?? null;
  }

  async updateRace(tx: Tx, id: string, change: RaceChange): Promise<void> {
    await tx.query({
      name: 'running.races.update-race',
      text: `UPDATE running.race SET name = $2, planned_at = $3, status = $4, version = version + 1, updated_at = clock_timestamp(),
               warmed_at = CASE WHEN planned_at IS DISTINCT FROM $3 THEN NULL ELSE warmed_at END
             WHERE id = $1`,
      values: [id, change.name, change.plannedAt, change.status],
    });
  }

  /** Null takes it back. */
  async updateInvite(tx: Tx, id: string, invite: { digest: Buffer; expiresAt: Date } | null): Promise<void> {
    await tx.query({
      name: 'running.races.update-invite',
      text: `UPDATE running.race SET invite_digest = $2, invite_expires_at = $3, version = version + 1, updated_at = clock_timestamp()
             WHERE id = $1`,
      values: [id, invite?.digest ?? null, invite?.expiresAt ?? null],
    });
  }

  /** As its participants stand: over when everybody who has started has ended; a cancelled one stays so. */
  async updateStatus(tx: Tx, id: string): Promise<void> {
    await tx.query({
      name: 'running.races.update-status',
      text: `UPDATE running.race r SET status = s.status, version = version + 1, updated_at = clock_timestamp()
             FROM (SELECT CASE
                     WHEN count(*) FILTER (WHERE state = 'racing') > 0 THEN 'racing'
                     WHEN count(*) FILTER (WHERE state IN ('finished', 'abandoned')) = 0 THEN 'planned'
                     WHEN count(*) FILTER (WHERE state = 'joined') > 0 THEN 'racing'
                     ELSE 'finished' END AS status
                   FROM running.race_participant WHERE race_id = $1) s
             WHERE r.id = $1 AND r.status <> 'cancelled' AND r.status <> s.status`,
      values: [id],
    });
  }

  /** From the first start on a race is run against the curves that its ghosts have then. @returns ghosts that have none */
  async pinCurves(tx: Tx, raceId: string): Promise<{ ghostId: string }[]> {
    await tx.query({
      name: 'running.races.pin-curves',
      text: `UPDATE running.race_ghost x SET curve_version = g.curve_version FROM running.ghost g
             WHERE x.race_id = $1 AND x.curve_version IS NULL AND g.id = x.origin_ghost_id AND g.curve_version IS NOT NULL`,
      values: [raceId],
    });
    return tx.query<{ ghostId: string }>({
      name: 'running.races.list-without-curve',
      text: 'SELECT ghost_id AS "ghostId" FROM running.race_ghost WHERE race_id = $1 AND curve_version IS NULL',
      values: [raceId],
    });
  }

  async deleteRace(tx: Tx, id: string): Promise<void> {
    await tx.query({
      name: 'running.races.delete-race',
      text: 'DELETE FROM running.race WHERE id = $1',
      values: [id],
    });
  }

  /** Planned races that begin soon and whose ghosts nobody has made ready. */
  listToWarm(tx: Tx, before: Date, limit: number): Promise<{ id: string }[]> {
    return tx.query<{ id: string }>({
      name: 'running.races.list-to-warm',
      text: `SELECT id FROM running.race WHERE status = 'planned' AND warmed_at IS NULL AND planned_at <= $1 ORDER BY planned_at LIMIT $2`,
      values: [before, limit],
    });
  }

  async updateWarmed(tx: Tx, id: string): Promise<void> {
    await tx.query({
      name: 'running.races.update-warmed',
      text: 'UPDATE running.race SET warmed_at = clock_timestamp() WHERE id = $1',
      values: [id],
    });
  }
}
