import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MarketCreateDemoFill1763692000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ system }] = (await runner.query("SELECT quote_ident(current_user || '_system') AS system")) as [
      { system: string },
    ];
    await runner.query(`
      -- What the demo world was begun with, so that a start after a kill goes on with the same one.
      CREATE TABLE market.demo_fill (
        game_id smallint NOT NULL,
        seed integer NOT NULL,
        end_at timestamptz NOT NULL,
        finished_at timestamptz,
        CONSTRAINT pk_demo_fill PRIMARY KEY (game_id),
        CONSTRAINT fk_demo_fill_game FOREIGN KEY (game_id) REFERENCES market.game (id)
      );
      COMMENT ON TABLE market.demo_fill IS 'owner=none; erase=none';
      GRANT SELECT, INSERT, UPDATE ON market.demo_fill TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE market.demo_fill');
  }
}
