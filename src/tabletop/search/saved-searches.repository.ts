import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';
import type { SavedQuery, SavedSearchEntity } from './saved-search.entity.js';

export type SavedSearchRow = SavedSearchEntity;

const COLUMNS = `id, user_id AS "userId", campaign_id AS "campaignId", name, query, version, created_at AS "createdAt", updated_at AS "updatedAt"`;

/** Questions that a member keeps, in their scope. */
@Injectable()
export class SavedSearchesRepository {
  async insert(
    tx: Tx,
    row: { id: string; userId: string; campaignId: string; name: string; query: SavedQuery },
  ): Promise<SavedSearchRow> {
    const [made] = await tx.query<SavedSearchRow>({
      name: 'tabletop.saved-searches.insert',
      text: `INSERT INTO tabletop.saved_search (id, user_id, campaign_id, name, query) VALUES ($1, $2, $3, $4, $5) RETURNING ${COLUMNS}`,
      values: [row.id, row.userId, row.campaignId, row.name, JSON.stringify(row.query)],
    });
    return made!;
  }

  async countOf(tx: Tx, userId: string, campaignId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>({
      name: 'tabletop.saved-searches.count-of',
      text: 'SELECT count(*)::int AS count FROM tabletop.saved_search WHERE user_id = $1 AND campaign_id = $2',
      values: [userId, campaignId],
    });
    return row!.count;
  }

  /** Newest first. @param before only older ones than this id */
  listPage(userId: string, campaignId: string, before: string | null, limit: number): Statement {
    return {
      name: 'tabletop.saved-searches.list-page',
      text: `SELECT ${COLUMNS} FROM tabletop.saved_search
             WHERE user_id = $1 AND campaign_id = $2 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`,
      values: [userId, campaignId, before, limit],
    };
  }

  async lock(tx: Tx, userId: string, campaignId: string, id: string): Promise<SavedSearchRow | null> {
    const [row] = await tx.query<SavedSearchRow>({
      name: 'tabletop.saved-searches.lock',
      text: `SELECT ${COLUMNS} FROM tabletop.saved_search WHERE user_id = $1 AND campaign_id = $2 AND id = $3 FOR UPDATE`,
      values: [userId, campaignId, id],
    });
    return row ?? null;
  }

  async update(
    tx: Tx,
    id: string,
    { name, query }: Pick<SavedSearchRow, 'name' | 'query'>,
  ): Promise<SavedSearchRow> {
    const [row] = await tx.query<SavedSearchRow>({
      name: 'tabletop.saved-searches.update',
      text: `UPDATE tabletop.saved_search SET name = $2, query = $3, version = version + 1, updated_at = now() WHERE id = $1 RETURNING ${COLUMNS}`,
      values: [id, name, JSON.stringify(query)],
    });
    return row!;
  }

  async delete(tx: Tx, id: string): Promise<void> {
    await tx.query({
      name: 'tabletop.saved-searches.delete',
      text: 'DELETE FROM tabletop.saved_search WHERE id = $1',
      values: [id],
    });
  }
}
