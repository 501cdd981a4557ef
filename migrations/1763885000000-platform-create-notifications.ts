import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";

const TABLES = [
  'notification_inbox',
  'notification',
  'notification_preference',
  'notification_channel',
  'notification_delivery',
];

export class PlatformCreateNotifications1763885000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- The number of a person's newest notification. Whoever publishes holds its row until the commit, so numbers become visible
      -- in their order and a reader that has seen one has seen all before it.
      CREATE TABLE platform.notification_inbox (
        user_id uuid NOT NULL,
        last_seq bigint NOT NULL,
        CONSTRAINT pk_notification_inbox PRIMARY KEY (user_id)
      ) WITH (fillfactor = 50);

      CREATE TABLE platform.notification (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        seq bigint NOT NULL,
        topic text NOT NULL,
        key text NOT NULL,
        title text NOT NULL,
        body text NOT NULL,
        link text,
        payload jsonb NOT NULL,
        is_listed boolean NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        read_at timestamptz,
        CONSTRAINT pk_notification PRIMARY KEY (id),
        CONSTRAINT uq_notification_key UNIQUE (user_id, key),
        CONSTRAINT uq_notification_seq UNIQUE (user_id, seq)
      );
      CREATE INDEX ix_notification_created_at ON platform.notification (created_at);
      CREATE INDEX ix_notification_unread ON platform.notification (user_id, seq) WHERE read_at IS NULL AND is_listed;

      CREATE TABLE platform.notification_preference (
        user_id uuid NOT NULL,
        topic text NOT NULL,
        channel text NOT NULL,
        is_enabled boolean NOT NULL,
        CONSTRAINT pk_notification_preference PRIMARY KEY (user_id, topic, channel),
        CONSTRAINT ck_notification_preference_channel CHECK (channel IN ('in-app', 'webhook', 'mail', 'discord'))
      );

      CREATE TABLE platform.notification_channel (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        kind text NOT NULL,
        label text,
        origin text NOT NULL,
        sealed_target bytea NOT NULL,
        is_enabled boolean NOT NULL DEFAULT true,
        failures_in_row integer NOT NULL DEFAULT 0,
        disabled_at timestamptz,
        last_tried_at timestamptz,
        last_status integer,
        last_error text,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_notification_channel PRIMARY KEY (id),
        CONSTRAINT ck_notification_channel_kind CHECK (kind IN ('webhook', 'discord')),
        CONSTRAINT ck_notification_channel_disabled_at CHECK (is_enabled = (disabled_at IS NULL))
      );
      CREATE INDEX ix_notification_channel_user_id ON platform.notification_channel (user_id, id);

      CREATE TABLE platform.notification_delivery (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        notification_id uuid NOT NULL,
        channel text NOT NULL,
        channel_id uuid,
        state text NOT NULL DEFAULT 'pending',
        tries integer NOT NULL DEFAULT 0,
        status integer,
        error text,
        created_at timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz,
        CONSTRAINT pk_notification_delivery PRIMARY KEY (id),
        CONSTRAINT fk_notification_delivery_notification FOREIGN KEY (notification_id)
          REFERENCES platform.notification (id) ON DELETE CASCADE,
        CONSTRAINT fk_notification_delivery_channel FOREIGN KEY (channel_id)
          REFERENCES platform.notification_channel (id) ON DELETE CASCADE,
        CONSTRAINT ck_notification_delivery_channel CHECK ((channel = 'mail') = (channel_id IS NULL)),
        CONSTRAINT ck_notification_delivery_state CHECK (state IN ('pending', 'delivered', 'failed', 'dropped'))
      );
      CREATE INDEX ix_notification_delivery_notification ON platform.notification_delivery (notification_id);
      CREATE INDEX ix_notification_delivery_channel ON platform.notification_delivery (channel_id) WHERE channel_id IS NOT NULL;
      CREATE INDEX ix_notification_delivery_user_id ON platform.notification_delivery (user_id, id);
      CREATE INDEX ix_notification_delivery_created_at ON platform.notification_delivery (created_at);
    `);
    for (const table of TABLES)
      await runner.query(`
        COMMENT ON TABLE platform.${table} IS 'owner=user; erase=notifications';
        ALTER TABLE platform.${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY own_rows ON platform.${table} TO ${app} USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
        CREATE POLICY platform_work ON platform.${table} TO ${system} USING (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON platform.${table} TO ${app}, ${system};
      `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE ${[...TABLES]
        .reverse()
        .map((table) => `platform.${table}`)
        .join(', ')}`,
    );
  }
}
