import { Injectable } from '@nestjs/common';
import type { Statement, Tx } from '../../platform/database/unit-of-work.js';

export interface RecentSearchRow {
  readonly query: string;
  readonly searchedAt: Date;
}

/** So many are kept per member and campaign. */
export const MOST_RECENT = 20;

/** A member's last questions, in their scope. */
@Injectable()
export class RecentSearchesRepository {
  /** Asked again it is the newest; the oldest beyond a few are forgotten. Not worth waiting for the disk: the transaction must write nothing else. */
  upsert(userId: string, campaignId: string, query: string): Statement {
    return {
      name: 'tabletop.recent-searches.upsert',
      text: `WITH kept AS (
               INSERT INTO tabletop.recent_search (user_id, campaign_id, query) VALUES ($1, $2, $3)
               ON CONFLICT (user_id, campaign_id, query) DO UPDATE SET searched_at = now())
             DELETE FROM tabletop.recent_search WHERE set_config('synchronous_commit', 'off', true) = 'off' AND user_id = $1 AND campaign_id = $2 AND query IN (
               SELECT query FROM tabletop.recent_search WHERE user_id = $1 AND campaign_id = $2 AND query <> $3
               ORDER BY searched_at DESC, query OFFSET ${MOST_RECENT - 1})`,
      values: [userId, campaignId, query],
    };
  }

  /** Newest first. @param prefix in any case; '' = all */
  list(userId: string, campaignId: string, prefix: string): Statement {
    return {
      name: 'tabletop.recent-searches.list',
      text: `SELECT query, searched_at AS "searchedAt" FROM tabletop.recent_search
             WHERE user_id = $1 AND campaign_id = $2 AND starts_with(lower(query), lower($3)) ORDER BY searched_at DESC, query LIMIT ${MOST_RECENT}`,
      values: [userId, campaignId, prefix],
    };
  }

  async deleteAll(tx: Tx, userId: string, campaignId: string): Promise<void> {
    await tx.query({
      name: 'tabletop.recent-searches.delete-all',
      text: 'DELETE FROM tabletop.recent_search WHERE user_id = $1 AND campaign_id = $2',
      values: [userId, campaignId],
    });
  }
}
