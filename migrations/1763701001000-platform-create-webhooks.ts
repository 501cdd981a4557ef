import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PlatformCreateWebhooks1763701001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Hooks belong to the installation: administrators' routes and the deliveries run as the system role.
    const [{ system }] = (await runner.query("SELECT quote_ident(current_user || '_system') AS system")) as [
      { system: string },
    ];
    await runner.query(`
      CREATE TABLE platform.webhook (
        id uuid NOT NULL,
        url text NOT NULL,
        description text,
        events text[] NOT NULL,
        sealed_secret bytea NOT NULL,
        is_enabled boolean NOT NULL DEFAULT true,
        failures_in_row integer NOT NULL DEFAULT 0,
        disabled_at timestamptz,
        last_tried_at timestamptz,
        last_status integer,
        last_error text,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_webhook PRIMARY KEY (id),
        CONSTRAINT ck_webhook_disabled_at CHECK (is_enabled = (disabled_at IS NULL))
      );
      COMMENT ON TABLE platform.webhook IS 'owner=none; erase=none';

      CREATE TABLE platform.webhook_delivery (
        id uuid NOT NULL,
        webhook_id uuid NOT NULL,
        event text NOT NULL,
        details jsonb NOT NULL,
        state text NOT NULL DEFAULT 'pending',
        tries integer NOT NULL DEFAULT 0,
        status integer,
        error text,
        created_at timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz,
        CONSTRAINT pk_webhook_delivery PRIMARY KEY (id),
        CONSTRAINT fk_webhook_delivery_webhook FOREIGN KEY (webhook_id) REFERENCES platform.webhook (id) ON DELETE CASCADE,
        CONSTRAINT ck_webhook_delivery_state CHECK (state IN ('pending', 'delivered', 'failed', 'dropped'))
      );
      CREATE INDEX ix_webhook_delivery_webhook ON platform.webhook_delivery (webhook_id, id);
      CREATE INDEX ix_webhook_delivery_created_at ON platform.webhook_delivery (created_at);
      COMMENT ON TABLE platform.webhook_delivery IS 'owner=none; erase=none';

      GRANT SELECT, INSERT, UPDATE, DELETE ON platform.webhook, platform.webhook_delivery TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE platform.webhook_delivery, platform.webhook');
  }
}
