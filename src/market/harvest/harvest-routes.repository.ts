import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/unit-of-work.js';

export interface HarvestRouteRow {
  id: string;
  userId: string;
  name: string;
  description: string | null;
  jobIds: number[];
  resourceIds: number[];
  steps: Record<string, unknown>[];
  isPublic: boolean;
  /** UTC with microseconds and without a zone, `2026-11-21T11:00:00.123000`. */
  createdAtUtc: string;
  updatedAtUtc: string;
}

/** What its owner says about a route. */
export type HarvestRouteText = Pick<
  HarvestRouteRow,
  'name' | 'description' | 'jobIds' | 'resourceIds' | 'steps' | 'isPublic'
>;

const utc = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')`;
const COLUMNS = `id, user_id AS "userId", name, description, job_ids AS "jobIds", resource_ids AS "resourceIds", steps,
  is_public AS "isPublic", ${utc('created_at')} AS "createdAtUtc", ${utc('updated_at')} AS "updatedAtUtc"`;

/**
 * Policies show the caller's own routes and public ones, and let only the owner write; whoever asks for one's own still says whose,
 * since public ones of others are visible too.
 */
@Injectable()
export class HarvestRoutesRepository {
  /** Newest first. */
  listOwn(
    tx: Tx,
    gameId: number,
    userId: string,
    before: string | null,
    limit: number,
  ): Promise<HarvestRouteRow[]> {
    return tx.query<HarvestRouteRow>({
      name: 'market.harvest-routes.list-own',
      text: `SELECT ${COLUMNS} FROM market.harvest_route
             WHERE game_id = $1 AND user_id = $2 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`,
      values: [gameId, userId, before, limit],
    });
  }

  /** All of one's own, changed last first. There are not many (see HarvestRoutes). */
  listOwnByChange(tx: Tx, gameId: number, userId: string): Promise<HarvestRouteRow[]> {
    return tx.query<HarvestRouteRow>({
      name: 'market.harvest-routes.list-own-by-change',
      text: `SELECT ${COLUMNS} FROM market.harvest_route WHERE game_id = $1 AND user_id = $2
             ORDER BY updated_at DESC, id DESC`,
      values: [gameId, userId],
    });
  }

  /** Everybody's public ones, newest first. @param jobIds at least one of these; null = any */
  listPublic(
    tx: Tx,
    gameId: number,
    jobIds: readonly number[] | null,
    before: string | null,
    limit: number,
  ): Promise<HarvestRouteRow[]> {
    return tx.query<HarvestRouteRow>({
      name: 'market.harvest-routes.list-public',
      text: `SELECT ${COLUMNS} FROM market.harvest_route
             WHERE game_id = $1 AND is_public AND ($2::int[] IS NULL OR job_ids && $2) AND ($3::uuid IS NULL OR id < $3)
             ORDER BY id DESC LIMIT $4`,
      values: [gameId, jobIds, before, limit],
    });
  }

  /** One's own or a public one. */
  async findRoute(tx: Tx, gameId: number, id: string): Promise<HarvestRouteRow | null> {
    const [row] = await tx.query<HarvestRouteRow>({
      name: 'market.harvest-routes.find',
      text: `SELECT ${COLUMNS} FROM market.harvest_route WHERE game_id = $1 AND id = $2`,
      values: [gameId, id],
    });
    return row ?? null;
  }

  /** One's own, which nobody else changes meanwhile. */
  async lockOwn(tx: Tx, gameId: number, userId: string, id: string): Promise<HarvestRouteRow | null> {
    const [row] = await tx.query<HarvestRouteRow>({
      name: 'market.harvest-routes.lock-own',
      text: `SELECT ${COLUMNS} FROM market.harvest_route WHERE game_id = $1 AND user_id = $2 AND id = $3 FOR UPDATE`,
      values: [gameId, userId, id],
    });
    return row ?? null;
  }

  async countOwn(tx: Tx, userId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: 'market.harvest-routes.count-own',
      text: 'SELECT count(*)::int AS count FROM market.harvest_route WHERE user_id = $1',
      values: [userId],
    });
    return row!.count;
  }

  async insertRoute(
    tx: Tx,
    key: { id: string; userId: string; gameId: number },
    route: HarvestRouteText,
  ): Promise<HarvestRouteRow> {
    const [row] = await tx.query<HarvestRouteRow>({
      name: 'market.harvest-routes.insert',
      text: `INSERT INTO market.harvest_route (id, user_id, game_id, name, description, job_ids, resource_ids, steps, is_public)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING ${COLUMNS}`,
      values: [key.id, key.userId, key.gameId, ...valuesOf(route)],
    });
    return row!;
  }

  async updateRoute(tx: Tx, id: string, route: HarvestRouteText): Promise<HarvestRouteRow> {
    const [row] = await tx.query<HarvestRouteRow>({
      name: 'market.harvest-routes.update',
      text: `UPDATE market.harvest_route SET name = $2, description = $3, job_ids = $4, resource_ids = $5, steps = $6,
               is_public = $7, updated_at = now()
             WHERE id = $1 RETURNING ${COLUMNS}`,
      values: [id, ...valuesOf(route)],
    });
    return row!;
  }

  async deleteRoute(tx: Tx, id: string): Promise<void> {
    await tx.query({
      name: 'market.harvest-routes.delete',
      text: 'DELETE FROM market.harvest_route WHERE id = $1',
      values: [id],
    });
  }
}

function valuesOf(route: HarvestRouteText): unknown[] {
  const { name, description, jobIds, resourceIds, steps, isPublic } = route;
  return [name, description, jobIds, resourceIds, JSON.stringify(steps), isPublic];
}
