import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MarketCreateIndexLinks1763881000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- How far a server's market went from one day on which anything was seen to the next: a row per such day. The index of any
      -- span is the sum of the links within it.
      CREATE TABLE market.index_link (
        server_id smallint NOT NULL,
        day date NOT NULL,
        previous_day date,
        log_change double precision NOT NULL,
        dispersion double precision NOT NULL,
        matched_count integer NOT NULL,
        seen_count integer NOT NULL,
        CONSTRAINT pk_index_link PRIMARY KEY (server_id, day),
        CONSTRAINT fk_index_link_server FOREIGN KEY (server_id) REFERENCES market.server (id)
      );
      COMMENT ON TABLE market.index_link IS 'owner=none; erase=none';

      -- The days that have changed, each once; none where figures are stale because a day has begun.
      ALTER TABLE market.stale_series ADD days date[] NOT NULL DEFAULT '{}';
      INSERT INTO market.stale_series (server_id, item_ids, days)
      SELECT server_id, ARRAY[min(item_id)], array_agg(DISTINCT day) FROM market.daily GROUP BY server_id;

      GRANT SELECT ON market.index_link TO ${app};
      GRANT SELECT, INSERT, UPDATE, DELETE ON market.index_link TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE market.stale_series DROP days;
      DROP TABLE market.index_link;
    `);
  }
}
