import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PlatformTimeChannelFailures1763895000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE platform.notification_channel ADD COLUMN failing_since timestamptz;
      UPDATE platform.notification_channel SET failing_since = now() WHERE failures_in_row > 0;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE platform.notification_channel DROP COLUMN failing_since');
  }
}
