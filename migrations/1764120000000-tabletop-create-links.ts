import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";
const seats = (roles = ''): string =>
  `ARRAY(SELECT m.campaign_id FROM tabletop.membership m WHERE m.user_id = ${SCOPE} AND m.suspended_at IS NULL${roles})`;
const MEMBERS = seats();
const MASTERS = seats(" AND m.role = 'gm'");
const PLAYERS = seats(" AND m.role = 'player'");
const OWN = `ARRAY(SELECT o.id FROM tabletop.object o WHERE o.owner_id = ${SCOPE} AND o.deleted_at IS NULL)`;
/** What players write: links that begin at something of theirs. */
const PLAYED = `(campaign_id = ANY (${PLAYERS}) AND from_id = ANY (${OWN}))`;

export class TabletopCreateLinks1764120000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- What two objects of a campaign are to each other. It goes with either of them; while one is deleted it waits.
      CREATE TABLE tabletop.link (
        id uuid NOT NULL,
        campaign_id uuid NOT NULL,
        kind text NOT NULL,
        from_id uuid NOT NULL,
        to_id uuid NOT NULL,
        type text NOT NULL DEFAULT '',
        is_directed boolean NOT NULL DEFAULT true,
        strength smallint,
        distance_m double precision,
        travel_time_s double precision,
        details jsonb NOT NULL DEFAULT '{}',
        visibility text NOT NULL DEFAULT 'gm',
        shown_to uuid[] NOT NULL DEFAULT '{}',
        version integer NOT NULL DEFAULT 1,
        change_seq bigint NOT NULL DEFAULT nextval('tabletop.change_seq'),
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_link PRIMARY KEY (id),
        CONSTRAINT uq_link_campaign_id UNIQUE (campaign_id, id),
        CONSTRAINT fk_link_from FOREIGN KEY (campaign_id, from_id) REFERENCES tabletop.object (campaign_id, id) ON DELETE CASCADE,
        CONSTRAINT fk_link_to FOREIGN KEY (campaign_id, to_id) REFERENCES tabletop.object (campaign_id, id) ON DELETE CASCADE,
        CONSTRAINT ck_link_kind CHECK (kind = ANY (ARRAY['relationship'::text, 'edge'::text, 'appearance'::text, 'dependency'::text, 'ownership'::text,
          'visit'::text, 'mention'::text])),
        CONSTRAINT ck_link_visibility CHECK (visibility = ANY (ARRAY['gm'::text, 'party'::text, 'members'::text, 'public'::text])),
        CONSTRAINT ck_link_ends CHECK (from_id <> to_id),
        CONSTRAINT ck_link_strength CHECK (strength >= -100 AND strength <= 100),
        CONSTRAINT ck_link_lengths CHECK (distance_m >= 0 AND travel_time_s >= 0)
      );
      CREATE INDEX ix_link_from ON tabletop.link (campaign_id, from_id, kind);
      CREATE INDEX ix_link_to ON tabletop.link (campaign_id, to_id, kind);
      CREATE INDEX ix_link_kind ON tabletop.link (campaign_id, kind, id);
      -- Of these there is one between two objects, however often it is said.
      CREATE UNIQUE INDEX uq_link_pair ON tabletop.link (from_id, to_id, kind)
        WHERE kind = ANY (ARRAY['appearance'::text, 'dependency'::text, 'ownership'::text, 'mention'::text]);

      -- How a relation came to be what it is: each event says how it has stood since.
      CREATE TABLE tabletop.link_event (
        id uuid NOT NULL,
        campaign_id uuid NOT NULL,
        link_id uuid NOT NULL,
        happened_at timestamptz NOT NULL,
        world_date text,
        type text NOT NULL DEFAULT '',
        strength smallint,
        notes text NOT NULL DEFAULT '',
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_link_event PRIMARY KEY (id),
        CONSTRAINT fk_link_event_link FOREIGN KEY (campaign_id, link_id) REFERENCES tabletop.link (campaign_id, id) ON DELETE CASCADE,
        CONSTRAINT ck_link_event_strength CHECK (strength >= -100 AND strength <= 100)
      );
      CREATE INDEX ix_link_event_link ON tabletop.link_event (campaign_id, link_id, happened_at, id);
    `);
    for (const table of ['link', 'link_event'])
      await runner.query(`
        COMMENT ON TABLE tabletop.${table} IS 'owner=none; erase=tabletop-campaigns';
        ALTER TABLE tabletop.${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY master_rows ON tabletop.${table} TO ${app}
          USING (campaign_id = ANY (${MASTERS})) WITH CHECK (campaign_id = ANY (${MASTERS}));
        CREATE POLICY platform_work ON tabletop.${table} TO ${system} USING (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON tabletop.${table} TO ${app}, ${system};
      `);
    // Events are seen and added by whoever sees and changes their relation: the subquery is under its policies.
    await runner.query(`
      CREATE POLICY member_reads ON tabletop.link FOR SELECT TO ${app} USING (
        campaign_id = ANY (${MEMBERS}) AND (visibility IN ('party', 'public') OR ${SCOPE} = ANY (shown_to))
      );
      CREATE POLICY player_adds ON tabletop.link FOR INSERT TO ${app} WITH CHECK ${PLAYED};
      CREATE POLICY player_changes ON tabletop.link FOR UPDATE TO ${app} USING ${PLAYED} WITH CHECK ${PLAYED};
      CREATE POLICY player_removes ON tabletop.link FOR DELETE TO ${app} USING ${PLAYED};
      CREATE POLICY member_reads ON tabletop.link_event FOR SELECT TO ${app} USING (
        EXISTS (SELECT FROM tabletop.link l WHERE l.id = link_event.link_id));
      CREATE POLICY player_adds ON tabletop.link_event FOR INSERT TO ${app} WITH CHECK (
        campaign_id = ANY (${PLAYERS}) AND EXISTS (SELECT FROM tabletop.link l WHERE l.id = link_event.link_id AND l.from_id = ANY (${OWN})));
      CREATE POLICY player_removes ON tabletop.link_event FOR DELETE TO ${app} USING (
        campaign_id = ANY (${PLAYERS}) AND EXISTS (SELECT FROM tabletop.link l WHERE l.id = link_event.link_id AND l.from_id = ANY (${OWN})));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE tabletop.link_event, tabletop.link');
  }
}
