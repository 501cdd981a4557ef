import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PlatformCreateRateLimits1763703000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ system }] = (await runner.query("SELECT quote_ident(current_user || '_system') AS system")) as [
      { system: string },
    ];
    await runner.query(`
      -- Its shape is the rate limiter library's. Unlogged: what a crash forgets is a few counted calls.
      CREATE UNLOGGED TABLE platform.rate_limit (
        key text NOT NULL,
        points integer NOT NULL DEFAULT 0,
        expire bigint,
        CONSTRAINT pk_rate_limit PRIMARY KEY (key)
      );
      COMMENT ON TABLE platform.rate_limit IS 'owner=none; erase=none';
      CREATE INDEX ix_rate_limit_expire ON platform.rate_limit (expire);
      GRANT SELECT, INSERT, UPDATE, DELETE ON platform.rate_limit TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE platform.rate_limit');
  }
}
