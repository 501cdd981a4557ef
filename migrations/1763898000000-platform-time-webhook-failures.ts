import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PlatformTimeWebhookFailures1763898000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE platform.webhook ADD COLUMN failing_since timestamptz;
      UPDATE platform.webhook SET failing_since = now() WHERE failures_in_row > 0;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE platform.webhook DROP COLUMN failing_since');
  }
}
