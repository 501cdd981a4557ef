import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MarketCreateTradeTerms1763810000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- What selling costs: one row per game without a server, which holds for all its servers, and one per server that differs.
      -- No row at all means that selling costs nothing, or that nobody has said.
      CREATE TABLE market.trade_terms (
        id integer GENERATED ALWAYS AS IDENTITY,
        game_id smallint NOT NULL,
        server_id smallint,
        sale_tax_pct double precision NOT NULL,
        listing_fee_pct double precision NOT NULL,
        changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT pk_trade_terms PRIMARY KEY (id),
        CONSTRAINT uq_trade_terms_place UNIQUE NULLS NOT DISTINCT (game_id, server_id),
        CONSTRAINT fk_trade_terms_game FOREIGN KEY (game_id) REFERENCES market.game (id),
        CONSTRAINT fk_trade_terms_server FOREIGN KEY (server_id) REFERENCES market.server (id),
        CONSTRAINT ck_trade_terms_pct CHECK (sale_tax_pct BETWEEN 0 AND 100 AND listing_fee_pct BETWEEN 0 AND 100)
      );
      COMMENT ON TABLE market.trade_terms IS 'owner=none; erase=none';
      GRANT SELECT ON market.trade_terms TO ${app};
      GRANT SELECT, INSERT, UPDATE, DELETE ON market.trade_terms TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE market.trade_terms');
  }
}
