import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PlatformKeepRunReach1763910100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Of earlier runs it is told by the minute that every stream has kept back so far.
    await runner.query(`
      ALTER TABLE platform.sync_run_stream ADD COLUMN complete_through timestamptz;
      UPDATE platform.sync_run_stream SET complete_through = frozen_at - interval '1 minute';
      ALTER TABLE platform.sync_run_stream ALTER COLUMN complete_through SET NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE platform.sync_run_stream DROP COLUMN complete_through');
  }
}
