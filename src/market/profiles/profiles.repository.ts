import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';

export interface ProfileRow {
  id: string;
  name: string;
  version: number;
  /** UTC with microseconds and without a zone. */
  createdAtUtc: string;
}

export interface FavouriteRow {
  itemId: number;
  externalId: number | null;
  label: string;
  labelFold: string;
}

/** An instant as PostgreSQL keeps it, for both kinds of clients. */
export const utcText = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`;

const COLUMNS = `id, name, version, ${utcText('created_at')} AS "createdAtUtc"`;

/** Profiles and favourites of the one in whose scope it is called: row-level security leaves out all others. */
@Injectable()
export class ProfilesRepository {
  /** By name. @param limit null for all */
  pageStatement(
    gameId: number,
    after: readonly [name: string, id: string] | null,
    limit: number | null,
  ): Statement {
    return {
      name: 'market.profiles.list-page',
      text: `SELECT ${COLUMNS} FROM market.profile
             WHERE game_id = $1 AND ($2::text IS NULL OR (name, id) > ($2, $3::uuid)) ORDER BY name, id LIMIT $4`,
      values: [gameId, after?.[0] ?? null, after?.[1] ?? null, limit],
    };
  }

  async findProfile(tx: Tx, gameId: number, id: string): Promise<ProfileRow | null> {
    const [row] = await tx.query<ProfileRow>({
      name: 'market.profiles.find-profile',
      text: `SELECT ${COLUMNS} FROM market.profile WHERE id = $1 AND game_id = $2`,
      values: [id, gameId],
    });
    return row ?? null;
  }

  /** The same, kept from being deleted until the end of the transaction. */
  async holdProfile(tx: Tx, gameId: number, id: string): Promise<ProfileRow | null> {
    const [row] = await tx.query<ProfileRow>({
      name: 'market.profiles.hold-profile',
      text: `SELECT ${COLUMNS} FROM market.profile WHERE id = $1 AND game_id = $2 FOR KEY SHARE`,
      values: [id, gameId],
    });
    return row ?? null;
  }

  async countProfiles(tx: Tx): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: 'market.profiles.count-profiles',
      text: 'SELECT count(*) FROM market.profile',
      values: [],
    });
    return row!.count;
  }

  /** @returns null when the name is taken */
  async insertProfile(
    tx: Tx,
    profile: { id: string; userId: string; gameId: number; name: string },
  ): Promise<ProfileRow | null> {
    const [row] = await tx.query<ProfileRow>({
      name: 'market.profiles.insert-profile',
      text: `INSERT INTO market.profile (id, user_id, game_id, name) VALUES ($1, $2, $3, $4)
             ON CONFLICT ON CONSTRAINT uq_profile_name DO NOTHING RETURNING ${COLUMNS}`,
      values: [profile.id, profile.userId, profile.gameId, profile.name],
    });
    return row ?? null;
  }

  /** @returns null when another profile has the name; call it under the owner's lock */
  async updateName(tx: Tx, id: string, name: string): Promise<ProfileRow | null> {
    const [row] = await tx.query<ProfileRow>({
      name: 'market.profiles.update-name',
      text: `UPDATE market.profile p SET name = $2, version = p.version + 1
             WHERE p.id = $1 AND NOT EXISTS (
               SELECT FROM market.profile o WHERE o.game_id = p.game_id AND o.name = $2 AND o.id <> p.id)
             RETURNING ${COLUMNS}`,
      values: [id, name],
    });
    return row ?? null;
  }

  /** With its private lists, favourites, stock and messages; its public lists stay, as the account's. */
  async deleteProfile(tx: Tx, id: string): Promise<void> {
    await tx.query({
      name: 'market.profiles.delete-private-lists',
      text: `DELETE FROM market.list WHERE profile_id = $1 AND scope = 'private'`,
      values: [id],
    });
    await tx.query({
      name: 'market.profiles.delete-profile',
      text: `WITH left_behind AS (UPDATE market.list SET profile_id = NULL, version = version + 1 WHERE profile_id = $1)
             DELETE FROM market.profile WHERE id = $1`,
      values: [id],
    });
  }

  /** By name of the item. @param limit null for all */
  favouritesStatement(
    profileId: string,
    after: readonly [labelFold: string, itemId: number] | null,
    limit: number | null,
  ): Statement {
    return {
      name: 'market.favourites.list-page',
      text: `SELECT i.id AS "itemId", i.external_id AS "externalId", i.label, i.label_fold AS "labelFold"
             FROM market.favourite f JOIN market.item i ON i.id = f.item_id
             WHERE f.profile_id = $1 AND ($2::text IS NULL OR (i.label_fold, i.id) > ($2, $3::int))
             ORDER BY i.label_fold, i.id LIMIT $4`,
      values: [profileId, after?.[0] ?? null, after?.[1] ?? null, limit],
    };
  }

  /** @returns whether it was not there before */
  async insertFavourite(tx: Tx, userId: string, profileId: string, itemId: number): Promise<boolean> {
    const rows = await tx.query({
      name: 'market.favourites.insert-favourite',
      text: `INSERT INTO market.favourite (user_id, profile_id, item_id) VALUES ($1, $2, $3)
             ON CONFLICT ON CONSTRAINT pk_favourite DO NOTHING RETURNING 1`,
      values: [userId, profileId, itemId],
    });
    return rows.length === 1;
  }

  /** @returns whether it was there */
  async deleteFavourite(tx: Tx, profileId: string, itemId: number): Promise<boolean> {
    const rows = await tx.query({
      name: 'market.favourites.delete-favourite',
      text: 'DELETE FROM market.favourite WHERE profile_id = $1 AND item_id = $2 RETURNING 1',
      values: [profileId, itemId],
    });
    return rows.length === 1;
  }
}
