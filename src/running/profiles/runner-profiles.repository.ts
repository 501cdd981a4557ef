import { Injectable } from '@nestjs/common';
import { sqlState } from '../../platform/database/database.errors.js';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { RunnerProfileEntity } from './runner-profile.entity.js';
import { foldUsername } from './username.js';

export type ProfileRow = Omit<RunnerProfileEntity, 'usernameFold'>;
export type ProfileFields = Pick<ProfileRow, 'username' | 'displayName' | 'timeZone'>;

const UNIQUE_VIOLATION = '23505';
const COLUMNS = `p.user_id AS "userId", p.username, p.display_name AS "displayName", p.picture_file_id AS "pictureFileId",
  p.time_zone AS "timeZone", p.version, p.created_at AS "createdAt", p.updated_at AS "updatedAt"`;
const CHANGED = 'version = version + 1, updated_at = now()';

/** Profiles, in the scope of their account; and those that others may see, in the platform's. */
@Injectable()
export class RunnerProfilesRepository {
  /** Nobody else changes it until the end of the transaction. */
  async lockProfile(tx: Tx, userId: string): Promise<ProfileRow | null> {
    const [row] = await tx.query<ProfileRow>({
      name: 'running.profiles.lock-profile',
      text: `SELECT ${COLUMNS} FROM running.profile p WHERE p.user_id = $1 FOR UPDATE`,
      values: [userId],
    });
    return row ?? null;
  }

  readOwn(userId: string): Statement {
    return {
      name: 'running.profiles.read-own',
      text: `SELECT ${COLUMNS} FROM running.profile p WHERE p.user_id = $1`,
      values: [userId],
    };
  }

  /** @returns whether it was made: there was none, and nobody has the name */
  async insertProfile(tx: Tx, userId: string, username: string): Promise<boolean> {
    const rows = await tx.query({
      name: 'running.profiles.insert-profile',
      text: `INSERT INTO running.profile (user_id, username, username_fold) VALUES ($1, $2, $3)
             ON CONFLICT DO NOTHING RETURNING 1`,
      values: [userId, username, foldUsername(username)],
    });
    return rows.length === 1;
  }

  /** @returns null when somebody else has the name; the transaction has failed then */
  async updateFields(tx: Tx, userId: string, to: ProfileFields): Promise<ProfileRow | null> {
    try {
      const [row] = await tx.query<ProfileRow>({
        name: 'running.profiles.update-fields',
        text: `UPDATE running.profile p SET username = $2, username_fold = $3, display_name = $4, time_zone = $5, ${CHANGED}
               WHERE p.user_id = $1 RETURNING ${COLUMNS}`,
        values: [userId, to.username, foldUsername(to.username), to.displayName, to.timeZone],
      });
      return row!;
    } catch (error) {
      if (sqlState(error) === UNIQUE_VIOLATION) return null;
      throw error;
    }
  }

  async updatePicture(tx: Tx, userId: string, fileId: string | null): Promise<ProfileRow> {
    const [row] = await tx.query<ProfileRow>({
      name: 'running.profiles.update-picture',
      text: `UPDATE running.profile p SET picture_file_id = $2, ${CHANGED} WHERE p.user_id = $1 RETURNING ${COLUMNS}`,
      values: [userId, fileId],
    });
    return row!;
  }

  /**
   * For the platform's role: a runner by name or id, if `viewerId` may see who that is. One's own is always seen; without preferences a
   * profile is private.
   */
  findVisible(nameOrId: { usernameFold: string } | { userId: string }, viewerId: string): Statement {
    const visible = `(p.user_id = $2 OR EXISTS (
      SELECT FROM running.preference r WHERE r.user_id = p.user_id AND r.privacy_profile = 'public'))`;
    return 'userId' in nameOrId
      ? {
          name: 'running.profiles.find-visible-by-id',
          text: `SELECT ${COLUMNS} FROM running.profile p WHERE p.user_id = $1 AND ${visible}`,
          values: [nameOrId.userId, viewerId],
        }
      : {
          name: 'running.profiles.find-visible-by-name',
          text: `SELECT ${COLUMNS} FROM running.profile p WHERE p.username_fold = $1 AND ${visible}`,
          values: [nameOrId.usernameFold, viewerId],
        };
  }

  async findTimeZone(tx: Tx, userId: string): Promise<string> {
    const [row] = await tx.query<{ timeZone: string }>({
      name: 'running.profiles.find-time-zone',
      text: 'SELECT time_zone AS "timeZone" FROM running.profile WHERE user_id = $1',
      values: [userId],
    });
    return row?.timeZone ?? 'UTC';
  }
}
