import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MarketCreateDumps1763870000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- How often the rollups have derived a day of a server anew: whoever keeps something made of a day's raw rows compares.
      CREATE TABLE market.day_change (
        server_id smallint NOT NULL,
        day date NOT NULL,
        change_count integer NOT NULL DEFAULT 1,
        CONSTRAINT pk_day_change PRIMARY KEY (server_id, day),
        CONSTRAINT fk_day_change_server FOREIGN KEY (server_id) REFERENCES market.server (id)
      ) WITH (fillfactor = 50);
      COMMENT ON TABLE market.day_change IS 'owner=none; erase=none';
      INSERT INTO market.day_change (server_id, day) SELECT DISTINCT server_id, day FROM market.daily;

      -- The newest file of a day; the file before it goes with the transaction that writes the next one down.
      CREATE TABLE market.dump (
        game_id smallint NOT NULL,
        day date NOT NULL,
        revision integer NOT NULL,
        file_id uuid NOT NULL,
        sha256 bytea NOT NULL,
        size_bytes bigint NOT NULL,
        row_count integer NOT NULL,
        change_count bigint NOT NULL,
        made_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_dump PRIMARY KEY (game_id, day),
        CONSTRAINT fk_dump_game FOREIGN KEY (game_id) REFERENCES market.game (id),
        CONSTRAINT ck_dump_sha256 CHECK (length(sha256) = 32)
      );
      COMMENT ON TABLE market.dump IS 'owner=none; erase=none';

      GRANT SELECT ON market.dump TO ${app};
      GRANT SELECT, INSERT, UPDATE ON market.dump, market.day_change TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE market.dump, market.day_change');
  }
}
