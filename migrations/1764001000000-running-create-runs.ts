import type { MigrationInterface, QueryRunner } from 'typeorm';

const SCOPE = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)";
const TABLES = ['run', 'run_tombstone', 'fix', 'folded_fixes', 'run_event', 'track'];

export class RunningCreateRuns1764001000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ app, system }] = (await runner.query(
      "SELECT quote_ident(current_user || '_app') AS app, quote_ident(current_user || '_system') AS system",
    )) as [{ app: string; system: string }];
    await runner.query(`
      -- Numbers of changes of runs. Whoever takes one holds its user's advisory lock until the end of the transaction, so that for each
      -- user the numbers become visible in their order.
      CREATE SEQUENCE running.run_change_seq AS bigint;
      GRANT USAGE ON SEQUENCE running.run_change_seq TO ${app}, ${system};

      -- privacy is what the runner chose for this run, visibility what holds: that choice, or else the profile's. What came from another
      -- provider is its owner's alone, whatever anybody writes. started_at holds whole milliseconds: pages of lists are cut by it.
      CREATE TABLE running.run (
        id uuid NOT NULL,
        user_id uuid NOT NULL,
        source text NOT NULL,
        external_id text,
        status text NOT NULL,
        title text,
        description text,
        sport text NOT NULL DEFAULT 'run',
        privacy text,
        visibility text NOT NULL,
        started_at timestamptz NOT NULL,
        finished_at timestamptz,
        time_zone text,
        last_seq integer,
        distance_m double precision,
        moving_time_s double precision,
        elapsed_time_s double precision,
        average_heart_rate_bpm double precision,
        max_heart_rate_bpm double precision,
        average_cadence_spm double precision,
        calories_kcal double precision,
        elevation_gain_m double precision,
        elevation_loss_m double precision,
        max_elevation_m double precision,
        min_elevation_m double precision,
        start_lat_deg double precision,
        start_lon_deg double precision,
        end_lat_deg double precision,
        end_lon_deg double precision,
        has_track boolean NOT NULL DEFAULT false,
        track_version integer NOT NULL DEFAULT 0,
        version integer NOT NULL DEFAULT 1,
        change_seq bigint NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_run PRIMARY KEY (id),
        CONSTRAINT uq_run_owner UNIQUE (user_id, id),
        CONSTRAINT uq_run_external UNIQUE (user_id, source, external_id),
        CONSTRAINT ck_run_source CHECK (source IN ('app', 'imported', 'strava')),
        CONSTRAINT ck_run_status CHECK (status IN ('recording', 'finished')),
        CONSTRAINT ck_run_privacy CHECK (privacy IN ('public', 'friends', 'private')),
        CONSTRAINT ck_run_visibility CHECK (visibility IN ('public', 'friends', 'private')),
        CONSTRAINT ck_run_provenance CHECK (source <> 'strava' OR visibility = 'private')
      );
      CREATE INDEX ix_run_started_at ON running.run (user_id, started_at, id);
      CREATE INDEX ix_run_change ON running.run (user_id, change_seq);
      CREATE INDEX ix_run_recording ON running.run (created_at) WHERE status = 'recording';

      -- What is left of a deleted run, for clients that were not there; for 30 days.
      CREATE TABLE running.run_tombstone (
        run_id uuid NOT NULL,
        user_id uuid NOT NULL,
        change_seq bigint NOT NULL,
        deleted_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_run_tombstone PRIMARY KEY (user_id, run_id)
      );
      CREATE INDEX ix_run_tombstone_change ON running.run_tombstone (user_id, change_seq);
      CREATE INDEX ix_run_tombstone_deleted_at ON running.run_tombstone (deleted_at);

      -- Fixes as the device numbered them, until the run is folded. No foreign key: it would look every fix's run up, and the one
      -- statement that inserts thousands of them has looked each run up once. Places have seven decimals, altitude, accuracy, speed and bearing one.
      CREATE TABLE running.fix (
        user_id uuid NOT NULL,
        run_id uuid NOT NULL,
        seq integer NOT NULL,
        at_ms bigint NOT NULL,
        lat_deg double precision,
        lon_deg double precision,
        altitude_m real,
        accuracy_m real,
        speed_mps real,
        bearing_deg real,
        heart_rate_bpm smallint,
        cadence_spm smallint,
        received_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_fix PRIMARY KEY (user_id, run_id, seq)
      );

      -- The same, packed, once the run was folded: what the track is made of, also when another fix comes late, and which numbers there are.
      CREATE TABLE running.folded_fixes (
        run_id uuid NOT NULL,
        user_id uuid NOT NULL,
        fix_count integer NOT NULL,
        seqs int4multirange NOT NULL,
        codec smallint NOT NULL,
        fixes bytea NOT NULL,
        CONSTRAINT pk_folded_fixes PRIMARY KEY (run_id),
        CONSTRAINT fk_folded_fixes_run FOREIGN KEY (user_id, run_id) REFERENCES running.run (user_id, id) ON DELETE CASCADE
      );
      CREATE INDEX ix_folded_fixes_owner ON running.folded_fixes (user_id, run_id);

      CREATE TABLE running.run_event (
        run_id uuid NOT NULL,
        kind text NOT NULL,
        seq integer NOT NULL,
        user_id uuid NOT NULL,
        at_ms bigint NOT NULL,
        received_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_run_event PRIMARY KEY (run_id, kind, seq),
        CONSTRAINT fk_run_event_run FOREIGN KEY (user_id, run_id) REFERENCES running.run (user_id, id) ON DELETE CASCADE,
        CONSTRAINT ck_run_event_kind CHECK (kind IN ('pause', 'resume', 'lap'))
      );
      CREATE INDEX ix_run_event_owner ON running.run_event (user_id, run_id);

      CREATE TABLE running.track (
        run_id uuid NOT NULL,
        user_id uuid NOT NULL,
        point_count integer NOT NULL,
        codec smallint NOT NULL,
        points bytea NOT NULL,
        pauses jsonb NOT NULL DEFAULT '[]',
        laps jsonb NOT NULL DEFAULT '[]',
        corrections jsonb NOT NULL DEFAULT '[]',
        version integer NOT NULL,
        CONSTRAINT pk_track PRIMARY KEY (run_id),
        CONSTRAINT fk_track_run FOREIGN KEY (user_id, run_id) REFERENCES running.run (user_id, id) ON DELETE CASCADE
      );
      CREATE INDEX ix_track_owner ON running.track (user_id, run_id);
    `);
    for (const table of TABLES)
      await runner.query(`
        COMMENT ON TABLE running.${table} IS 'owner=user; erase=running-runs';
        ALTER TABLE running.${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY own_rows ON running.${table} TO ${app} USING (user_id = ${SCOPE}) WITH CHECK (user_id = ${SCOPE});
        CREATE POLICY platform_work ON running.${table} TO ${system} USING (true);
        GRANT SELECT, INSERT, UPDATE, DELETE ON running.${table} TO ${app}, ${system};
      `);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES.toReversed()) await runner.query(`DROP TABLE running.${table}`);
    await runner.query('DROP SEQUENCE running.run_change_seq');
  }
}
