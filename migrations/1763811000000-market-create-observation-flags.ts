import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MarketCreateObservationFlags1763811000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- Raw rows whose price is far from what the series says. Keyed as the raw row is, which stays as it was; a verdict speaks of
      -- the price that stands here.
      CREATE TABLE market.observation_flag (
        server_id smallint NOT NULL,
        item_id integer NOT NULL,
        captured_at timestamptz NOT NULL,
        source_id integer NOT NULL,
        observation_id bigint NOT NULL,
        price double precision NOT NULL,
        reason text NOT NULL,
        expected_price double precision NOT NULL,
        ratio double precision NOT NULL,
        flagged_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        verdict text,
        judged_by uuid,
        judged_at timestamptz,
        CONSTRAINT pk_observation_flag PRIMARY KEY (server_id, item_id, captured_at, source_id),
        CONSTRAINT fk_observation_flag_server FOREIGN KEY (server_id) REFERENCES market.server (id),
        CONSTRAINT fk_observation_flag_item FOREIGN KEY (item_id) REFERENCES market.item (id) ON DELETE CASCADE,
        CONSTRAINT ck_observation_flag_reason CHECK (reason IN ('above-level', 'below-level', 'above-day', 'below-day')),
        CONSTRAINT ck_observation_flag_verdict CHECK (verdict IN ('cleared', 'confirmed'))
      );
      CREATE INDEX ix_observation_flag_recent ON market.observation_flag (server_id, observation_id);
      COMMENT ON TABLE market.observation_flag IS 'owner=none; erase=none';
      GRANT SELECT, UPDATE ON market.observation_flag TO ${app};
      GRANT SELECT, INSERT, UPDATE, DELETE ON market.observation_flag TO ${system};

      -- Prices of the past say where only days are left.
      GRANT SELECT ON market.detached_month TO ${app};

      -- Every day that there is, so that rows which are stored already are looked at too. Before the column, which locks readers out.
      INSERT INTO market.dirty_batch (server_id, item_ids, days, pair_count)
      SELECT server_id, array_agg(item_id), array_agg(day), count(*) FROM market.daily GROUP BY server_id, day;

      -- Median of all raw rows, kept only where flags move the median away from it.
      ALTER TABLE market.daily ADD COLUMN raw_median double precision;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    const [{ app }] = (await runner.query("SELECT quote_ident(current_user || '_app') AS app")) as [
      { app: string },
    ];
    await runner.query(`
      REVOKE SELECT ON market.detached_month FROM ${app};
      -- Windows follow the medians that are back.
      INSERT INTO market.dirty_batch (server_id, item_ids, days, pair_count)
      SELECT server_id, array_agg(item_id), array_agg(day), count(*) FROM market.daily WHERE raw_median IS NOT NULL
      GROUP BY server_id, day;
      UPDATE market.daily SET median = raw_median WHERE raw_median IS NOT NULL;
      ALTER TABLE market.daily DROP COLUMN raw_median;
      DROP TABLE market.observation_flag;
    `);
  }
}
