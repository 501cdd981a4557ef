import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whoever holds a server's figures reads what has changed since, instead of all of them after each batch of prices. */
export class MarketCreateFigureChanges1763891000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- Series whose figures a version has changed. A version without a row has changed any of them.
      CREATE TABLE market.figure_change (
        server_id smallint NOT NULL,
        version bigint NOT NULL,
        item_ids integer[] NOT NULL,
        CONSTRAINT pk_figure_change PRIMARY KEY (server_id, version),
        CONSTRAINT fk_figure_change_server FOREIGN KEY (server_id) REFERENCES market.server (id)
      );
      COMMENT ON TABLE market.figure_change IS 'owner=none; erase=none';
      GRANT SELECT ON market.figure_change TO ${app};
      GRANT SELECT, INSERT, DELETE ON market.figure_change TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE market.figure_change');
  }
}
