import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";
const seats = (roles = ''): string =>
  `ARRAY(SELECT m.campaign_id FROM tabletop.membership m WHERE m.user_id = ${SCOPE} AND m.suspended_at IS NULL${roles})`;
const MEMBERS = seats();
const MASTERS = seats(" AND m.role = 'gm'");

export class TabletopCreateImports1764150000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- A file that came into a campaign, and what became of it. Its bytes are sealed with the campaign's key, and go when it is worked through.
      CREATE TABLE tabletop.import (
        id uuid NOT NULL,
        campaign_id uuid NOT NULL,
        imported_by uuid,
        source text NOT NULL,
        kind text NOT NULL,
        file bytea,
        state text NOT NULL DEFAULT 'waiting',
        position integer NOT NULL DEFAULT 0,
        total integer,
        counts jsonb NOT NULL DEFAULT '{}',
        objects jsonb NOT NULL DEFAULT '[]',
        conflicts jsonb NOT NULL DEFAULT '[]',
        report jsonb,
        error text,
        job_id uuid,
        created_at timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz,
        CONSTRAINT pk_import PRIMARY KEY (id),
        CONSTRAINT fk_import_campaign FOREIGN KEY (campaign_id) REFERENCES tabletop.campaign (id) ON DELETE CASCADE,
        CONSTRAINT ck_import_source CHECK (source = ANY (ARRAY['dndbeyond'::text, 'foundry'::text, 'csv'::text, 'json'::text, 'obsidian'::text])),
        CONSTRAINT ck_import_state CHECK (state = ANY (ARRAY['waiting'::text, 'finished'::text, 'failed'::text]))
      );
      CREATE INDEX ix_import_campaign ON tabletop.import (campaign_id, id);
      CREATE INDEX ix_import_person ON tabletop.import (imported_by) WHERE imported_by IS NOT NULL;
      COMMENT ON TABLE tabletop.import IS 'owner=none; erase=tabletop-campaigns';
      ALTER TABLE tabletop.import ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY master_rows ON tabletop.import TO ${app} USING (campaign_id = ANY (${MASTERS})) WITH CHECK (campaign_id = ANY (${MASTERS}));
      CREATE POLICY own_imports ON tabletop.import TO ${app}
        USING (imported_by = ${SCOPE} AND campaign_id = ANY (${MEMBERS})) WITH CHECK (imported_by = ${SCOPE} AND campaign_id = ANY (${MEMBERS}));
      CREATE POLICY platform_work ON tabletop.import TO ${system} USING (true);
      GRANT SELECT, INSERT, UPDATE ON tabletop.import TO ${app};
      GRANT SELECT, UPDATE, DELETE ON tabletop.import TO ${system};

      -- Where an object came from: what the last import said of it, against which the next one is held, and the original for the way back.
      CREATE TABLE tabletop.import_source (
        id uuid NOT NULL,
        campaign_id uuid NOT NULL,
        object_id uuid NOT NULL,
        source text NOT NULL,
        source_key text NOT NULL,
        imported_by uuid,
        mapped bytea NOT NULL,
        original bytea,
        imported_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_import_source PRIMARY KEY (id),
        CONSTRAINT uq_import_source_object UNIQUE (object_id),
        CONSTRAINT fk_import_source_object FOREIGN KEY (campaign_id, object_id) REFERENCES tabletop.object (campaign_id, id) ON DELETE CASCADE
      );
      CREATE INDEX ix_import_source_key ON tabletop.import_source (campaign_id, source, source_key);
      CREATE INDEX ix_import_source_person ON tabletop.import_source (imported_by) WHERE imported_by IS NOT NULL;
      COMMENT ON TABLE tabletop.import_source IS 'owner=none; erase=tabletop-campaigns';
      ALTER TABLE tabletop.import_source ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY master_rows ON tabletop.import_source TO ${app} USING (campaign_id = ANY (${MASTERS})) WITH CHECK (campaign_id = ANY (${MASTERS}));
      CREATE POLICY own_imports ON tabletop.import_source TO ${app}
        USING (imported_by = ${SCOPE} AND campaign_id = ANY (${MEMBERS})) WITH CHECK (imported_by = ${SCOPE} AND campaign_id = ANY (${MEMBERS}));
      CREATE POLICY platform_work ON tabletop.import_source TO ${system} USING (true);
      GRANT SELECT, INSERT, UPDATE ON tabletop.import_source TO ${app};
      GRANT SELECT, UPDATE, DELETE ON tabletop.import_source TO ${system};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE tabletop.import_source, tabletop.import');
  }
}
