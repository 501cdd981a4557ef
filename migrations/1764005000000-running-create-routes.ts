import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";
const TABLES = ['route', 'route_shape', 'route_cell', 'run_route'];

export class RunningCreateRoutes1764005000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- A way that somebody runs. name is null until its owner gives one; what has none goes with its last run.
      CREATE TABLE running.route (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        name text,
        shape_version integer NOT NULL DEFAULT 1,
        kind text NOT NULL,
        lap_count integer NOT NULL,
        lap_distance_m double precision NOT NULL,
        retraced double precision NOT NULL,
        distance_m double precision NOT NULL,
        climb_m double precision,
        descent_m double precision,
        forward_level_m double precision NOT NULL,
        backward_level_m double precision NOT NULL,
        south_deg double precision NOT NULL,
        west_deg double precision NOT NULL,
        north_deg double precision NOT NULL,
        east_deg double precision NOT NULL,
        loops jsonb NOT NULL DEFAULT '[]',
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_route PRIMARY KEY (id),
        CONSTRAINT uq_route_owner UNIQUE (user_id, id),
        CONSTRAINT ck_route_kind CHECK (kind = ANY (ARRAY['laps'::text, 'out_and_back'::text, 'loop'::text, 'point_to_point'::text]))
      );

      -- Each way that a route has had, packed; races and caches name one by its version.
      CREATE TABLE running.route_shape (
        route_id uuid NOT NULL,
        version integer NOT NULL,
        user_id uuid NOT NULL,
        run_id uuid,
        distance_m double precision NOT NULL,
        places bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_route_shape PRIMARY KEY (route_id, version),
        CONSTRAINT fk_route_shape_route FOREIGN KEY (user_id, route_id) REFERENCES running.route (user_id, id) ON DELETE CASCADE
      );
      CREATE INDEX ix_route_shape_owner ON running.route_shape (user_id, route_id);

      -- Squares of a hundred metres that the current way of a route touches. Compared by equality alone, which row-level security lets
      -- an index answer; an overlap of arrays (GIN) would be looked at row by row behind the policy.
      CREATE TABLE running.route_cell (
        user_id uuid NOT NULL,
        cell bigint NOT NULL,
        route_id uuid NOT NULL,
        CONSTRAINT pk_route_cell PRIMARY KEY (user_id, cell, route_id),
        CONSTRAINT fk_route_cell_route FOREIGN KEY (user_id, route_id) REFERENCES running.route (user_id, id) ON DELETE CASCADE
      );
      CREATE INDEX ix_route_cell_route ON running.route_cell (user_id, route_id);

      -- What a run is to a route. is_main: the run is one of this route's runs; it has one such route at most. time_s is the elapsed
      -- time of the fastest passage, which the run was on from from_ms to to_ms.
      CREATE TABLE running.run_route (
        run_id uuid NOT NULL,
        route_id uuid NOT NULL,
        user_id uuid NOT NULL,
        relation text NOT NULL,
        direction text NOT NULL,
        is_main boolean NOT NULL,
        is_pinned boolean NOT NULL DEFAULT false,
        coverage double precision NOT NULL,
        route_coverage double precision NOT NULL,
        rotation_m double precision NOT NULL DEFAULT 0,
        passage_count integer NOT NULL,
        time_s double precision,
        moving_time_s double precision,
        from_ms double precision,
        to_ms double precision,
        track_version integer NOT NULL,
        shape_version integer NOT NULL,
        matched_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_run_route PRIMARY KEY (run_id, route_id),
        CONSTRAINT fk_run_route_run FOREIGN KEY (user_id, run_id) REFERENCES running.run (user_id, id) ON DELETE CASCADE,
        CONSTRAINT fk_run_route_route FOREIGN KEY (user_id, route_id) REFERENCES running.route (user_id, id) ON DELETE CASCADE,
        CONSTRAINT ck_run_route_relation CHECK (relation = ANY (ARRAY['same'::text, 'reversed'::text, 'contained'::text, 'contains'::text, 'overlapping'::text, 'different'::text])),
        CONSTRAINT ck_run_route_direction CHECK (direction = ANY (ARRAY['forward'::text, 'backward'::text])),
        CONSTRAINT ck_run_route_time CHECK ((time_s IS NULL) = (passage_count = 0))
      );
      CREATE UNIQUE INDEX uq_run_route_main ON running.run_route (run_id) WHERE is_main;
      CREATE INDEX ix_run_route_run ON running.run_route (user_id, run_id);
      CREATE INDEX ix_run_route_route ON running.run_route (user_id, route_id);
    `);
    for (const table of TABLES)
      await runner.query(`
        COMMENT ON TABLE running.${table} IS 'owner=user; erase=running-routes';
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
