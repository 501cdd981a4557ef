import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";
const MASTERS = `ARRAY(SELECT m.campaign_id FROM tabletop.membership m WHERE m.user_id = ${SCOPE} AND m.suspended_at IS NULL AND m.role = 'gm')`;

export class TabletopCreateDiscordPosts1764150100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    const masters = (table: string): string => `
      ALTER TABLE tabletop.${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY master_rows ON tabletop.${table} TO ${app} USING (campaign_id = ANY (${MASTERS})) WITH CHECK (campaign_id = ANY (${MASTERS}));
      CREATE POLICY platform_work ON tabletop.${table} TO ${system} USING (true);`;
    await runner.query(`
      -- Where a campaign's posts go. The address is the secret: sealed with the campaign's key.
      CREATE TABLE tabletop.discord_channel (
        campaign_id uuid NOT NULL,
        sealed_url bytea NOT NULL,
        last_four text NOT NULL,
        label text NOT NULL DEFAULT '',
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_discord_channel PRIMARY KEY (campaign_id),
        CONSTRAINT fk_discord_channel_campaign FOREIGN KEY (campaign_id) REFERENCES tabletop.campaign (id) ON DELETE CASCADE
      );
      COMMENT ON TABLE tabletop.discord_channel IS 'owner=none; erase=tabletop-campaigns';
      ${masters('discord_channel')}
      GRANT SELECT, INSERT, UPDATE, DELETE ON tabletop.discord_channel TO ${app};
      GRANT SELECT, DELETE ON tabletop.discord_channel TO ${system};

      -- What was to be said of a session, once per wording.
      CREATE TABLE tabletop.discord_post (
        id uuid NOT NULL,
        campaign_id uuid NOT NULL,
        object_id uuid NOT NULL,
        digest uuid NOT NULL,
        state text NOT NULL DEFAULT 'waiting',
        error text,
        created_at timestamptz NOT NULL DEFAULT now(),
        opened_at timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz,
        CONSTRAINT pk_discord_post PRIMARY KEY (id),
        CONSTRAINT uq_discord_post_digest UNIQUE (object_id, digest),
        CONSTRAINT fk_discord_post_object FOREIGN KEY (campaign_id, object_id) REFERENCES tabletop.object (campaign_id, id) ON DELETE CASCADE,
        CONSTRAINT ck_discord_post_state CHECK (state = ANY (ARRAY['waiting'::text, 'sent'::text, 'failed'::text]))
      );
      CREATE INDEX ix_discord_post_object ON tabletop.discord_post (campaign_id, object_id, id);
      COMMENT ON TABLE tabletop.discord_post IS 'owner=none; erase=tabletop-campaigns';
      ${masters('discord_post')}
      GRANT SELECT, INSERT, UPDATE ON tabletop.discord_post TO ${app};
      GRANT SELECT, UPDATE, DELETE ON tabletop.discord_post TO ${system};

      -- Its messages. One that is being sent was claimed by a row before, so that nothing is said twice.
      CREATE TABLE tabletop.discord_part (
        post_id uuid NOT NULL,
        part smallint NOT NULL,
        campaign_id uuid NOT NULL,
        content text NOT NULL,
        state text NOT NULL DEFAULT 'waiting',
        message_id text,
        CONSTRAINT pk_discord_part PRIMARY KEY (post_id, part),
        CONSTRAINT fk_discord_part_post FOREIGN KEY (post_id) REFERENCES tabletop.discord_post (id) ON DELETE CASCADE,
        CONSTRAINT ck_discord_part_state CHECK (state = ANY (ARRAY['waiting'::text, 'sending'::text, 'sent'::text, 'unsure'::text]))
      );
      COMMENT ON TABLE tabletop.discord_part IS 'owner=none; erase=tabletop-campaigns';
      ${masters('discord_part')}
      GRANT SELECT, INSERT, UPDATE ON tabletop.discord_part TO ${app};
      GRANT SELECT, UPDATE, DELETE ON tabletop.discord_part TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE tabletop.discord_part, tabletop.discord_post, tabletop.discord_channel');
  }
}
