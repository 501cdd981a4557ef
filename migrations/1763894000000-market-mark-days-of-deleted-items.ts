import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Days of deleted items went without a word to the index: all of its links are made anew, once. */
export class MarketMarkDaysOfDeletedItems1763894000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Days that have only a link are those on which nothing but a deleted item was seen.
      INSERT INTO market.stale_series (server_id, item_ids, days)
      SELECT d.server_id, ARRAY[coalesce((SELECT min(w.item_id) FROM market.window_stat w WHERE w.server_id = d.server_id), 0)],
        array_agg(d.day ORDER BY d.day)
      FROM (SELECT server_id, day FROM market.index_link UNION SELECT server_id, day FROM market.daily) d
      GROUP BY d.server_id;
    `);
  }

  async down(): Promise<void> {
    // Links made anew are as good as those before.
  }
}
