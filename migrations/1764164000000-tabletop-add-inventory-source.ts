import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TabletopAddInventorySource1764164000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Which thing of an imported sheet it is, as long as its first character carries it: by that the next import finds it again.
      ALTER TABLE tabletop.inventory_entry ADD COLUMN source_id text;
      CREATE UNIQUE INDEX uq_inventory_entry_source ON tabletop.inventory_entry (character_id, source_id) WHERE source_id IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE tabletop.inventory_entry DROP COLUMN source_id');
  }
}
