import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PlatformShareJobs1763692500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app }] = (await runner.query("SELECT quote_ident(current_user || '_app') AS app")) as [
      { app: string },
    ];
    await runner.query(`
      -- The request that enqueued it.
      ALTER TABLE platform.job ADD COLUMN request_id text;
      CREATE INDEX ix_job_user_id ON platform.job (user_id, id);

      -- One job per key waits for its start. One that runs no longer counts, since it may have read before the newest change,
      -- nor does one that is to be cancelled.
      DROP INDEX platform.uq_job_dedup_key;
      CREATE UNIQUE INDEX uq_job_dedup_key ON platform.job (name, dedup_key)
        WHERE dedup_key IS NOT NULL AND state IN ('open', 'relayed') AND started_at IS NULL AND NOT is_cancel_requested;

      -- Work that serves everybody belongs to the platform, whoever gave the occasion: its id is SYSTEM_SCOPE.
      CREATE POLICY shared_work ON platform.job FOR INSERT TO ${app}
        WITH CHECK (user_id = '00000000-0000-7000-8000-000000000003');
    `);
  }

  /** Of jobs with one key, which may be several by now, the first keeps it. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP POLICY shared_work ON platform.job;
      DROP INDEX platform.uq_job_dedup_key;
      UPDATE platform.job j SET dedup_key = NULL
      WHERE dedup_key IS NOT NULL AND state IN ('open', 'relayed') AND started_at IS NULL AND EXISTS (
        SELECT FROM platform.job other WHERE other.name = j.name AND other.dedup_key = j.dedup_key
          AND other.state IN ('open', 'relayed') AND other.started_at IS NULL AND other.id < j.id);
      CREATE UNIQUE INDEX uq_job_dedup_key ON platform.job (name, dedup_key)
        WHERE dedup_key IS NOT NULL AND state IN ('open', 'relayed') AND started_at IS NULL;
      DROP INDEX platform.ix_job_user_id;
      ALTER TABLE platform.job DROP COLUMN request_id;
    `);
  }
}
