import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";
const MASTERS = `ARRAY(SELECT m.campaign_id FROM tabletop.membership m WHERE m.user_id = ${SCOPE} AND m.suspended_at IS NULL AND m.role = 'gm')`;

export class TabletopCreateTables1764140000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- Rows of a table that are out until all have come. Rolled by players too, within tables that they must not see: for the platform alone.
      CREATE TABLE tabletop.table_deck (
        object_id uuid NOT NULL,
        campaign_id uuid NOT NULL,
        rows_digest text NOT NULL,
        drawn integer[] NOT NULL DEFAULT '{}',
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_table_deck PRIMARY KEY (object_id),
        CONSTRAINT fk_table_deck_object FOREIGN KEY (campaign_id, object_id) REFERENCES tabletop.object (campaign_id, id) ON DELETE CASCADE
      );
      CREATE INDEX ix_table_deck_campaign ON tabletop.table_deck (campaign_id, object_id);
      COMMENT ON TABLE tabletop.table_deck IS 'owner=none; erase=tabletop-campaigns';
      ALTER TABLE tabletop.table_deck ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY platform_work ON tabletop.table_deck TO ${system} USING (true);
      GRANT SELECT, INSERT, UPDATE, DELETE ON tabletop.table_deck TO ${system};

      -- What a generator has made, until a master takes it over or not. Its secrets are sealed with the campaign's key.
      CREATE TABLE tabletop.generation (
        id uuid NOT NULL,
        campaign_id uuid NOT NULL,
        kind text NOT NULL,
        seed text NOT NULL,
        inputs jsonb NOT NULL,
        engine text NOT NULL,
        engine_version text NOT NULL,
        audience text NOT NULL,
        state text NOT NULL,
        output jsonb NOT NULL,
        secrets bytea,
        made_by text NOT NULL,
        model text,
        fault text,
        job_id uuid,
        object_id uuid NOT NULL,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_generation PRIMARY KEY (id),
        CONSTRAINT fk_generation_campaign FOREIGN KEY (campaign_id) REFERENCES tabletop.campaign (id) ON DELETE CASCADE,
        CONSTRAINT ck_generation_kind CHECK (kind = ANY (ARRAY['npc'::text, 'location'::text, 'shop'::text, 'encounter'::text, 'loot'::text, 'hook'::text])),
        CONSTRAINT ck_generation_engine CHECK (engine = ANY (ARRAY['rules'::text, 'ai'::text])),
        CONSTRAINT ck_generation_made_by CHECK (made_by = ANY (ARRAY['rules'::text, 'model'::text])),
        CONSTRAINT ck_generation_audience CHECK (audience = ANY (ARRAY['gm'::text, 'party'::text])),
        CONSTRAINT ck_generation_state CHECK (state = ANY (ARRAY['pending'::text, 'draft'::text, 'accepted'::text, 'discarded'::text]))
      );
      CREATE INDEX ix_generation_campaign ON tabletop.generation (campaign_id, id);
      COMMENT ON TABLE tabletop.generation IS 'owner=none; erase=tabletop-campaigns';
      ALTER TABLE tabletop.generation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY master_rows ON tabletop.generation TO ${app} USING (campaign_id = ANY (${MASTERS})) WITH CHECK (campaign_id = ANY (${MASTERS}));
      CREATE POLICY platform_work ON tabletop.generation TO ${system} USING (true);
      GRANT SELECT, INSERT, UPDATE, DELETE ON tabletop.generation TO ${app};
      GRANT SELECT, UPDATE, DELETE ON tabletop.generation TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE tabletop.generation, tabletop.table_deck');
  }
}
