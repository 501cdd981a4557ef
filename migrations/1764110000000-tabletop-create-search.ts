import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";
const seats = (roles = ''): string =>
  `ARRAY(SELECT m.campaign_id FROM tabletop.membership m WHERE m.user_id = ${SCOPE} AND m.suspended_at IS NULL${roles})`;
const MEMBERS = seats();
const MASTERS = seats(" AND m.role = 'gm'");
const PLAYERS = seats(" AND m.role = 'player'");
/** An object that the caller sees: the policies of tabletop.object say which. */
const SEEN = 'EXISTS (SELECT FROM tabletop.object o WHERE o.id = object_id)';

export class TabletopCreateSearch1764110000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- What somebody heard, or typed, and the object that was meant. A master's may tell what players must not know, and is theirs alone.
      CREATE TABLE tabletop.learnt_name (
        id uuid NOT NULL,
        campaign_id uuid NOT NULL,
        object_id uuid NOT NULL,
        heard text NOT NULL,
        is_for_masters boolean NOT NULL,
        change_seq bigint NOT NULL DEFAULT nextval('tabletop.change_seq'),
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_learnt_name PRIMARY KEY (id),
        CONSTRAINT uq_learnt_name UNIQUE (object_id, is_for_masters, heard),
        CONSTRAINT fk_learnt_name_object FOREIGN KEY (campaign_id, object_id) REFERENCES tabletop.object (campaign_id, id) ON DELETE CASCADE
      );
      CREATE INDEX ix_learnt_name_change ON tabletop.learnt_name (campaign_id, change_seq);
      COMMENT ON TABLE tabletop.learnt_name IS 'owner=none; erase=tabletop-campaigns';
      ALTER TABLE tabletop.learnt_name ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY master_rows ON tabletop.learnt_name TO ${app} USING (campaign_id = ANY (${MASTERS})) WITH CHECK (campaign_id = ANY (${MASTERS}));
      CREATE POLICY member_reads ON tabletop.learnt_name FOR SELECT TO ${app}
        USING (NOT is_for_masters AND campaign_id = ANY (${MEMBERS}) AND ${SEEN});
      CREATE POLICY player_adds ON tabletop.learnt_name FOR INSERT TO ${app}
        WITH CHECK (NOT is_for_masters AND campaign_id = ANY (${PLAYERS}) AND ${SEEN});
      CREATE POLICY platform_work ON tabletop.learnt_name TO ${system} USING (true);
      GRANT SELECT, INSERT, DELETE ON tabletop.learnt_name TO ${app};
      GRANT SELECT, DELETE ON tabletop.learnt_name TO ${system};

      CREATE TABLE tabletop.saved_search (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        campaign_id uuid NOT NULL,
        name text NOT NULL,
        query jsonb NOT NULL,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_saved_search PRIMARY KEY (id),
        CONSTRAINT fk_saved_search_member FOREIGN KEY (campaign_id, user_id) REFERENCES tabletop.membership (campaign_id, user_id) ON DELETE CASCADE
      );
      CREATE INDEX ix_saved_search_user ON tabletop.saved_search (user_id, campaign_id, id);

      -- The last few questions of a member, each once.
      CREATE TABLE tabletop.recent_search (
        user_id uuid NOT NULL,
        campaign_id uuid NOT NULL,
        query text NOT NULL,
        searched_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_recent_search PRIMARY KEY (user_id, campaign_id, query),
        CONSTRAINT fk_recent_search_member FOREIGN KEY (campaign_id, user_id) REFERENCES tabletop.membership (campaign_id, user_id) ON DELETE CASCADE
      );
      CREATE INDEX ix_recent_search_campaign ON tabletop.recent_search (campaign_id, user_id);

      -- Words of a secret as they can be found and not read: keyed digests, in the order of their bytes. The key is sealed like the secrets.
      CREATE TABLE tabletop.secret_key (
        campaign_id uuid NOT NULL,
        sealed_key bytea NOT NULL,
        CONSTRAINT pk_secret_key PRIMARY KEY (campaign_id),
        CONSTRAINT fk_secret_key_campaign FOREIGN KEY (campaign_id) REFERENCES tabletop.campaign (id) ON DELETE CASCADE
      );
      CREATE TABLE tabletop.secret_token (
        secret_id uuid NOT NULL,
        campaign_id uuid NOT NULL,
        secret_version integer NOT NULL,
        tokens bytea[] NOT NULL,
        CONSTRAINT pk_secret_token PRIMARY KEY (secret_id),
        CONSTRAINT fk_secret_token_secret FOREIGN KEY (secret_id) REFERENCES tabletop.secret (id) ON DELETE CASCADE
      );
      CREATE INDEX ix_secret_token_campaign ON tabletop.secret_token (campaign_id);
    `);
    for (const table of ['saved_search', 'recent_search'])
      await runner.query(`
        COMMENT ON TABLE tabletop.${table} IS 'owner=user; erase=tabletop-search';
        ALTER TABLE tabletop.${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY own_rows ON tabletop.${table} TO ${app} USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
        CREATE POLICY platform_work ON tabletop.${table} TO ${system} USING (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON tabletop.${table} TO ${app};
        GRANT SELECT, DELETE ON tabletop.${table} TO ${system};
      `);
    for (const table of ['secret_key', 'secret_token'])
      await runner.query(`
        COMMENT ON TABLE tabletop.${table} IS 'owner=none; erase=tabletop-campaigns';
        ALTER TABLE tabletop.${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY platform_work ON tabletop.${table} TO ${system} USING (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON tabletop.${table} TO ${system};
      `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE tabletop.secret_token, tabletop.secret_key, tabletop.recent_search, tabletop.saved_search, tabletop.learnt_name',
    );
  }
}
