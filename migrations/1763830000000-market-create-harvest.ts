import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MarketCreateHarvest1763830000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      ALTER TABLE market.game ADD COLUMN harvest_checksum text;

      -- Ids are the game's own: a resource is known before the first price of its item, and before the item itself.
      CREATE TABLE market.harvest_resource (
        game_id smallint NOT NULL,
        external_id integer NOT NULL,
        name text,
        job_id integer NOT NULL,
        level smallint NOT NULL,
        CONSTRAINT pk_harvest_resource PRIMARY KEY (game_id, external_id),
        CONSTRAINT fk_harvest_resource_game FOREIGN KEY (game_id) REFERENCES market.game (id),
        CONSTRAINT fk_harvest_resource_job FOREIGN KEY (job_id) REFERENCES market.job (id)
      );

      CREATE TABLE market.harvest_subarea (
        game_id smallint NOT NULL,
        external_id integer NOT NULL,
        area_id integer NOT NULL,
        level smallint NOT NULL,
        is_on_world_map boolean NOT NULL,
        resource_ids integer[] NOT NULL,
        CONSTRAINT pk_harvest_subarea PRIMARY KEY (game_id, external_id),
        CONSTRAINT fk_harvest_subarea_game FOREIGN KEY (game_id) REFERENCES market.game (id)
      );

      CREATE TABLE market.harvest_map (
        game_id smallint NOT NULL,
        external_id integer NOT NULL,
        x smallint NOT NULL,
        y smallint NOT NULL,
        subarea_id integer NOT NULL,
        CONSTRAINT pk_harvest_map PRIMARY KEY (game_id, external_id),
        CONSTRAINT fk_harvest_map_subarea FOREIGN KEY (game_id, subarea_id)
          REFERENCES market.harvest_subarea (game_id, external_id)
      );
      ${['harvest_resource', 'harvest_subarea', 'harvest_map']
        .map(
          (table) => `
      COMMENT ON TABLE market.${table} IS 'owner=none; erase=none';
      GRANT SELECT ON market.${table} TO ${app};
      GRANT SELECT, INSERT, DELETE ON market.${table} TO ${system};`,
        )
        .join('')}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE market.harvest_map, market.harvest_subarea, market.harvest_resource;
      ALTER TABLE market.game DROP COLUMN harvest_checksum;
    `);
  }
}
