import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";
const seats = (roles = ''): string =>
  `ARRAY(SELECT m.campaign_id FROM tabletop.membership m WHERE m.user_id = ${SCOPE} AND m.suspended_at IS NULL${roles})`;
const MASTERS = seats(" AND m.role = 'gm'");
/** With its map alone: the subquery is under the policies of objects. */
const seesMap = (table: string): string =>
  `EXISTS (SELECT FROM tabletop.object o WHERE o.id = ${table}.map_id AND o.deleted_at IS NULL)`;

export class TabletopCreateBattleMaps1764131000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- What whoever sees a map sees of it. The picture is a file of whoever uploaded it: no foreign key, since it goes with them.
      CREATE TABLE tabletop.battle_map (
        map_id uuid NOT NULL,
        campaign_id uuid NOT NULL,
        file_id uuid NOT NULL,
        width_px integer NOT NULL,
        height_px integer NOT NULL,
        cell_px double precision NOT NULL,
        cell_distance double precision NOT NULL DEFAULT 5,
        distance_unit text NOT NULL DEFAULT 'ft',
        CONSTRAINT pk_battle_map PRIMARY KEY (map_id),
        CONSTRAINT fk_battle_map_map FOREIGN KEY (campaign_id, map_id) REFERENCES tabletop.object (campaign_id, id) ON DELETE CASCADE,
        CONSTRAINT ck_battle_map_size CHECK (width_px > 0 AND height_px > 0 AND cell_px > 0 AND cell_distance > 0)
      );
      CREATE INDEX ix_battle_map_campaign ON tabletop.battle_map (campaign_id, map_id);
      -- Where walls, doors and lights are: the masters' own, since secret doors are among them.
      CREATE TABLE tabletop.map_plan (
        map_id uuid NOT NULL,
        campaign_id uuid NOT NULL,
        walls jsonb NOT NULL,
        portals jsonb NOT NULL,
        lights jsonb NOT NULL,
        is_lit boolean NOT NULL,
        ambient_light text,
        CONSTRAINT pk_map_plan PRIMARY KEY (map_id),
        CONSTRAINT fk_map_plan_map FOREIGN KEY (campaign_id, map_id) REFERENCES tabletop.object (campaign_id, id) ON DELETE CASCADE
      );
      CREATE INDEX ix_map_plan_campaign ON tabletop.map_plan (campaign_id, map_id);
      CREATE TABLE tabletop.map_marker (
        id uuid NOT NULL,
        campaign_id uuid NOT NULL,
        map_id uuid NOT NULL,
        kind text NOT NULL,
        name text NOT NULL,
        note text NOT NULL DEFAULT '',
        object_id uuid,
        x double precision NOT NULL,
        y double precision NOT NULL,
        width double precision NOT NULL DEFAULT 1,
        height double precision NOT NULL DEFAULT 1,
        elevation double precision NOT NULL DEFAULT 0,
        rotation_deg double precision NOT NULL DEFAULT 0,
        is_hidden boolean NOT NULL DEFAULT true,
        foreign_id text NOT NULL,
        extra jsonb NOT NULL DEFAULT '{}',
        version integer NOT NULL DEFAULT 1,
        local_version integer NOT NULL DEFAULT 1,
        imported_version integer NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_map_marker PRIMARY KEY (id),
        CONSTRAINT uq_map_marker_foreign UNIQUE (map_id, kind, foreign_id),
        CONSTRAINT fk_map_marker_map FOREIGN KEY (campaign_id, map_id) REFERENCES tabletop.object (campaign_id, id) ON DELETE CASCADE,
        CONSTRAINT ck_map_marker_kind CHECK (kind = ANY (ARRAY['pin'::text, 'token'::text])),
        CONSTRAINT ck_map_marker_size CHECK (width > 0 AND height > 0)
      );
      CREATE INDEX ix_map_marker_map ON tabletop.map_marker (campaign_id, map_id, id);
    `);
    for (const table of ['battle_map', 'map_plan', 'map_marker'])
      await runner.query(`
        COMMENT ON TABLE tabletop.${table} IS 'owner=none; erase=tabletop-campaigns';
        ALTER TABLE tabletop.${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY master_rows ON tabletop.${table} TO ${app}
          USING (campaign_id = ANY (${MASTERS})) WITH CHECK (campaign_id = ANY (${MASTERS}));
        CREATE POLICY platform_work ON tabletop.${table} TO ${system} USING (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON tabletop.${table} TO ${app}, ${system};
      `);
    await runner.query(`
      CREATE POLICY member_reads ON tabletop.battle_map FOR SELECT TO ${app} USING (${seesMap('battle_map')});
      CREATE POLICY member_reads ON tabletop.map_marker FOR SELECT TO ${app} USING (NOT is_hidden AND ${seesMap('map_marker')});
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE tabletop.map_marker, tabletop.map_plan, tabletop.battle_map');
  }
}
