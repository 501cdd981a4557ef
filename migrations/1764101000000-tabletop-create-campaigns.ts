import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";
const seats = (roles = ''): string =>
  `ARRAY(SELECT m.campaign_id FROM tabletop.membership m WHERE m.user_id = ${SCOPE} AND m.suspended_at IS NULL${roles})`;
const MASTERS = seats(" AND m.role = 'gm'");

export class TabletopCreateCampaigns1764101000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system, owner }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system, quote_ident(current_user) AS owner",
    )) as [{ app: string; system: string; owner: string }];
    await runner.query(`
      -- One order of all that changes in campaigns, for those who follow.
      CREATE SEQUENCE tabletop.change_seq AS bigint;
      GRANT USAGE ON SEQUENCE tabletop.change_seq TO ${app}, ${system};

      CREATE TABLE tabletop.campaign (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        name text NOT NULL,
        description text NOT NULL DEFAULT '',
        system text NOT NULL DEFAULT 'generic',
        language text NOT NULL DEFAULT 'en',
        tone jsonb NOT NULL DEFAULT '{}',
        calendar jsonb,
        change_days integer,
        ai_policy text NOT NULL DEFAULT 'off',
        has_exports boolean NOT NULL DEFAULT true,
        needs_approval boolean NOT NULL DEFAULT false,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        deleted_at timestamptz,
        CONSTRAINT pk_campaign PRIMARY KEY (id),
        CONSTRAINT ck_campaign_system CHECK (system = ANY (ARRAY['dnd5e'::text, 'generic'::text])),
        CONSTRAINT ck_campaign_language CHECK (language = ANY (ARRAY['en'::text, 'de'::text, 'es'::text, 'fr'::text, 'it'::text, 'nl'::text, 'pt'::text, 'simple'::text])),
        CONSTRAINT ck_campaign_ai_policy CHECK (ai_policy = ANY (ARRAY['off'::text, 'local'::text, 'any'::text])),
        CONSTRAINT ck_campaign_change_days CHECK (change_days >= 1)
      );
      CREATE INDEX ix_campaign_user ON tabletop.campaign (user_id, id);
      COMMENT ON TABLE tabletop.campaign IS 'owner=user; erase=tabletop-campaigns';

      -- Who sits at a campaign's table. Written by the platform's role alone, so that nobody seats themselves.
      CREATE TABLE tabletop.membership (
        campaign_id uuid NOT NULL,
        user_id uuid NOT NULL,
        role text NOT NULL,
        display_name text NOT NULL,
        joined_at timestamptz NOT NULL DEFAULT now(),
        suspended_at timestamptz,
        CONSTRAINT pk_membership PRIMARY KEY (campaign_id, user_id),
        CONSTRAINT fk_membership_campaign FOREIGN KEY (campaign_id) REFERENCES tabletop.campaign (id) ON DELETE CASCADE,
        CONSTRAINT ck_membership_role CHECK (role = ANY (ARRAY['gm'::text, 'player'::text, 'observer'::text]))
      );
      CREATE INDEX ix_membership_user ON tabletop.membership (user_id, campaign_id);
      COMMENT ON TABLE tabletop.membership IS 'owner=user; erase=tabletop-campaigns';

      ALTER TABLE tabletop.membership ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON tabletop.membership FOR SELECT TO ${app} USING (user_id = ${SCOPE});
      CREATE POLICY founding ON tabletop.membership FOR INSERT TO ${owner} WITH CHECK (role = 'gm');
      CREATE POLICY reading ON tabletop.membership FOR SELECT TO ${owner} USING (true);
      CREATE POLICY platform_work ON tabletop.membership TO ${system} USING (true);
      GRANT SELECT ON tabletop.membership TO ${app};
      GRANT SELECT, INSERT, UPDATE, DELETE ON tabletop.membership TO ${system};

      ALTER TABLE tabletop.campaign ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON tabletop.campaign TO ${app} USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
      CREATE POLICY member_reads ON tabletop.campaign FOR SELECT TO ${app} USING (id = ANY (${seats()}));
      CREATE POLICY master_writes ON tabletop.campaign FOR UPDATE TO ${app} USING (id = ANY (${MASTERS})) WITH CHECK (id = ANY (${MASTERS}));
      CREATE POLICY platform_work ON tabletop.campaign TO ${system} USING (true);
      CREATE POLICY reading ON tabletop.campaign FOR SELECT TO ${owner} USING (true);
      GRANT SELECT, INSERT ON tabletop.campaign TO ${app};
      GRANT UPDATE (name, description, system, language, tone, calendar, change_days, ai_policy, has_exports, needs_approval, version, updated_at)
        ON tabletop.campaign TO ${app};
      GRANT SELECT, UPDATE, DELETE ON tabletop.campaign TO ${system};

      -- Whoever founds a campaign is its first master, in the same statement.
      CREATE FUNCTION tabletop.seat_founder() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
      BEGIN
        INSERT INTO tabletop.membership (campaign_id, user_id, role, display_name) VALUES (NEW.id, NEW.user_id, 'gm', 'Game master');
        RETURN NULL;
      END $body$;
      REVOKE ALL ON FUNCTION tabletop.seat_founder() FROM PUBLIC;
      CREATE TRIGGER seat_founder AFTER INSERT ON tabletop.campaign FOR EACH ROW EXECUTE FUNCTION tabletop.seat_founder();

      -- All who sit at a table, for whoever sits there: a policy of the table itself cannot ask the table.
      CREATE FUNCTION tabletop.list_members(campaign uuid)
      RETURNS TABLE (user_id uuid, role text, display_name text, joined_at timestamptz)
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
        SELECT m.user_id, m.role, m.display_name, m.joined_at FROM tabletop.membership m
        WHERE m.campaign_id = campaign AND m.suspended_at IS NULL
          AND EXISTS (SELECT FROM tabletop.membership o WHERE o.campaign_id = campaign AND o.suspended_at IS NULL
                        AND o.user_id = nullif(current_setting('app.user_id', true), '')::uuid)
      $body$;
      REVOKE ALL ON FUNCTION tabletop.list_members(uuid) FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION tabletop.list_members(uuid) TO ${app};

      -- What is public in a campaign is so until the campaign is deleted; who does not sit there cannot look at that.
      CREATE FUNCTION tabletop.is_open(campaign uuid) RETURNS boolean
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
        SELECT EXISTS (SELECT FROM tabletop.campaign c WHERE c.id = campaign AND c.deleted_at IS NULL)
      $body$;
      REVOKE ALL ON FUNCTION tabletop.is_open(uuid) FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION tabletop.is_open(uuid) TO ${app};

      CREATE TABLE tabletop.invite (
        id uuid NOT NULL,
        campaign_id uuid NOT NULL,
        code_digest bytea NOT NULL,
        role text NOT NULL,
        most_uses integer NOT NULL,
        uses integer NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        CONSTRAINT pk_invite PRIMARY KEY (id),
        CONSTRAINT uq_invite_code UNIQUE (code_digest),
        CONSTRAINT fk_invite_campaign FOREIGN KEY (campaign_id) REFERENCES tabletop.campaign (id) ON DELETE CASCADE,
        CONSTRAINT ck_invite_role CHECK (role = ANY (ARRAY['gm'::text, 'player'::text, 'observer'::text])),
        CONSTRAINT ck_invite_uses CHECK (uses >= 0 AND uses <= most_uses)
      );
      CREATE INDEX ix_invite_campaign ON tabletop.invite (campaign_id, id);
      COMMENT ON TABLE tabletop.invite IS 'owner=none; erase=tabletop-campaigns';
      ALTER TABLE tabletop.invite ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY master_rows ON tabletop.invite TO ${app} USING (campaign_id = ANY (${MASTERS})) WITH CHECK (campaign_id = ANY (${MASTERS}));
      CREATE POLICY platform_work ON tabletop.invite TO ${system} USING (true);
      GRANT SELECT, INSERT, DELETE ON tabletop.invite TO ${app};
      GRANT SELECT, UPDATE, DELETE ON tabletop.invite TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE tabletop.invite, tabletop.membership, tabletop.campaign;
      DROP FUNCTION tabletop.seat_founder();
      DROP FUNCTION tabletop.list_members(uuid), tabletop.is_open(uuid);
      DROP SEQUENCE tabletop.change_seq;
    `);
  }
}
