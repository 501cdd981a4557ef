import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";
const seats = (roles = ''): string =>
  `ARRAY(SELECT m.campaign_id FROM tabletop.membership m WHERE m.user_id = ${SCOPE} AND m.suspended_at IS NULL${roles})`;
const MEMBERS = seats();
const MASTERS = seats(" AND m.role = 'gm'");
const PLAYERS = seats(" AND m.role = 'player'");
const granted = (levels: string): string =>
  `ARRAY(SELECT g.object_id FROM tabletop.access_grant g WHERE g.user_id = ${SCOPE} AND g.expires_at > now()${levels})`;

export class TabletopCreateObjects1764102000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      CREATE TABLE tabletop.object (
        id uuid NOT NULL,
        campaign_id uuid NOT NULL,
        kind text NOT NULL,
        name text NOT NULL,
        summary text NOT NULL DEFAULT '',
        body text NOT NULL DEFAULT '',
        details jsonb NOT NULL DEFAULT '{}',
        tags text[] NOT NULL DEFAULT '{}',
        aliases text[] NOT NULL DEFAULT '{}',
        visibility text NOT NULL DEFAULT 'gm',
        shown_to uuid[] NOT NULL DEFAULT '{}',
        owner_id uuid,
        parent_id uuid,
        search tsvector NOT NULL DEFAULT '',
        version integer NOT NULL DEFAULT 1,
        change_seq bigint NOT NULL DEFAULT nextval('tabletop.change_seq'),
        created_by uuid,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        deleted_at timestamptz,
        CONSTRAINT pk_object PRIMARY KEY (id),
        CONSTRAINT uq_object_campaign_id UNIQUE (campaign_id, id),
        CONSTRAINT fk_object_campaign FOREIGN KEY (campaign_id) REFERENCES tabletop.campaign (id) ON DELETE CASCADE,
        CONSTRAINT fk_object_parent FOREIGN KEY (campaign_id, parent_id) REFERENCES tabletop.object (campaign_id, id),
        CONSTRAINT ck_object_kind CHECK (kind = ANY (ARRAY['character'::text, 'location'::text, 'plot'::text, 'session'::text, 'item'::text, 'event'::text,
          'map'::text, 'table'::text, 'note'::text, 'arc'::text, 'achievement'::text, 'encounter'::text])),
        CONSTRAINT ck_object_visibility CHECK (visibility = ANY (ARRAY['gm'::text, 'party'::text, 'members'::text, 'public'::text])),
        CONSTRAINT ck_object_parent CHECK (parent_id <> id)
      );
      CREATE INDEX ix_object_kind_name ON tabletop.object (campaign_id, kind, name, id);
      CREATE INDEX ix_object_kind_id ON tabletop.object (campaign_id, kind, id);
      CREATE INDEX ix_object_name ON tabletop.object (campaign_id, name, id);
      CREATE INDEX ix_object_parent ON tabletop.object (campaign_id, parent_id) WHERE parent_id IS NOT NULL;
      CREATE INDEX ix_object_owner ON tabletop.object (owner_id) WHERE owner_id IS NOT NULL;
      CREATE INDEX ix_object_change ON tabletop.object (campaign_id, change_seq);
      CREATE INDEX ix_object_search ON tabletop.object USING gin (search);
      CREATE INDEX ix_object_deleted ON tabletop.object (deleted_at) WHERE deleted_at IS NOT NULL;
      COMMENT ON TABLE tabletop.object IS 'owner=none; erase=tabletop-campaigns';

      CREATE TABLE tabletop.access_grant (
        id uuid NOT NULL,
        campaign_id uuid NOT NULL,
        object_id uuid NOT NULL,
        user_id uuid NOT NULL,
        level text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        CONSTRAINT pk_access_grant PRIMARY KEY (id),
        CONSTRAINT uq_access_grant UNIQUE (object_id, user_id),
        CONSTRAINT fk_access_grant_object FOREIGN KEY (campaign_id, object_id) REFERENCES tabletop.object (campaign_id, id) ON DELETE CASCADE,
        CONSTRAINT fk_access_grant_member FOREIGN KEY (campaign_id, user_id) REFERENCES tabletop.membership (campaign_id, user_id) ON DELETE CASCADE,
        CONSTRAINT ck_access_grant_level CHECK (level = ANY (ARRAY['read'::text, 'write'::text]))
      );
      CREATE INDEX ix_access_grant_user ON tabletop.access_grant (user_id, expires_at);
      CREATE INDEX ix_access_grant_campaign ON tabletop.access_grant (campaign_id, id);
      COMMENT ON TABLE tabletop.access_grant IS 'owner=user; erase=tabletop-campaigns';
      ALTER TABLE tabletop.access_grant ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON tabletop.access_grant FOR SELECT TO ${app} USING (user_id = ${SCOPE});
      CREATE POLICY master_rows ON tabletop.access_grant TO ${app} USING (campaign_id = ANY (${MASTERS})) WITH CHECK (campaign_id = ANY (${MASTERS}));
      CREATE POLICY platform_work ON tabletop.access_grant TO ${system} USING (true);
      GRANT SELECT, INSERT, UPDATE, DELETE ON tabletop.access_grant TO ${app};
      GRANT SELECT, DELETE ON tabletop.access_grant TO ${system};

      -- A member sees what is theirs, shown to them, lent to them, or meant for the party; a master sees all of the campaign.
      ALTER TABLE tabletop.object ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY master_rows ON tabletop.object TO ${app} USING (campaign_id = ANY (${MASTERS})) WITH CHECK (campaign_id = ANY (${MASTERS}));
      CREATE POLICY member_reads ON tabletop.object FOR SELECT TO ${app} USING (
        (campaign_id = ANY (${MEMBERS}) AND (owner_id = ${SCOPE}
          OR (deleted_at IS NULL AND (visibility IN ('party', 'public') OR ${SCOPE} = ANY (shown_to) OR id = ANY (${granted('')})))))
        OR (deleted_at IS NULL AND visibility = 'public' AND ${SCOPE} IS NOT NULL AND tabletop.is_open(campaign_id))
      );
      CREATE POLICY player_adds ON tabletop.object FOR INSERT TO ${app} WITH CHECK (owner_id = ${SCOPE} AND campaign_id = ANY (${PLAYERS}));
      CREATE POLICY player_writes ON tabletop.object FOR UPDATE TO ${app}
        USING ((owner_id = ${SCOPE} AND campaign_id = ANY (${PLAYERS})) OR (deleted_at IS NULL AND campaign_id = ANY (${MEMBERS}) AND id = ANY (${granted(" AND g.level = 'write'")})))
        WITH CHECK ((owner_id = ${SCOPE} AND campaign_id = ANY (${PLAYERS})) OR (deleted_at IS NULL AND campaign_id = ANY (${MEMBERS}) AND id = ANY (${granted(" AND g.level = 'write'")})));
      CREATE POLICY platform_work ON tabletop.object TO ${system} USING (true);
      GRANT SELECT, INSERT, UPDATE ON tabletop.object TO ${app};
      GRANT SELECT, INSERT, UPDATE, DELETE ON tabletop.object TO ${system};

      -- What only some may know of an object that others see, a row per field; the value is sealed with the campaign's key.
      CREATE TABLE tabletop.secret (
        id uuid NOT NULL,
        campaign_id uuid NOT NULL,
        object_id uuid NOT NULL,
        field text NOT NULL,
        value bytea NOT NULL,
        shown_to uuid[] NOT NULL DEFAULT '{}',
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_secret PRIMARY KEY (id),
        CONSTRAINT uq_secret_field UNIQUE (object_id, field),
        CONSTRAINT fk_secret_object FOREIGN KEY (campaign_id, object_id) REFERENCES tabletop.object (campaign_id, id) ON DELETE CASCADE
      );
      CREATE INDEX ix_secret_campaign ON tabletop.secret (campaign_id, object_id);
      COMMENT ON TABLE tabletop.secret IS 'owner=none; erase=tabletop-campaigns';
      ALTER TABLE tabletop.secret ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY master_rows ON tabletop.secret TO ${app} USING (campaign_id = ANY (${MASTERS})) WITH CHECK (campaign_id = ANY (${MASTERS}));
      CREATE POLICY shown_reads ON tabletop.secret FOR SELECT TO ${app} USING (campaign_id = ANY (${MEMBERS}) AND ${SCOPE} = ANY (shown_to));
      CREATE POLICY platform_work ON tabletop.secret TO ${system} USING (true);
      GRANT SELECT, INSERT, UPDATE, DELETE ON tabletop.secret TO ${app};
      GRANT SELECT, UPDATE, DELETE ON tabletop.secret TO ${system};

      -- The campaign's own log. Values of secrets are never in it.
      CREATE TABLE tabletop.change (
        id bigint GENERATED ALWAYS AS IDENTITY,
        campaign_id uuid NOT NULL,
        object_id uuid,
        kind text NOT NULL,
        actor_id uuid,
        action text NOT NULL,
        before jsonb,
        after jsonb,
        request_id text,
        at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_change PRIMARY KEY (id),
        CONSTRAINT fk_change_campaign FOREIGN KEY (campaign_id) REFERENCES tabletop.campaign (id) ON DELETE CASCADE
      );
      CREATE INDEX ix_change_campaign ON tabletop.change (campaign_id, id);
      CREATE INDEX ix_change_object ON tabletop.change (object_id, id) WHERE object_id IS NOT NULL;
      CREATE INDEX ix_change_actor ON tabletop.change (actor_id) WHERE actor_id IS NOT NULL;
      COMMENT ON TABLE tabletop.change IS 'owner=none; erase=tabletop-campaigns';
      ALTER TABLE tabletop.change ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY master_reads ON tabletop.change FOR SELECT TO ${app} USING (campaign_id = ANY (${MASTERS}));
      CREATE POLICY member_adds ON tabletop.change FOR INSERT TO ${app} WITH CHECK (actor_id = ${SCOPE} AND campaign_id = ANY (${MEMBERS}));
      CREATE POLICY platform_work ON tabletop.change TO ${system} USING (true);
      GRANT SELECT, INSERT ON tabletop.change TO ${app};
      GRANT SELECT, INSERT, UPDATE (actor_id, before, after), DELETE ON tabletop.change TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE tabletop.change, tabletop.secret, tabletop.access_grant, tabletop.object');
  }
}
