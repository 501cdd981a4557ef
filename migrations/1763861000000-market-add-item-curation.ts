import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MarketAddItemCuration1763861000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ system }] = (await runner.query("SELECT quote_ident(current_user || '_system') AS system")) as [
      { system: string },
    ];
    await runner.query(`
      -- The version counts changes of the item's own facts; what a curator has corrected, a seed leaves alone.
      ALTER TABLE market.item
        ADD COLUMN version integer NOT NULL DEFAULT 1,
        ADD COLUMN is_shipped boolean NOT NULL DEFAULT false,
        ADD COLUMN is_manual boolean NOT NULL DEFAULT false,
        ADD COLUMN curated_at timestamptz;
      CREATE INDEX ix_item_manual ON market.item (game_id, external_id) WHERE is_manual;

      -- Moves with whatever makes a name or an id mean another item, so that each process forgets what it remembers.
      ALTER TABLE market.game ADD COLUMN catalog_epoch integer NOT NULL DEFAULT 1;
      GRANT DELETE ON market.item TO ${system};

      -- Days are written under the server's rollup lock, which whoever deletes an item takes, too. A key with a cascade would
      -- read the whole table for each deleted item: it has no index by item alone and needs none otherwise.
      ALTER TABLE market.daily DROP CONSTRAINT fk_daily_item;
      CREATE FUNCTION market.delete_days_of_item() RETURNS trigger
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
      DECLARE
        server smallint;
      BEGIN
        FOR server IN SELECT id FROM market.server WHERE game_id = OLD.game_id LOOP
          DELETE FROM market.daily WHERE server_id = server AND item_id = OLD.id;
        END LOOP;
        RETURN OLD;
      END $body$;
      REVOKE ALL ON FUNCTION market.delete_days_of_item() FROM PUBLIC;
      CREATE TRIGGER delete_days BEFORE DELETE ON market.item
        FOR EACH ROW EXECUTE FUNCTION market.delete_days_of_item();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    const [{ system }] = (await runner.query("SELECT quote_ident(current_user || '_system') AS system")) as [
      { system: string },
    ];
    await runner.query(`
      DROP TRIGGER delete_days ON market.item;
      DROP FUNCTION market.delete_days_of_item();
      ALTER TABLE market.daily ADD CONSTRAINT fk_daily_item FOREIGN KEY (item_id) REFERENCES market.item (id) ON DELETE CASCADE;
      REVOKE DELETE ON market.item FROM ${system};
      ALTER TABLE market.game DROP COLUMN catalog_epoch;
      ALTER TABLE market.item DROP COLUMN version, DROP COLUMN is_shipped, DROP COLUMN is_manual, DROP COLUMN curated_at;
    `);
  }
}
