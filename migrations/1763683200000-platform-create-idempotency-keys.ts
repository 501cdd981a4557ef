import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PlatformCreateIdempotencyKeys1763683200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      GRANT USAGE ON SCHEMA platform TO ${app}, ${system};
      GRANT SELECT ON platform.migration TO ${app}, ${system};
      COMMENT ON TABLE platform.migration IS 'owner=none; erase=none';

      CREATE TABLE platform.idempotency_key (
        user_id uuid NOT NULL,
        route text NOT NULL,
        key text NOT NULL,
        body_hash bytea NOT NULL,
        status smallint,
        response json,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_idempotency_key PRIMARY KEY (user_id, route, key)
      );
      COMMENT ON TABLE platform.idempotency_key IS 'owner=user; erase=idempotency';
      CREATE INDEX ix_idempotency_key_created_at ON platform.idempotency_key (created_at);

      ALTER TABLE platform.idempotency_key ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON platform.idempotency_key TO ${app}
        USING (user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid))
        WITH CHECK (user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid));
      CREATE POLICY housekeeping ON platform.idempotency_key TO ${system} USING (true);
      GRANT SELECT, INSERT, UPDATE, DELETE ON platform.idempotency_key TO ${app};
      GRANT SELECT, DELETE ON platform.idempotency_key TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE platform.idempotency_key');
  }
}
