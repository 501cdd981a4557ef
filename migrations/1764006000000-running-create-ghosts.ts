import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";
const TABLES = ['ghost', 'ghost_source', 'ghost_curve'];

export class RunningCreateGhosts1764006000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      CREATE TABLE running.ghost (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        type text NOT NULL,
        name text NOT NULL,
        description text,
        category text,
        difficulty smallint,
        basis text NOT NULL,
        is_active boolean NOT NULL DEFAULT true,
        is_public boolean NOT NULL DEFAULT false,
        distance_m double precision NOT NULL,
        duration_s double precision NOT NULL,
        record_distance_m double precision,
        section_m double precision,
        route_id uuid,
        splits jsonb,
        source_ghost_id uuid,
        source_share_seq integer,
        share_seq integer NOT NULL DEFAULT 0,
        share_digest bytea,
        share_expires_at timestamptz,
        curve_state text NOT NULL DEFAULT 'waiting',
        curve_version integer,
        usage_count integer NOT NULL DEFAULT 0,
        beaten_count integer NOT NULL DEFAULT 0,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_ghost PRIMARY KEY (id),
        CONSTRAINT uq_ghost_owner UNIQUE (user_id, id),
        CONSTRAINT uq_ghost_share UNIQUE (share_digest),
        CONSTRAINT ck_ghost_type CHECK (type IN ('personal_record', 'past_run', 'custom_goal', 'shared', 'composite')),
        CONSTRAINT ck_ghost_category CHECK (category IN ('speed', 'endurance', 'interval', 'recovery')),
        CONSTRAINT ck_ghost_difficulty CHECK (difficulty >= 1 AND difficulty <= 5),
        CONSTRAINT ck_ghost_basis CHECK (basis IN ('route', 'distance')),
        CONSTRAINT ck_ghost_curve_state CHECK (curve_state IN ('waiting', 'ready', 'failed')),
        CONSTRAINT ck_ghost_size CHECK (distance_m > 0 AND duration_s > 0),
        -- What was taken over from somebody else is nobody's to pass on.
        CONSTRAINT ck_ghost_shared CHECK ((type = 'shared') = (source_ghost_id IS NOT NULL)
          AND (type <> 'shared' OR (NOT is_public AND share_digest IS NULL))),
        CONSTRAINT ck_ghost_share CHECK ((share_digest IS NULL) = (share_expires_at IS NULL))
      );
      CREATE INDEX ix_ghost_public ON running.ghost (id) WHERE is_public;
      CREATE INDEX ix_ghost_source_ghost ON running.ghost (source_ghost_id) WHERE source_ghost_id IS NOT NULL;

      -- Runs that a ghost is made of. A row stays when its run is gone: a ghost whose runs are not all there, and all recorded here or
      -- uploaded by their owner, is nobody else's. No foreign key, therefore.
      CREATE TABLE running.ghost_source (
        ghost_id uuid NOT NULL,
        position integer NOT NULL,
        user_id uuid NOT NULL,
        run_id uuid NOT NULL,
        from_ms double precision NOT NULL,
        to_ms double precision,
        track_version integer,
        CONSTRAINT pk_ghost_source PRIMARY KEY (ghost_id, position),
        CONSTRAINT fk_ghost_source_ghost FOREIGN KEY (user_id, ghost_id) REFERENCES running.ghost (user_id, id) ON DELETE CASCADE
      );
      CREATE INDEX ix_ghost_source_run ON running.ghost_source (run_id);
      CREATE INDEX ix_ghost_source_owner ON running.ghost_source (user_id, ghost_id);

      CREATE TABLE running.ghost_curve (
        ghost_id uuid NOT NULL,
        version integer NOT NULL,
        user_id uuid NOT NULL,
        rules_version smallint NOT NULL,
        curve bytea NOT NULL,
        built_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_ghost_curve PRIMARY KEY (ghost_id, version),
        CONSTRAINT fk_ghost_curve_ghost FOREIGN KEY (user_id, ghost_id) REFERENCES running.ghost (user_id, id) ON DELETE CASCADE
      );
      CREATE INDEX ix_ghost_curve_owner ON running.ghost_curve (user_id, ghost_id);
    `);
    for (const table of TABLES)
      await runner.query(`
        COMMENT ON TABLE running.${table} IS 'owner=user; erase=running-ghosts';
        ALTER TABLE running.${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY own_rows ON running.${table} TO ${app} USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
        CREATE POLICY platform_work ON running.${table} TO ${system} USING (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON running.${table} TO ${app}, ${system};
      `);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES.toReversed()) await runner.query(`DROP TABLE running.${table}`);
  }
}
